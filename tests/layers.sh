#!/bin/bash
# A file includes only from its own room or one before it, calls only what such a room defines, and each outside library stays in
# its place. A room is a folder of files; the door of a folder (engine/load, rules, reports) is a room of its own, before its rooms.
set -u
cd "$(dirname "$0")/.." || exit 1
rooms=(engine/base
  rules rules/language rules/evaluate rules/explain rules/read rules/sql
  engine/stats
  engine/load engine/load/containers engine/load/text engine/load/records engine/load/cells engine/load/find engine/load/survey engine/load/counts engine/load/database engine/load/origins
  engine/audit engine/audit/figures engine/audit/words engine/audit/kinds engine/audit/reliability engine/audit/monitoring engine/audit/progress engine/audit/definitions engine/audit/findings engine/audit/workload engine/audit/behind engine/audit/release engine/audit/followup
  reports reports/words reports/book reports/data reports/terminal reports/profile reports/release reports/followup reports/starter reports/workbook reports/package reports/scorecards
  fixtures engine/cli)
declare -A rank
for i in "${!rooms[@]}"; do rank[${rooms[$i]}]=$i; done
failed=0
say() { echo "$1"; failed=1; }

for folder in engine/* rules rules/* engine/*/* reports reports/* fixtures; do
  compgen -G "$folder/*.[ch]" >/dev/null || continue
  [ -n "${rank[$folder]:-}" ] || say "$folder: a room that the order of rooms does not name"
done
for room in "${rooms[@]}"; do
  while IFS=: read -r file line text; do
    included=$(sed -E 's/.*"([^"]+)".*/\1/' <<<"$text")
    other=${rank[$(dirname "$included")]:--1}
    if [ "$other" -lt 0 ]; then
      say "$file:$line: includes $included, which is in no room"
    elif [ "$other" -gt "${rank[$room]}" ]; then
      say "$file:$line: $room comes before $(dirname "$included") and must not include $included"
    fi
  done < <(grep -nE '^#include "' "$room"/*.[ch] 2>/dev/null)
done

# Calls, from the objects: a name is defined in one room, and used in that room or a later one.
objects=$(dirname "${EVENHAND:-build/release/evenhand}")
if command -v nm >/dev/null && [ -d "$objects/engine" ]; then
  names=$(mktemp) && trap 'rm -f "$names"' EXIT
  for i in "${!rooms[@]}"; do
    for source in "${rooms[$i]}"/*.c; do
      [ -f "$objects/${source%.c}.o" ] && nm -g "$objects/${source%.c}.o" | awk -v at="$i" -v file="$source" '{ print $NF, $(NF - 1), at, file }'
    done
  done >"$names"
  awk -v list="${rooms[*]}" '
    BEGIN { split(list, room, " ") }
    NR == FNR { if ($2 ~ /^[TDBRC]$/) { at[$1] = $3; by[$1] = $4 } next }
    $2 == "U" && $1 in at && at[$1] > $3 { print $4 ": calls " $1 " of " by[$1] ", which comes after it"; failed = 1 }
    END { exit failed }' "$names" "$names" || failed=1
fi

# library header, and the only folder or room that may use it
while read -r header only; do
  while IFS=: read -r file line _; do
    case $file in "$only"/*) ;; *) say "$file:$line: only $only may use <$header>" ;; esac
  done < <(grep -rnE --include='*.[ch]' "^#include <$header" engine rules reports fixtures)
done <<'LIST'
gsl/gsl_[a-df-z] engine/stats
xlsxwriter reports
csv.h engine/load
yaml.h rules
sql engine/load
expat.h engine/load/containers
minizip/ engine/load/containers
readstat.h engine/load/containers
zstd.h engine/load/containers
LIST
# The names of outside libraries stay out of public headers.
if grep -rnE --include='*.h' '^#include <(gsl|xlsxwriter|csv|yaml|jansson|sql|openssl|zlib|expat|minizip|readstat|zstd)' engine rules; then
  say "a header includes an outside library"
fi
[ "$failed" -eq 0 ] && echo "layers: in order"
exit "$failed"
