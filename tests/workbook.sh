#!/bin/bash
# Open each workbook (of audits, of profiles, the form for recording decisions) in LibreOffice and with openpyxl: sheets, tables,
# links, charts, figures against the findings file, the same bytes on any number of threads; and what would make Excel repair it.
# Simulated records always; those of ../shared/data where that folder is.
set -eu
cd "$(dirname "$0")/.."
program=${EVENHAND:-build/release/evenhand}
unfold=${UNFOLD:-build/release/tests/load/unfold}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0

convert() { # FORMAT FILE FOLDER
  timeout 200 soffice "-env:UserInstallation=file://$work/profile" --headless --convert-to "$1" --outdir "$3" "$2" \
    >"$work/soffice" 2>&1 && [ -s "$3/$(basename "${2%.*}").$1" ] || { cat "$work/soffice"; return 1; }
}

check() { # NAME CHECKER COMMAND...: what the command writes
  local name=$1 checker=$2 book=$work/$1.xlsx start=$SECONDS same=yes threads
  for threads in 2 3 1; do
    "$program" "${@:3}" -q --as-of 2026-01-31 --threads $threads -o "$book" --json "$work/$name.json"
    [ $threads -ne 2 ] || cp "$book" "$work/first.xlsx"
    cmp "$work/first.xlsx" "$book" || same=no
  done
  mkdir -p "$work/converted"
  if [ $same = yes ] && /usr/bin/python3 tests/excel.py "$book" && convert pdf "$book" "$work/converted" && convert xlsx "$book" "$work/converted" &&
    pdftotext -layout "$work/converted/$name.pdf" "$work/converted/$name.txt" &&
    /usr/bin/python3 "tests/$checker.py" "$book" "$work/$name.json" "$work/converted/$name.xlsx" "$work/converted/$name.txt"
  then echo "ok       workbook $name ($((SECONDS - start)) s)"; passed=$((passed + 1))
  else echo "FAILED   workbook $name"; failed=$((failed + 1)); fi
}

# Workbooks of other commands, and of offices: only what Excel would repair.
check_parts() { # NAME FILE...
  if /usr/bin/python3 tests/excel.py "${@:2}"; then echo "ok       workbook $1"; passed=$((passed + 1))
  else echo "FAILED   workbook $1"; failed=$((failed + 1)); fi
}

# What openpyxl writes, and LibreOffice writes again, comes out as it went in.
check_texts() { # SEED
  local start=$SECONDS book=$work/texts.xlsx
  if /usr/bin/python3 tests/workbook_texts.py "$1" "$book" "$work/texts.csv" && "$unfold" "$book" | cmp - "$work/texts.csv" &&
    mkdir -p "$work/again" && convert xlsx "$book" "$work/again" && "$unfold" "$work/again/texts.xlsx" | cmp - "$work/texts.csv" &&
    /usr/bin/python3 tests/workbook_texts.py "$1" "$book" "$work/texts.csv" plain &&
    convert ods "$book" "$work/again" && "$unfold" "$work/again/texts.ods" | cmp - "$work/texts.csv"
  then echo "ok       texts $1 ($((SECONDS - start)) s)"; passed=$((passed + 1))
  else echo "FAILED   texts $1"; failed=$((failed + 1)); fi
}

# A form filled by a field office is audited as the records it was filled from: as it is, saved again, saved as CSV.
check_form() {
  local start=$SECONDS rules=rules/ice-priorities-2011.yaml
  "$program" simulate --records 600 --officers 25 --offices 2 --seed 3 -o "$work/few.csv" >/dev/null
  "$program" template "$rules" --as-of 2026-01-31 -o "$work/form.xlsx" >/dev/null
  if /usr/bin/python3 tests/workbook_form.py "$work/form.xlsx" "$work/few.csv" "$work/filled.xlsx" &&
    convert csv "$work/filled.xlsx" "$work" &&
    "$program" audit -q --as-of 2026-01-31 "$rules" "$work/few.csv" --no-reliability --cells "$work/few.cells" &&
    "$program" audit -q --as-of 2026-01-31 "$rules" "$work/filled.csv" --no-reliability --cells "$work/filled.cells" &&
    [ "$(wc -l <"$work/few.cells")" -gt 100 ] && cmp "$work/few.cells" "$work/filled.cells" &&
    mkdir -p "$work/saved" && convert xlsx "$work/filled.xlsx" "$work/saved" && convert ods "$work/filled.xlsx" "$work/saved" &&
    for form in "$work/filled.xlsx" "$work/saved/filled.xlsx" "$work/saved/filled.ods"; do
      "$program" audit -q --as-of 2026-01-31 "$rules" "$form" --no-reliability --cells "$work/read.cells" &&
        cmp "$work/few.cells" "$work/read.cells" || break
    done
  then echo "ok       form ($((SECONDS - start)) s)"; passed=$((passed + 1))
  else echo "FAILED   form"; failed=$((failed + 1)); fi
}

audit() { # NAME RULES RECORDS [OPTION...]
  check "$1" workbook audit "${@:2}"
}
profile() { # NAME RECORDS...
  local name=$1
  shift
  check "$name" workbook_profile profile "$@"
}

"$program" simulate --records 20000 --planted 8 --planted-effect 1.2 --seed 7 -o "$work/records.csv" >/dev/null
"$program" simulate --records 20000 --faults all --seed 5 -o "$work/faulty.csv" >/dev/null
audit simulated rules/ice-priorities-2011.yaml "$work/records.csv"
# Every kind of measure, policies, a comparison repeated for each office, and records with faults.
"$program" simulate --records 12000 --officers 60 --planted 6 --planted-offices 2 --planted-effect 1.4 --faults all --seed 7 \
  -o "$work/kinds.csv" >/dev/null
audit kinds rules/template.yaml "$work/kinds.csv" --scorecards "$work/cards"
check_parts scorecards "$work"/cards/*.xlsx
# More cells than the workbook shows; no assessment of the records.
sed 's/^similarly_situated:.*/similarly_situated: [decision_point, age_band, residence, criminal_history, country]/' \
  rules/template.yaml >"$work/fine.yaml"
"$program" simulate --records 40000 --officers 120 --planted 30 --planted-effect 1.6 --seed 7 -o "$work/many.csv" >/dev/null
audit many "$work/fine.yaml" "$work/many.csv" --no-reliability
profile profile-sound "$work/records.csv"
profile profile-faulty "$work/faulty.csv" --rules rules/ice-priorities-2011.yaml
check_form
for seed in 1 2 3; do check_texts $seed; done
check_parts form "$work/form.xlsx"
data=../shared/data
if [ -d "$data" ]; then
  audit ice rules/ice-encounters-foia.yaml "$data/ice/ice_decisions_2016-10_2016-12.csv.gz"
  audit seattle tests/audit/seattle.yaml "$data/seattle/terry_stops_trimmed.csv"
  profile profile-seattle "$data/seattle/Terry_Stops_2017-10.csv.gz"
else
  echo "skipped: workbooks of the real records: there is no folder $data"
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
