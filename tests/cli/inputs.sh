#!/bin/bash
# The same records twice: in the standard layout, and as three components would send them, with other
# headers, delimiters, dates, codes and columns. Cells and comparisons must be the same to the byte, on
# any number of threads; and what could not be mapped must be told. Of a repeated case the first in the files stays, so they are named
# in the order in which they were parted.
#   EVENHAND=... tests/cli/inputs.sh
# UPDATE=1 takes what is told now for what is expected; look at the difference.
set -eu
program=$(realpath "${EVENHAND:-build/release/evenhand}")
here=$(cd "$(dirname "$0")" && pwd)/inputs
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export LC_ALL=C

cat "$here/standard.yaml" "$here/common.yaml" >"$work/standard.yaml"
cat "$here/inputs.yaml" "$here/common.yaml" >"$work/inputs.yaml"
"$program" simulate --records 6000 --officers 60 --offices 6 --planted 4 --planted-effect 1.5 \
  --faults duplicates,repeated-persons,missing --seed 7 -o - | sed 's/"\([^",]*\),\([^"]*\)"/\1\2/' >"$work/all.csv"

# The fields of the standard layout: 1 case, 2 person, 3 component, 4 office, 5 officer, 6 encounter, 7 date,
# 9 outcome, 12 arrival, 14 history, 15 threat, 16 recent, 19 detained, 30 later offence.
awk -F, -v work="$work" '
  BEGIN {
    split("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec", months, " ")
    code["detained"] = "DET"; code["removed"] = "REM"
  }
  function us(day, d) { return split(day, d, "-") == 3 ? sprintf("%d/%d/%s", d[2], d[3], d[1]) : day }
  function words(day, d) { return split(day, d, "-") == 3 ? d[3] " " months[d[2] + 0] " " d[1] : day }
  function known(value) { return value == "" ? (NR % 2 ? "UNK" : "NULL") : value }
  NR == 1 {
    print "case_id,person_id,component,field_office,officer_id,encounter_date,decision_date,outcome,arrival_date,criminal_history,security_threat,recent_violation,detained,later_offence" >work "/standard.csv"
    print "AOR,Badge,Case No.,Decided,Processing Disposition,person_id,encounter_date,arrival_date,criminal_history,security_threat,recent_violation,detained,later_offence,note" >work "/ice-2014.csv"
    print "event;subject;when;field_office;officer_id;encounter_date;outcome;arrival_date;criminal_history;security_threat;recent_violation;detained;sector" >work "/border 1.txt"
    print "detained\tcase_id\tperson_id\tfield_office\tofficer_id\tencounter_date\tdecision_date\toutcome\tarrival_date\tcriminal_history\tsecurity_threat\trecent_violation\tlater_offence\tform" >work "/uscis.tsv"
    print "N\tT1\tT1\tBoston\tO9999\t2012-01-01\t2012-01-02\treleased\t2000-01-01\tnone\tN\tN\tY\ttest" >work "/uscis.tsv"
    next
  }
  {
    if ($3 == "CBP") $30 = ""
    print $1 "," $2 "," $3 "," $4 "," $5 "," $6 "," $7 "," $9 "," $12 "," $14 "," $15 "," $16 "," $19 "," $30 >work "/standard.csv"
  }
  $3 == "ICE" {
    outcome = $9 == "released" ? (NR % 3 ? "REL" : "Released - PD") : $9 in code ? code[$9] : known($9)
    print known($4) "," ($5 ~ /^O/ ? substr($5, 2) : known($5 == "UNK" ? "" : $5)) "," $1 "," us(known($7)) "," outcome "," known($2) "," us(known($6)) "," us(known($12)) "," known($14) "," known($15) "," known($16) "," known($19) "," known($30) ",n" NR >work "/ice-2014.csv"
  }
  $3 == "CBP" {
    held = $19 == "Y" ? 1 : $19 == "N" ? 0 : $19
    print $1 ";" $2 ";" words($7) ";" $4 ";" $5 ";" words($6) ";" ($9 == "notice to appear" ? "NTA" : $9) ";" words($12) ";" $14 ";" $15 ";" $16 ";" held ";x" >work "/border 1.txt"
  }
  $3 == "USCIS" {
    print $19 "\t" $1 "\t" $2 "\t" $4 "\t" $5 "\t" $6 "\t" $7 "\t" $9 "\t" $12 "\t" $14 "\t" $15 "\t" $16 "\t" $30 "\tI-821" >work "/uscis.tsv"
  }' "$work/all.csv"

# Half of one component compressed and in another file.
{ head -n 1 "$work/ice-2014.csv"; sed -n '1501,$p' "$work/ice-2014.csv"; } | gzip -n >"$work/ice-2.csv.gz"
sed -i '1501,$d' "$work/ice-2014.csv"

cd "$work"
mkdir out
audit() { # RULES NAME THREADS FILES...
  local rules=$1 name=out/$2 threads=$3
  shift 3
  "$program" audit "$rules.yaml" "$@" --as-of 2026-01-31 --threads "$threads" --json "$name.json" \
    --cells "$name.csv" -o "$name.xlsx" | sed '/^The workbook is in/d' >"$name.txt"
}
files=("uscis.tsv" "ice-2014.csv" "border 1.txt" "ice-2.csv.gz")
audit standard standard 2 standard.csv --no-reliability # of files unlike each other no columns are tried as explanations, either
audit inputs one 1 "${files[@]}"
audit inputs three 3 "${files[@]}"
for kind in json csv xlsx txt; do cmp "out/one.$kind" "out/three.$kind"; done

# The comparisons alone: the files differ, and the test record of the third component is read.
# What the sources' codes were made of is a part of what is compared.
comparisons() { sed -n '/^  "comparisons": \[/,/^  "tests"/p' "out/$1.json" | grep -v '"definition_digest"'; }
cmp out/standard.csv out/one.csv
cmp <(comparisons standard) <(comparisons one)
[ "$(comparisons one | grep -c '"flagged": true')" -ge 3 ]

# What is told: the summary's head, and what of the findings file is about sources.
{
  sed '/^$/,$d' out/one.txt
  sed -n '/^  "sources": \[/,/^  ]/p' out/one.json
  "$program" check inputs.yaml "${files[@]}"
} >out/told
[ -z "${UPDATE:-}" ] || cp out/told "$here/expected.txt"
diff -u "$here/expected.txt" out/told
