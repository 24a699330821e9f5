#!/bin/bash
# What was once found by attacking the program, and mended: each by its name.
. "$(dirname "$0")/../hostile/common.sh"

results_go_through_descriptors_not_over_them() {
  records x >records.csv
  "${audit[@]}" rules.yaml records.csv --json wanted.json || complain 'no audit'
  local target before
  before=$(ls -l /dev/stdout)
  for target in - /dev/stdout /dev/fd/1 /proc/self/fd/1; do
    "${audit[@]}" rules.yaml records.csv --json $target >got.json 2>stderr || complain "$target: $(cat stderr)"
    cmp -s got.json wanted.json || complain "$target gives other bytes"
    tried=$((tried + 1))
  done
  "${audit[@]}" rules.yaml records.csv --json /dev/fd/7 7>got.json || complain 'descriptor 7'
  cmp -s got.json wanted.json || complain 'descriptor 7 gives other bytes'
  # The summary does not mingle with a result.
  "$evenhand" audit --as-of 2026-01-31 rules.yaml records.csv --json /dev/stdout >got.json 2>stderr
  cmp -s got.json wanted.json || complain 'the summary stands in a result'
  status_is 2 "${audit[@]}" rules.yaml records.csv --json /dev/stdout --cells -
  status_is 2 "${audit[@]}" rules.yaml records.csv --json /dev/fd/77
  status_is 2 "${audit[@]}" rules.yaml records.csv --json /dev/evenhand.json
  says_one_line "is the system's own place"
  status_is 2 "${audit[@]}" rules.yaml records.csv --json /proc/evenhand.json
  status_is 2 "${audit[@]}" rules.yaml records.csv --scorecards /dev/evenhand
  [ ! -e /dev/evenhand ] || complain 'a folder was made in /dev'
  [ "$before" = "$(ls -l /dev/stdout)" ] || complain "/dev/stdout was replaced"
}

links_are_refused() {
  records x >records.csv
  echo keep >kept
  ln -sf kept link.json
  status_is 2 "${audit[@]}" rules.yaml records.csv --json link.json
  says_one_line 'is a link'
  status_is 2 "$evenhand" init records.csv -o link.json --force
  [ -L link.json ] && [ "$(cat kept)" = keep ] || complain 'a link, or what it points to, was replaced'
  rm -rf cards && mkdir cards && ln -s ../kept cards/index.xlsx
  status_is 2 "${audit[@]}" rules.yaml records.csv --scorecards cards
  [ "$(ls cards)" = index.xlsx ] && [ "$(cat kept)" = keep ] || complain 'scorecards replaced a link'
}

# What is no UTF-8 is Windows-1252, as in files of records, and counted; or it is refused.
counts_in_other_encodings_are_told() {
  records x café >records.csv
  "${audit[@]}" rules.yaml records.csv --json wanted.json --cells cells.csv --no-reliability || complain 'no audit'
  sed $'s/\xc3\xa9/\xe9/' cells.csv >windows.csv
  status_is 0 "${audit[@]}" rules.yaml --from-cells windows.csv --json got.json --cells again.csv -o got.xlsx
  cmp -s cells.csv again.csv || complain 'cells in Windows-1252 are read otherwise'
  unzip -p got.xlsx xl/sharedStrings.xml | grep -q '180 records Windows-1252' || complain 'Windows-1252 is not told'
  sed $'s/\xc3\xa9/\x81/' cells.csv >bytes.csv
  status_is 1 "${audit[@]}" rules.yaml --from-cells bytes.csv --json none.json
  says_one_line 'bytes.csv:2: is text neither in UTF-8 nor in Windows-1252'
  sed $'s/\xc3\xa9/\\x00/' cells.csv >nul.csv
  status_is 1 "${audit[@]}" rules.yaml --from-cells nul.csv --json none.json
  says_one_line 'nul.csv:2: a NUL byte'
  [ ! -e none.json ] || complain 'a result was written'
}

repeated_cells_are_refused() {
  records x >records.csv
  "${audit[@]}" rules.yaml records.csv --cells cells.csv || complain 'no audit'
  { cat cells.csv; sed -n 3p cells.csv; } >twice.csv
  status_is 1 "${audit[@]}" rules.yaml --from-cells twice.csv
  says_one_line 'twice.csv:5: counts the same cell as line 3'
}

cells_that_disagree_are_told() {
  records x >records.csv
  sed 's/across: office/across: kind/' rules.yaml | tail -n 1 | cat rules.yaml - >two.yaml
  "${audit[@]}" two.yaml records.csv --cells cells.csv || complain 'no audit'
  status_is 0 "${audit[@]}" two.yaml --from-cells cells.csv --json report.json
  ! grep -q 'should be the same records' report.json || complain 'cells that agree are doubted'
  sed 3d cells.csv >short.csv
  status_is 0 "${audit[@]}" two.yaml --from-cells short.csv --json report.json
  says 'should be the same records' report.json
}

# SQLite keeps any bytes as text.
texts_of_databases_are_told() {
  odbcinst -q -d 2>/dev/null | grep -q SQLite3 && command -v sqlite3 >/dev/null || return 0
  local from='DRIVER=SQLite3;Database=records.db'
  records x >records.csv
  rm -f records.db none.json
  sqlite3 records.db -cmd '.mode csv' '.import records.csv records' || complain 'no database'
  status_is 0 "${audit[@]}" rules.yaml --from "$from" --table records --json report.json
  sqlite3 records.db "UPDATE records SET kind = CAST(x'636166e9' AS TEXT)"
  status_is 1 "${audit[@]}" rules.yaml --from "$from" --table records --json none.json -o none.xlsx
  says_one_line '`kind` has values that are no text in UTF-8'
  sqlite3 records.db "UPDATE records SET kind = 'a'; UPDATE records SET kind = 'a' || char(0) || 'b' WHERE id % 7 = 0"
  status_is 1 "${audit[@]}" rules.yaml --from "$from" --table records --json none.json
  says_one_line 'answers twice for one kind of case'
  [ ! -e none.json ] || complain 'a result was written'
}

# A name of 65,000 characters, of several kinds: no report fails, and the whole name stands in notes.
very_long_names_fail_no_report() {
  cat >long.yaml <<'RULES'
evenhand: 1
title: Long names
columns: {case: id}
individuals: []
similarly_situated: []
measures:
  yes: {event: result = 'Y'}
  kind: {category: kind}
comparisons:
  - {across: office}
  - {across: officer, each: office}
  - {across: officer, within: office}
RULES
  local letter
  for letter in x é '&' '😀' 'a ' '"'; do
    LETTER=$letter python3 >long.csv - <<'RECORDS'
import csv, os, sys
out, name = csv.writer(sys.stdout), os.environ["LETTER"] * 5000 + "END" + os.environ["LETTER"] * 60000
out.writerow(["id", "office", "officer", "kind", "result"])
for i in range(1, 361):
    office = f"office {i % 3}" if i % 3 else name
    out.writerow([i, office, f"o{i % 5}", "ab"[i % 7 == 0], "YN"[i % 15 == 0] if i % 3 == 0 else "NY"[i % 4 == 0]])
RECORDS
    rm -rf cards
    status_is 0 "${audit[@]}" long.yaml long.csv -o long.xlsx --json long.json --scorecards cards --reliability
    [ "$(ls cards | wc -l)" -eq 4 ] || complain "$letter: scorecards: $(ls cards)"
    status_is 0 "${audit[@]}" long.yaml long.csv --public -o public.xlsx --json public.json
    status_is 0 "$evenhand" profile --rules long.yaml long.csv -o profile.xlsx
    unzip -p long.xlsx 'xl/comments*' | grep -q END || complain "$letter: no note has the whole name"
    unzip -p cards/index.xlsx xl/sharedStrings.xml | grep -q '[0-9],00[0-9] characters' || complain "$letter: the index does not say how long the name is"
  done
}

compressed_files_are_told() {
  records x >records.csv
  "${audit[@]}" rules.yaml records.csv --json wanted.json --no-hash || complain 'no audit'
  gzip -c records.csv | gzip -c >twice.csv.gz
  status_is 1 "${audit[@]}" rules.yaml twice.csv.gz
  says_one_line 'is compressed twice'
  { gzip -c records.csv; head -c 70000 /dev/zero; } >padded.csv.gz
  status_is 0 "${audit[@]}" rules.yaml padded.csv.gz --json got.json --no-hash
  diff <(sed '/"inputs"/,/\]/d' wanted.json) <(sed '/"inputs"/,/\]/d' got.json) >/dev/null || complain 'a padded file is read otherwise'
  { gzip -c records.csv; echo junk; } >junk.csv.gz
  status_is 1 "${audit[@]}" rules.yaml junk.csv.gz
  says_one_line 'is damaged'
}

weak_keys_are_refused() {
  records x >records.csv
  sed 's/^columns/individuals: [office]\ncolumns/' rules.yaml >keyed.yaml
  local key
  for key in password12345678 abababababababababab 0123456789abcdef Passwort-Passwort-1; do
    (umask 077 && echo "$key" >weak.key)
    status_is 2 "${audit[@]}" keyed.yaml records.csv --pseudonyms weak.key --json none.json
    says_one_line 'openssl rand -hex 32'
  done
  (umask 077 && openssl rand -hex 32 >good.key)
  status_is 0 "${audit[@]}" keyed.yaml records.csv --pseudonyms good.key --json pseudonyms.json
}

# A file that may not grow stands for a full disk: one line says so, the library's own are not heard.
full_disks_take_one_line() {
  records x >records.csv
  local blocks
  for blocks in 1 8 16; do
    tried=$((tried + 1))
    (trap '' XFSZ; ulimit -f $blocks; "${audit[@]}" rules.yaml records.csv -o full.xlsx >stdout 2>stderr) && complain "a workbook within $blocks blocks"
    says_one_line 'full.xlsx'
    [ ! -e full.xlsx ] || complain 'half a workbook'
  done
}

# Two audits at once into one folder: it holds the scorecards of one of them.
scorecards_are_of_one_audit() {
  local i status
  records x >one.csv
  records x | sed 's/,Y$/,y/; s/,N$/,Y/; s/,y$/,N/' >two.csv
  "${audit[@]}" rules.yaml one.csv --scorecards one --no-hash && "${audit[@]}" rules.yaml two.csv --scorecards two --no-hash || complain 'no scorecards'
  for i in 1 2 3 4 5 6; do
    rm -rf both
    "${audit[@]}" rules.yaml one.csv --scorecards both --no-hash 2>stderr1 &
    status=0
    "${audit[@]}" rules.yaml two.csv --scorecards both --no-hash 2>stderr2 || status=$?
    [ $status -eq 0 ] || [ "$(wc -l <stderr2)" -eq 1 ] || complain "no clear line: $(cat stderr2)"
    wait $! || [ "$(wc -l <stderr1)" -eq 1 ] || complain "no clear line: $(cat stderr1)"
    diff -rq one both >/dev/null || diff -rq two both >/dev/null || complain "the scorecards of two audits are mixed: $(ls -A both)"
    tried=$((tried + 1))
  done
}

results_go_through_descriptors_not_over_them
compressed_files_are_told
weak_keys_are_refused
full_disks_take_one_line
scorecards_are_of_one_audit
links_are_refused
very_long_names_fail_no_report
counts_in_other_encodings_are_told
repeated_cells_are_refused
cells_that_disagree_are_told
texts_of_databases_are_told
echo "$tried tried"
exit $failed
