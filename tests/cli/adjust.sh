#!/bin/bash
# Rules with adjust_for: the same results from files on any number of threads, from cells and from a database; a unit that is
# refused says why; the weights listed make up the difference. UPDATE=1 takes what is printed now for what is expected.
set -eu
program=$(realpath "${EVENHAND:-build/release/evenhand}")
here=$(dirname "$0")/adjust
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Ten officers in each of two offices, whose cases differ; officer 3 releases more often, officer 19 sees cases of a kind of his own.
awk 'function draw() { seed = (seed * 16807) % 2147483647; return seed / 2147483647 }
     BEGIN {
       seed = 20260131
       print "id,decided,office,officer,stage,age_band,country,family,outcome"
       for (i = 1; i <= 6000; i++) {
         o = 1 + int(20 * draw()); lean = (o * 7 % 10) / 20
         stage = draw() < .5 ? "arrest" : "removal"
         age = draw() < .3 + lean ? "young" : draw() < .6 ? "middle" : "old"
         country = draw() < .7 - lean ? "north" : draw() < .5 ? "east" : "south"
         family = draw() < .4 ? "yes" : "no"
         if (o == 19 && draw() < .7) country = "west"
         if (o == 20 && draw() < .02) country = "west"
         p = .2 + .15 * (age == "young") + .2 * (family == "yes") + .1 * (stage == "arrest") + .25 * (o == 3)
         office = o > 10 ? "Reno" : "Waco"; outcome = draw() < p ? "released" : "detained"
         printf "%d,2015-%02d-%02d,%s,%d,%s,%s,%s,%s,%s\n", i, i % 12 + 1, i % 28 + 1, office, o, stage, age, country, family, outcome
       }
     }' >"$work/records.csv"

cp "$here/rules.yaml" "$work/rules.yaml"
# Before anybody audits: how many records keep peers.
(cd "$work" && "$program" check rules.yaml records.csv >checked.txt)

audit() { # NAME OPTIONS...: results under a name
  local name=$1
  shift
  mkdir "$work/now"
  "$program" audit "$here/rules.yaml" "$@" --as-of 2026-01-31 --no-reliability --json "$work/now/audit.json" --cells "$work/now/cells.csv" \
    -o "$work/now/audit.xlsx" >"$work/now/said.txt"
  mv "$work/now" "$work/$name"
}
audit 1 "$work/records.csv" --threads 1
for threads in 2 7; do
  audit $threads "$work/records.csv" --threads $threads
  diff -r "$work/1" "$work/$threads"
done

# Out of a database, and from cells: the same figures of every unit.
sqlite3 "$work/records.db" ".import --csv $work/records.csv records"
audit table --from "DRIVER=SQLite3;Database=$work/records.db" --table records
cmp "$work/1/cells.csv" "$work/table/cells.csv"
audit cells --from-cells "$work/1/cells.csv"
cmp "$work/1/cells.csv" "$work/cells/cells.csv"
figures() { grep -E '"(unit|expected|log10_p|effective_peers|testable|flagged|untestable_because)"' "$work/$1/audit.json"; }
for from in table cells; do diff <(figures 1) <(figures "$from"); done

# The contributions on the sheet of weights add up to the differences.
{
  cat "$work/checked.txt"
  sed '/^The workbook is in/d' "$work/1/said.txt"
  grep -E '"untestable_because"' "$work/1/audit.json"
  grep -A5 '"adjusted_for"' "$work/1/audit.json"
  python3 "$here/sum_weights.py" "$work/1/audit.xlsx" "$work/1/audit.json"
} >"$work/got.txt"
[ -z "${UPDATE:-}" ] || cp "$work/got.txt" "$here/expected.txt"
diff -u "$here/expected.txt" "$work/got.txt"

# Across the one column that a measure is adjusted for nobody is weighted: the figures are those without it.
sed -e 's/^adjust_for.*/adjust_for: [country]/' -e 's/{across: officer, within: office}/{across: country}/' "$here/rules.yaml" >"$work/adjusted.yaml"
sed '/^adjust_for/d' "$work/adjusted.yaml" >"$work/exact.yaml"
for rules in adjusted exact; do
  "$program" audit "$work/$rules.yaml" "$work/records.csv" --as-of 2026-01-31 --no-reliability --quiet --json "$work/$rules.json"
  sed -n '/"comparisons"/,$p' "$work/$rules.json" | sed '/definition_digest/d' >"$work/$rules.txt"
done
diff "$work/adjusted.txt" "$work/exact.txt"
