#!/bin/bash
# Run test programs and scripts, as many at a time as there are processors; print one line each, in the order given, and the output
# of those that fail. A test that exits 77 was skipped and says why. --under COMMAND runs programs under a command.
set -u
under=
if [ "${1:-}" = --under ]; then
  under=$2
  shift 2
fi
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
trap 'kill $(jobs -p) 2>/dev/null; exit 130' INT TERM

# run NUMBER TEST: its output in NUMBER, and in NUMBER.end its status and its seconds.
run() {
  local start
  start=$(date +%s.%N)
  case $2 in
    *.sh) bash "$2" ;;
    *) $under "$2" ;;
  esac >"$results/$1" 2>&1 </dev/null
  echo "$? $(echo "$(date +%s.%N) - $start" | awk '{printf "%.1f", $1 - $3}')" >"$results/$1.part"
  mv "$results/$1.part" "$results/$1.end"
}

passed=0 failed=0 skipped=0
# report NUMBER TEST
report() {
  local status seconds
  read -r status seconds <"$results/$1.end"
  case $status in
    0) passed=$((passed + 1)); echo "ok       $2 ($seconds s)"; grep -a '^skipped:' "$results/$1" ;;
    77) skipped=$((skipped + 1)); echo "skipped  $2: $(tail -n 1 "$results/$1")" ;;
    *) failed=$((failed + 1)); echo "FAILED   $2"; cat "$results/$1" ;;
  esac
}

at_once=$(nproc) begun=0 reported=0
while [ "$reported" -lt $# ]; do
  while [ "$begun" -lt $# ] && [ "$(jobs -rp | wc -l)" -lt "$at_once" ]; do
    begun=$((begun + 1))
    run $begun "${!begun}" &
  done
  wait -n
  while next=$((reported + 1)) && [ -e "$results/$next.end" ]; do
    report $next "${!next}"
    reported=$next
  done
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
