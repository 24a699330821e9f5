#!/bin/bash
# gcc's analyser over every source of the program. A warning fails, unless tests/lint/analyzer.txt names it:
# "FILE -Wanalyzer-KIND" on a line, with the reason in a comment above.
set -u
cd "$(dirname "$0")/../.." || exit 1
log=$(mktemp)
trap 'rm -f "$log"' EXIT
find engine rules reports fixtures -name "*.c" | LC_ALL=C sort |
  xargs -P "$(nproc)" -I{} "${CC:-gcc}" -std=c11 -D_GNU_SOURCE -pthread -I. -DEH_VERSION='"0"' -DEH_DATADIR='"/"' -O1 \
    -fanalyzer -fdiagnostics-plain-output -c -o /dev/null {} 2>"$log"
grep -E 'error: |warning: .*\[(CWE|-Wanalyzer)' "$log" | sort -u | while IFS= read -r line; do
  file=${line%%:*}
  kind=$(grep -oE -- '-Wanalyzer-[a-z-]+' <<<"$line" | tail -n 1)
  grep -qxF "$file $kind" tests/lint/analyzer.txt || echo "$line"
done >"$log.new"
cat "$log.new"
[ ! -s "$log.new" ]
status=$?
rm -f "$log.new"
exit $status
