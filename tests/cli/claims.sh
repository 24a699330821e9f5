#!/bin/bash
# Records in which a report once said more than it could: what it says of them now, in the findings file and on the terminal.
set -u
cases=$(cd "$(dirname "$0")/../../.." && pwd)/shared/cases
[ -d "$cases" ] || { echo "no ../shared/cases here"; exit 77; }
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
failed=0

# audit RULES RECORDS: into $work/found.json and $work/said
audit() { "$EVENHAND" audit "$cases/$1" "$cases/$2" --as-of 2026-01-31 --json "$work/found.json" >"$work/said" 2>&1; }
# holds WHAT CONDITION: of the findings file; r(UNIT) is that unit's result, c the first comparison
holds() {
  python3 - "$work/found.json" "$2" <<'PY' || { echo "FAILED: $1"; failed=1; }
import json, sys
found = json.load(open(sys.argv[1]))
c = found["comparisons"][0]
near = lambda a, b: abs(a - b) < 1e-6 * max(1.0, abs(b))
def r(unit): return next(x for x in c["results"] if x["unit"] == unit)
sys.exit(0 if eval(sys.argv[2]) else 1)
PY
}

audit 33-headline-range/5_headline.yaml 33-headline-range/5_headline.csv
holds "the range of twelve offices" 'near(c["spread"]["typical_low"], .1656759446) and near(c["spread"]["typical_high"], .5520970204) and near(c["spread"]["tau"], .685622630125)'
holds "two offices differ, a third because of them" 'found["facts"] == 2 and r("Fir")["who"] == "peers" and r("Fir")["without"] == ["Rowan", "Yew"] and near(r("Fir")["p_without"], .05040674579)'
audit 34-no-unit-testable-and-a-range/7_sparse_null.yaml 34-no-unit-testable-and-a-range/7_sparse_null.csv
holds "no range where nobody has the records" 'not c["spread"]["shown"] and c["spread"]["typical_low"] is None'
audit 42-unrecorded-decisions/events.yaml 42-unrecorded-decisions/02_unrecorded.csv
holds "one unrecorded decision is enough" 'r("X")["flagged"] and r("X")["unrecorded"]["enough"] == 1 and near(r("X")["gamma"], 1.0085040832)'
audit 42-unrecorded-decisions/events.yaml 42-unrecorded-decisions/02_unrecorded_plus_one.csv
holds "with one more it is gone" 'not r("X")["flagged"]'
audit 43-against-the-typical-unit/events.yaml 43-against-the-typical-unit/03_three_units_against_typical.csv
holds "against the typical of three" 'near(r("U00")["versus_typical"]["estimate"], 2.233592221507) and found["facts"] == 1'
audit 43-against-the-typical-unit/events.yaml 43-against-the-typical-unit/03_big_unit_against_typical.csv
holds "against one that holds most" 'near(r("U01")["versus_typical"]["estimate"], -1.386294361120) and r("U00")["who"] == "unclear"'
audit 45-one-of-six-extreme/events.yaml 45-one-of-six-extreme/05_one_of_six_extreme.csv
holds "six findings, one fact" 'found["findings"] == 6 and found["facts"] == 1 and r("U00")["who"] == "unit" and r("U03")["who"] == "peers"'
grep -q '6 findings from 6 tests: 1 fact' "$work/said" || { echo "FAILED: the terminal counts facts"; failed=1; }
audit 46-before-and-after-counted-twice/07_before_after.yaml 46-before-and-after-counted-twice/07_before_after.csv
holds "ten offices, before and after" 'found["facts"] == 10 and all(x["who"] in ("pair", None) for k in found["comparisons"] for x in k["results"])'
audit 47-no-events/events.yaml 47-no-events/09_no_events.csv
holds "no events on either side" 'near(r("A")["difference"]["low"], -.0368128015) and near(r("A")["difference"]["high"], .0354601381)'
audit 48-a-mirror-that-is-none/events.yaml 48-a-mirror-that-is-none/06_mirror_that_is_none.csv
holds "a peer that does not mirror" 'r("A")["flagged"] and not r("B")["flagged"] and r("A")["unrecorded"]["enough"] == 48 and not any("mirrors" in x for x in r("A")["caveats"])'
audit 49-selected-by-the-officer/08_selection.yaml 49-selected-by-the-officer/08_selection.csv
holds "officers who differ only in whom they search" 'all(x["selection"]["caveat"] and x["level"] == "notable" for x in found["comparisons"][1]["results"] if x["flagged"]) and sum(x["flagged"] for x in found["comparisons"][1]["results"]) == 6'
holds "the share searched, of contraband among these and among all" '(lambda s, d: near(s["difference"], .2854545455) and near(d, -.1081587895) and near(s["all"]["difference"], .1046969697))(*[(x["selection"], x["difference"]["estimate"]) for x in found["comparisons"][1]["results"] if x["unit"] == "U00"][0])'
audit 50-made-by-time/2_new_words.yaml 50-made-by-time/2_new_words.csv
holds "an office that began late goes with time" 'r("Newbury")["within_time"]["outcome"] == "goes with time" and near(r("Newbury")["within_time"]["difference"], .0688977970) and near(r("Newbury")["within_time"]["p"], .06471604661) and r("Newbury")["level"] == "notable"'
"$EVENHAND" audit "$cases/50-made-by-time/2_new_words.yaml" "$cases/50-made-by-time/2_new_words.csv" >"$work/short"
diff <(sed '/^Decisions of/d; /^For the workbook/d' "$work/said") <(sed '/^Decisions of/d; /^For the workbook/d' "$work/short") || { echo "FAILED: the terminal says the same with and without a findings file"; failed=1; }
audit 31-which-record-of-a-repeated-case-stays/1_two_charges.yaml 31-which-record-of-a-repeated-case-stays/1_two_charges.csv
holds "the first line of a citation stays, whatever its charge" 'r("Ames")["events"] == 0 and r("Brook")["events"] == 200 and found["cases_repeated"] == {"rule": "first", "differing": 400}'
grep -q '400 records left out have the case number of a record that stays' "$work/said" || { echo "FAILED: the terminal tells of repeated cases"; failed=1; }
audit 41-mostly-zero-values/01_value_mostly_zero_null.yaml 41-mostly-zero-values/01_value_mostly_zero_null.csv
holds "values that are mostly zero" 'found["findings"] == 0 and near(r("U38")["p"], .00147240435891) and near(r("U9")["p"], .0372016006215) and near(min(x["q"] for x in c["results"] if x["q"] is not None), .05889617436)'
holds "a mean of one large value has no upper limit" 'near(r("U38")["value"]["difference"]["estimate"], 94.3919953326) and near(r("U38")["value"]["difference"]["low"], -4.52800466744) and r("U38")["value"]["difference"]["high"] is None'

# Decisions of one day, and of one person, that hang together; without a date, so that no quarter is taken out of them.
within() { sed "s/, person: person, date: day//; s/within: o}/within: o, dependent_within: [$1]}/" "$cases/44-decided-on-the-same-day/04_court_days.yaml" >"$work/named.yaml"; }
named() { "$EVENHAND" audit "$work/named.yaml" "$cases/44-decided-on-the-same-day/$1" --quiet --json "$work/found.json" || failed=1; }
few='found["findings"] == 0 and sum(x["dependence"]["independent"]["q"] <= .05 for x in c["results"])'
within "u, day"; named 04_court_days.csv
holds "six findings of twenty are made by days" "$few == 6"' and near(min(x["q"] for x in c["results"]), .4093964499)'
holds "an officer of ten days" 'near(r("U10")["p"], .0956228670343) and near(r("U10")["dependence"]["design_effect"], 2.79082573553) and near(r("U10")["dependence"]["df"], 222.653343374) and near(r("U10")["difference"]["low"], -.0277585122565) and near(r("U10")["difference"]["high"], .307918172422) and near(r("U10")["dependence"]["independent"]["low"], .039090901809)'
within person; named 04_persons_twice.csv
holds "two findings of twenty are made by persons" "$few == 2"' and near(min(x["q"] for x in c["results"]), .1150844212) and near(r("U10")["p"], .00575422106222) and near(r("U10")["dependence"]["df"], 3959.95335439)'

# Twenty times as many records: the intervals of a release say of all six that they differ.
awk -F, -v OFS=, 'NR == 1 { print; next } { for (i = 0; i < 20; i++) print $1 "x" i, $2, $3, $4 }' "$cases/45-one-of-six-extreme/05_one_of_six_extreme.csv" >"$work/many.csv"
sed '$a individuals: []' "$cases/45-one-of-six-extreme/events.yaml" >"$work/public.yaml"
"$EVENHAND" audit "$work/public.yaml" "$work/many.csv" --public --quiet --json "$work/found.json" || failed=1
python3 -c 'import json, sys
units = json.load(open(sys.argv[1]))["measures"][0]["units"]
sys.exit([u["finding"] for u in units] != ["higher"] + 5 * [""])' "$work/found.json" || { echo "FAILED: a release tells of a unit what only its peers do"; failed=1; }
exit $failed
