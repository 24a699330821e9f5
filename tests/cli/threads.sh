#!/bin/bash
# Three threads give the bytes that one gives: every result, of plain, compressed and piped records, and of records simulated.
set -u
cd "$(dirname "$0")/../.." || exit 1
root=$PWD
evenhand=${EVENHAND:?the program to test}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failed=0
run() { # THREADS
  local rules=$root/rules/dhs-priorities-2014.yaml audit=("$evenhand" audit --quiet --as-of 2026-01-31 --threads "$1")
  mkdir "$1" now # reports carry the names of folders
  "$evenhand" simulate --records 20000 --faults all --planted 5 --seed 3 --threads "$1" -o "now/records.csv" || failed=1
  cp "now/records.csv" records.csv
  gzip -kfn records.csv
  "${audit[@]}" "$rules" records.csv -o "now/plain.xlsx" --json "now/plain.json" --cells "now/plain.csv" --scorecards "now/cards" || failed=1
  "${audit[@]}" --parser libcsv "$rules" records.csv.gz --json "now/packed.json" || failed=1
  cat records.csv | "${audit[@]}" "$rules" - -o "now/piped.xlsx" || failed=1
  "${audit[@]}" "$rules" --from-cells "now/plain.csv" -o "now/counts.xlsx" || failed=1
  "$evenhand" profile --as-of 2026-01-31 --threads "$1" records.csv -o "now/profile.xlsx" >"now/profile.txt" || failed=1
  mv now/* "$1/" && rmdir now
}
run 1
run 3
diff -r 1 3 || failed=1
[ "$(ls 1 | wc -l)" -ge 10 ] || failed=1
exit $failed
