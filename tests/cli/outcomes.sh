#!/bin/bash
# Simulated records, of which one office's encounters are moved a year back, audited on measures of
# a category and of a value: what is printed and what is written, against what was checked once.
# UPDATE=1 takes what is printed now for what is expected; look at the difference.
set -eu
program=${EVENHAND:-build/release/evenhand}
here=$(dirname "$0")/outcomes
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$program" simulate --records 8000 --officers 60 --offices 6 --planted 4 --planted-effect 1.5 \
  --seed 7 -o "$work/plain.csv"
# Two records say no day: their values are malformed.
awk -F, 'BEGIN { OFS = "," }
         NR > 1 && $4 == "Boston" { $6 = substr($6, 1, 4) - 1 substr($6, 5) }
         NR == 500 || NR == 900 { $6 = "soon" } 1' "$work/plain.csv" > "$work/records.csv"

audit() {
  "$program" audit "$here/rules.yaml" "$work/records.csv" --as-of 2026-01-31 --threads "$1" \
    -o "$work/$1.xlsx" --json "$work/$1.json" --cells "$work/$1.csv" > "$work/$1.txt"
}
audit 1
audit 3
cmp "$work/1.json" "$work/3.json"
cmp "$work/1.csv" "$work/3.csv"

# The summary; what is said of each office's days; the pooled tests; the malformed values; the
# records of each outcome, which must be all.
{
  sed '/^The workbook is in/d' "$work/1.txt"
  grep -o '"statement": ".* in days to decision: .*"' "$work/1.json"
  grep -o '"taken_together": [1-9][0-9]*' "$work/1.json" | sort | uniq -c
  grep -A2 '"values_malformed"' "$work/1.json"
  awk -F, '/^"disposition, across office"/ { n[$7] += $(NF - 1); all += $(NF - 1) }
           END { for (o in n) print o ": " n[o]; print "~ all: " all }' "$work/1.csv" | LC_ALL=C sort
} > "$work/got.txt"
[ -z "${UPDATE:-}" ] || cp "$work/got.txt" "$here/expected.txt"
diff -u "$here/expected.txt" "$work/got.txt"

# Out of a database the same; but such cells are not taken back.
sqlite3 "$work/records.db" ".import --csv $work/records.csv records"
"$program" audit "$here/rules.yaml" --from "DRIVER=SQLite3;Database=$work/records.db" --table records --quiet \
  --as-of 2026-01-31 --reliability --json "$work/table.json" --cells "$work/table.csv"
cmp "$work/1.csv" "$work/table.csv"
tests/databases/same.py "$work/1.json" "$work/table.json"
! "$program" audit "$here/rules.yaml" --from-cells "$work/1.csv" --quiet --json "$work/none.json" 2> "$work/error"
grep -q 'a measure of a category' "$work/error" && [ ! -e "$work/none.json" ]
