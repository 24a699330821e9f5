#!/bin/bash
# Pseudonyms leave no id in any output; a release has none at all; diagnostics quote no record.
set -u
cd "$(dirname "$0")/../.." || exit 1
root=$PWD
evenhand=${EVENHAND:?the program to test}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
export LC_ALL=C
rules=$root/rules/ice-priorities-2011.yaml
failed=0
complain() { echo "FAILED: $*"; failed=1; }
has_status() { # STATUS COMMAND...
  local wanted=$1 status=0
  shift
  "$@" >stdout 2>stderr </dev/null || status=$?
  [ "$status" -eq "$wanted" ] || complain "exit status $status, not $wanted: $*: $(cat stderr)"
}
says() { grep -q -- "$1" stderr || complain "it does not say '$1': $(cat stderr)"; }
audit() { "$evenhand" audit --as-of 2026-01-31 --no-hash "$@"; }
unpack() { # FOLDER FILE.xlsx...
  local folder=$1 file
  shift
  for file in "$@"; do
    mkdir -p "$folder/$(basename "$file")"
    unzip -qo "$file" -d "$folder/$(basename "$file")"
  done
}

"$evenhand" simulate --records 12000 --planted 8 --planted-effect 1.5 --seed 5 -o records.csv
tail -n +2 records.csv | cut -d, -f2,5 | tr , '\n' | sort -u | grep . >ids
tail -n +2 records.csv | cut -d, -f1 | sort -u >cases
(umask 077 && echo 'a key that nobody can guess: 4711' >key && echo 'another key, as long as that one' >other-key)

# --- pseudonyms ---

mkdir -p all
has_status 0 audit "$rules" records.csv --pseudonyms key --reliability -o all/audit.xlsx --json all/audit.json \
  --cells all/cells.csv --scorecards all/cards
cp stdout all/summary; cp stderr all/log
has_status 0 "$evenhand" profile --as-of 2026-01-31 --rules "$rules" records.csv --pseudonyms key -o all/profile.xlsx \
  --json all/profile.json
cp stdout all/profile-summary; cp stderr all/profile-log
unpack all/unpacked all/*.xlsx all/cards/*.xlsx
ls -R all >all/names
grep -rlFf ids all && complain "ids are in these"
grep -rlF -e 'nobody can guess' -e "$(printf 'a key that nobody can guess: 4711' | sha256sum | cut -d' ' -f1)" \
  -e "$(sha256sum <key | cut -d' ' -f1)" all && complain "the key is in these"
grep -qF "$(grep -o 'FY[0-9]*-[0-9]*' all/unpacked/audit.xlsx/xl/sharedStrings.xml | head -n 1)" cases ||
  complain "the files to read have no case numbers"
for kind in officer person; do
  grep -rqE "$kind-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}" all/unpacked/audit.xlsx ||
    complain "there are no pseudonyms of $kind"
done
for file in all/audit.xlsx all/audit.json all/cells.csv all/profile.xlsx all/profile.json all/cards/*; do
  [ "$(stat -c %a "$file")" = 600 ] || complain "$file has mode $(stat -c %a "$file")"
done

# The figures are those of the ids: the same cells, but for the names and their order.
audit "$rules" records.csv --quiet --cells plain.csv
across_officers() { grep ',officer_id,' "$1" | sed -E "s/,$2,/,X,/"; }
plain_counts=$(across_officers plain.csv 'O[0-9]+' | sort | sha256sum)
[ "$(across_officers plain.csv 'O[0-9]+' | wc -l)" -gt 1000 ] || complain "there are hardly any cells"
[ "$plain_counts" = "$(across_officers all/cells.csv 'officer-[0-9A-Z-]+' | sort | sha256sum)" ] ||
  complain "the cells differ by more than names"
# Units stand in the order of their pseudonyms, once for each of the measures.
grep ',officer_id,' all/cells.csv | grep -o 'officer-[^,]*' | awk '$0 < last { falls++ } { last = $0 } END { exit falls != 2 }' ||
  complain "units are not in the order of their pseudonyms"

# The same key gives the same pseudonyms, whatever reads the records; another key, others.
officers() { grep -o 'officer-[0-9A-Z]*-[0-9A-Z]*-[0-9A-Z]*' "$1" | sort -u; }
has_status 0 audit "$rules" --from-cells plain.csv --pseudonyms key --cells again.csv
cmp -s <(officers all/cells.csv) <(officers again.csv) || complain "cells have other pseudonyms than records"
has_status 0 audit "$rules" records.csv --quiet --pseudonyms other-key --cells other.csv
[ -z "$(comm -12 <(officers all/cells.csv) <(officers other.csv))" ] || complain "another key gives the same pseudonyms"
grep -qFf <(officers all/cells.csv) all/profile.json || complain "the profile has other pseudonyms than the audit"

# A column that only --pseudonyms needs, numbers as ids, and cases if the rules say so.
awk -F, -v OFS=, 'NR == 1 { print $0, "clerk" } NR > 1 { print $0, 770000 + NR % 97 }' records.csv >clerks.csv
sed 's/^individuals: .*/individuals: [officer_id, clerk, case]/' "$rules" >clerks.yaml
has_status 0 "$evenhand" profile --rules clerks.yaml clerks.csv --pseudonyms key --json clerks.json
cp stdout clerks.txt
grep -q '7700[0-9][0-9]' clerks.json clerks.txt && complain "clerks' numbers are in the profile"
has_status 0 audit clerks.yaml clerks.csv --pseudonyms key -o clerks.xlsx
unpack clerks clerks.xlsx
grep -rqFf cases clerks && complain "cases are in the workbook"
grep -q '> *case-[0-9A-Z]' clerks/clerks.xlsx/xl/sharedStrings.xml || complain "cases have no pseudonyms"

# What cannot be done is refused.
sed '/^individuals:/d' "$rules" >unnamed.yaml
has_status 2 audit unnamed.yaml records.csv --pseudonyms key
says 'individuals: \[officer_id\]'
has_status 2 audit unnamed.yaml records.csv --public
says 'individuals: \[officer_id\]'
sed "s/^  keep: .*/  keep: component = 'ICE' and officer_id != 'O0001'/" "$rules" >quoting.yaml
has_status 2 audit quoting.yaml records.csv --pseudonyms key
says 'quoting.yaml:[0-9]*:[0-9]*: the rules quote values of `officer_id`'
# Of a source laid out in its own way; what its rules quote is refused.
cat >sources.yaml <<'END'
evenhand: 1
title: A source
columns: {case: case_id, date: decision_date}
individuals: [clerk]
inputs:
  - {name: A, columns: {clerk: officer_id}}
measures:
  released:
    event: outcome = 'released'
comparisons:
  - {across: clerk, within: field_office}
END
has_status 0 audit sources.yaml records.csv --pseudonyms key --json sources.json -o sources.xlsx
unpack sources sources.xlsx
grep -rlFf <(grep O ids) sources sources.json && complain "ids of a source are in these"
sed 's/{clerk: officer_id}}/{clerk: officer_id}, recode: {clerk: {chief: [O0001]}}}/' sources.yaml >recoding.yaml
has_status 2 audit recoding.yaml records.csv --pseudonyms key
says 'recoding.yaml:[0-9]*:[0-9]*: the rules quote values of `clerk`'
sed 's/^individuals: .*/individuals: [oficer_id]/' "$rules" >slip.yaml
has_status 2 audit slip.yaml records.csv --pseudonyms key
says 'did you mean `officer_id`'
echo short >short
has_status 2 audit "$rules" records.csv --pseudonyms short -o none.xlsx
says 'holds no key'
[ -e none.xlsx ] && complain "a report without a key was written"
has_status 2 "$evenhand" profile records.csv --pseudonyms key
says 'needs --rules'
cp key open-key && chmod 644 open-key
has_status 0 audit "$rules" records.csv --quiet --pseudonyms open-key --cells open.csv
says 'others than its owner can read this key'
cmp -s open.csv all/cells.csv || complain "a copy of the key gives other pseudonyms"

# --- a release ---

mkdir public
has_status 0 audit "$rules" records.csv --public -o public/release.xlsx --json public/release.json
cp stdout public/summary
unpack public/unpacked public/release.xlsx
grep -rlFf ids -e records.csv public && complain "ids are in the release"
grep -rlFf cases public && complain "cases are in the release"
grep -rlE 'officer-|person-' public && complain "pseudonyms are in the release"
for file in public/release.xlsx public/release.json; do
  [ "$(stat -c %a "$file")" = 600 ] || complain "$file has mode $(stat -c %a "$file")"
done
grep -q '"unit": ' public/release.json || complain "the release shows no unit"
grep -E '"(records|events)": [0-9]+' public/release.json | grep -vE '[0-9]*0,?$' && complain "counts are not rounded"
audit "$rules" records.csv --public --threads 2 --quiet --json again.json
cmp -s again.json public/release.json || complain "the release depends on the threads"
has_status 0 audit "$rules" --from-cells plain.csv --public --json again.json
cmp -s again.json public/release.json || complain "the release out of cells is another one"
has_status 0 audit "$rules" records.csv --public --public-threshold 30 --json thirty.json
grep -q '"rounded_to": 50' thirty.json || complain "the threshold has no influence"
for wrong in '--cells x' '--scorecards x' '--pseudonyms key' '--reliability' '--public-threshold 2' '--public-threshold x'; do
  has_status 2 audit "$rules" records.csv --public $wrong
done
has_status 2 audit "$rules" records.csv --public-threshold 20
says 'goes with --public'

# Where nothing is across anything but individuals, no unit can be shown.
cat >individuals.yaml <<'END'
evenhand: 1
title: Officers alone
columns: {case: case_id}
individuals: [officer_id]
similarly_situated: [component]
measures:
  granted: {event: outcome = 'released'}
comparisons:
  - {across: officer_id, within: field_office}
END
has_status 0 audit individuals.yaml records.csv --public -o public/individuals.xlsx --json public/individuals.json
grep -q '"across": null' public/individuals.json ||
  complain "a release without units shows some"
unpack public/unpacked public/individuals.xlsx
grep -q 'no comparison of a yes/no measure' public/unpacked/individuals.xlsx/xl/sharedStrings.xml ||
  complain "the workbook does not say why it shows no unit"

# --- diagnostics ---

# Every column of a record holds a marker, then each in turn, then lines that are no records.
{
  head -n 30 records.csv
  sed -n 2,30p records.csv | awk -F, -v OFS=, '{ for (i = 1; i <= NF; i++) $i = "MARKER" i "-" NR; print }'
  sed -n 2p records.csv | awk -F, -v OFS=, '{ for (k = 1; k <= NF; k++) { split($0, f, ","); line = "";
    for (i = 1; i <= NF; i++) line = line (i > 1 ? "," : "") (i == k ? "MARKER" k : f[i]); print line } }'
  echo 'MARKER,MARKER'
  echo '"MARKER"MARKER,MARKER'
  printf 'MARKER%.0s,' $(seq 200); echo
  printf 'MARKER\377\376,MARKER\n'
  echo '"MARKER unclosed,MARKER'
} >marked.csv
tail -n +31 marked.csv >headless.csv
printf 'MARKER,\0\0MARKER\nMARKER\n' >binary.csv
for file in marked.csv headless.csv binary.csv; do
  for command in "audit $rules" "audit $rules --reliability --json x.json" "audit $root/rules/template.yaml --public" \
    "profile --rules $rules" 'profile' "check $rules" init; do
    "$evenhand" $command $file >stdout 2>stderr </dev/null
    [ $? -le 2 ] || complain "$command $file fails"
    grep -n MARKER stderr && complain "$command $file says so"
    case $command in
      audit* | check*) grep -n MARKER stdout | grep -v 'MARKER[0-9-]* differs' && complain "$command $file shows so" ;;
    esac
  done
done
# Records where the rules should be.
for command in check explain 'audit -o none.xlsx'; do
  "$evenhand" $command marked.csv headless.csv >stdout 2>stderr </dev/null && complain "$command takes records for rules"
  grep -n MARKER stdout stderr && complain "$command of records shows so"
  "$evenhand" $command headless.csv records.csv >stdout 2>stderr </dev/null && complain "$command takes records for rules"
  grep -n MARKER stdout stderr && complain "$command of records shows so"
done
# Starter rules go from hand to hand: no ids in them.
"$evenhand" init records.csv >starter.yaml 2>stderr
grep -nFf ids -e "$(head -n 1 cases)" starter.yaml stderr && complain "starter rules quote ids"
exit $failed
