#!/bin/bash
# Open each workbook in LibreOffice and with openpyxl: sheets, tables, links, charts, figures against the findings file, the same
# bytes twice. Simulated records always; those of ../shared/data where that folder is.
set -eu
cd "$(dirname "$0")/.."
program=${EVENHAND:-build/release/evenhand}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0

convert() { # FORMAT FILE FOLDER
  timeout 200 soffice "-env:UserInstallation=file://$work/profile" --headless --convert-to "$1" --outdir "$3" "$2" \
    >"$work/soffice" 2>&1 && [ -s "$3/$(basename "${2%.*}").$1" ] || { cat "$work/soffice"; return 1; }
}

check() { # NAME RULES RECORDS
  local name=$1 book=$work/$1.xlsx start=$SECONDS
  local audit=("$program" audit -q --as-of 2026-01-31 "$2" "$3" -o "$book" --json "$work/$name.json")
  "${audit[@]}"
  mv "$book" "$work/first.xlsx"
  "${audit[@]}"
  mkdir -p "$work/converted"
  if cmp "$work/first.xlsx" "$book" && convert pdf "$book" "$work/converted" && convert xlsx "$book" "$work/converted" &&
    pdftotext -layout "$work/converted/$name.pdf" "$work/converted/$name.txt" &&
    /usr/bin/python3 tests/workbook.py "$book" "$work/$name.json" "$work/converted/$name.xlsx" "$work/converted/$name.txt"
  then echo "ok       workbook $name ($((SECONDS - start)) s)"; passed=$((passed + 1))
  else echo "FAILED   workbook $name"; failed=$((failed + 1)); fi
}

"$program" simulate --records 20000 --planted 8 --planted-effect 1.2 --seed 7 -o "$work/records.csv" >/dev/null
check simulated rules/ice-priorities-2011.yaml "$work/records.csv"
data=../shared/data
if [ -d "$data" ]; then
  check ice rules/ice-encounters-foia.yaml "$data/ice/ice_decisions_2016-10_2016-12.csv.gz"
  check seattle tests/audit/seattle.yaml "$data/seattle/terry_stops_trimmed.csv"
else
  echo "skipped: workbooks of the real records: there is no folder $data"
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
