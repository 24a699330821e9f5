#!/bin/bash
# From findings to records, by the program itself: the same bytes on any number of threads and in any
# order of the records; scorecards that appear together or not at all.
set -u
cd "$(dirname "$0")/../.." || exit 1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failed=0
fail() { echo "$*"; failed=1; }
# The reliability sheets name lines, which stand elsewhere when the records do.
audit() { "$EVENHAND" audit --no-reliability rules/ice-priorities-2011.yaml "$@" --as-of 2026-01-31 --no-hash --quiet; }
part() { unzip -p "$1" "$2"; }

"$EVENHAND" simulate --records 20000 --planted 6 --planted-effect 1.5 --seed 3 -o "$folder/a.csv" ||
  fail "simulate failed"
(head -n 1 "$folder/a.csv" && tail -n +2 "$folder/a.csv" | sort -r) >"$folder/b.csv"
for threads in 1 2 3; do
  audit "$folder/a.csv" --threads $threads -o "$folder/audit$threads.xlsx" --scorecards "$folder/cards$threads" ||
    fail "an audit on $threads threads failed"
done
audit "$folder/b.csv" -o "$folder/other.xlsx" --scorecards "$folder/other" || fail "the other order failed"

# Sheets 4 to 7 (situations, similar cases, file sample, file results) and every text in them.
strings() { part "$1" xl/sharedStrings.xml | sed 's/<t>evenhand audit [^<]*//; s/<t>[^<]*[ab]\.csv<//g'; }
for other in audit2 audit3 other; do
  for sheet in 4 5 6 7; do
    cmp -s <(part "$folder/audit1.xlsx" xl/worksheets/sheet$sheet.xml) \
      <(part "$folder/$other.xlsx" xl/worksheets/sheet$sheet.xml) || fail "$other.xlsx differs in sheet $sheet"
  done
  cmp -s <(strings "$folder/audit1.xlsx") <(strings "$folder/$other.xlsx") || fail "$other.xlsx differs in its texts"
done
diff -rq "$folder/cards1" "$folder/cards2" || fail "scorecards differ with the number of threads"
diff -rq "$folder/cards1" "$folder/other" || fail "scorecards differ with the order of records"
[ -f "$folder/cards1/index.xlsx" ] || fail "there is no index"
part "$folder/audit1.xlsx" xl/worksheets/sheet7.xml | grep -q 'COUNTIFS' || fail "the results do not count"

# Nothing is written where a folder stands in the way, nor where the records are no good.
mkdir -p "$folder/blocked/index.xlsx"
audit "$folder/a.csv" --scorecards "$folder/blocked" 2>"$folder/error" && fail "a blocked folder was written"
[ "$(ls -A "$folder/blocked")" = index.xlsx ] || fail "a blocked folder holds scorecards"
audit "$folder/a.csv" --scorecards "$folder/a.csv" 2>"$folder/error" && fail "a file was taken for a folder"
echo "id" >"$folder/bad.csv"
audit "$folder/bad.csv" --scorecards "$folder/new" 2>"$folder/error" && fail "bad records were audited"
[ -e "$folder/new" ] && fail "a folder was made for nothing"
exit $failed
