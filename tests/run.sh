#!/bin/bash
# Run test programs and scripts; print one line each, and the output of those that fail.
# A test that exits 77 was skipped and says why. --under COMMAND runs programs under a command.
set -u
under=
if [ "${1:-}" = --under ]; then
  under=$2
  shift 2
fi
passed=0 failed=0 skipped=0
out=$(mktemp)
trap 'rm -f "$out"' EXIT
for test in "$@"; do
  start=$(date +%s.%N)
  case $test in
    *.sh) bash "$test" >"$out" 2>&1 ;;
    *) $under "$test" >"$out" 2>&1 ;;
  esac
  status=$?
  time=$(printf '%.1f' "$(echo "$(date +%s.%N) - $start" | awk '{print $1 - $3}')")
  case $status in
    0) passed=$((passed + 1)); echo "ok       $test (${time} s)"; grep -a '^skipped:' "$out" ;;
    77) skipped=$((skipped + 1)); echo "skipped  $test: $(tail -n 1 "$out")" ;;
    *) failed=$((failed + 1)); echo "FAILED   $test"; cat "$out" ;;
  esac
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
