#!/bin/bash
# Instructions for each further record, counted by callgrind: the work of reading, evaluating and grouping must not grow
# unseen. Counts do not depend on the machine's load; the limit leaves half as much again for other compilers.
set -u
limit=2500
command -v valgrind >/dev/null || { echo "valgrind is not installed"; exit 77; }
case ${EVENHAND:?} in */release/evenhand) ;; *) echo "only the release variant is counted"; exit 77 ;; esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
count() { # records
  build/bench/make_records "$1" >"$work/records.csv" &&
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$EVENHAND" audit tests/bench/few.yaml \
      "$work/records.csv" --threads 1 --no-hash --quiet 2>"$work/log" &&
    sed -n 's/.*Collected : \([0-9]*\).*/\1/p' "$work/log"
}
few=$(count 5000) many=$(count 25000)
[ -n "$few" ] && [ -n "$many" ] || { cat "$work/log"; exit 1; }
each=$(((many - few) / 20000))
echo "$each instructions for each further record; the limit is $limit"
[ "$each" -le "$limit" ]
