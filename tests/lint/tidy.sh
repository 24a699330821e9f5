#!/bin/bash
# clang-tidy over every source of the program, with the checks of .clang-tidy. A warning fails, unless tests/lint/tidy.txt names
# it: "FILE CHECK" on a line, with the reason in a comment above.
set -u
cd "$(dirname "$0")/../.." || exit 1
log=$(mktemp)
trap 'rm -f "$log" "$log".*' EXIT
tidy() { # LOG FILE...: each process writes its own
  local log=$1
  shift
  clang-tidy --quiet "$@" -- -std=c11 -D_GNU_SOURCE -pthread -I. -DEH_VERSION='"0"' -DEH_DATADIR='"/"' >"$log.$$" 2>/dev/null
  true
}
export -f tidy
find engine rules reports fixtures -name "*.c" | LC_ALL=C sort | xargs -P "$(nproc)" -n 6 bash -c 'tidy "$@"' tidy "$log"
cat "$log".* | grep -E '^[^ ]+:[0-9]+:[0-9]+: (warning|error): ' | sed "s|^$PWD/||; s|^\./||" | sort -u | while IFS= read -r line; do
  check=$(sed -E 's/.*\[([a-zA-Z0-9.-]+).*/\1/' <<<"$line")
  grep -qxF "${line%%:*} $check" tests/lint/tidy.txt || echo "$line"
done >"$log.new"
cat "$log.new"
[ ! -s "$log.new" ]
