#!/bin/bash
# Files that are no files, files made to fill the machine, and numbers and dates at the ends of what can be counted.
. "$(dirname "$0")/common.sh"

# --- what a name can stand for ---

odd_inputs_are_told() {
  records x >records.csv
  mkdir folder
  ln -s records.csv link.csv
  ln -s nowhere dangling.csv
  ln -s loop loop
  status_is 0 "${audit[@]}" rules.yaml link.csv --json report.json
  status_is 1 "${audit[@]}" rules.yaml folder
  says_one_line 'is a folder'
  status_is 1 "${audit[@]}" rules.yaml dangling.csv
  says_one_line 'cannot be opened'
  status_is 1 "${audit[@]}" rules.yaml loop
  says_one_line 'cannot be opened'
  status_is 2 "${audit[@]}" folder records.csv
  says_one_line 'is a folder'
  status_is 1 "${audit[@]}" rules.yaml /dev/null
  says_one_line 'is empty'
  status_is 1 "${audit[@]}" rules.yaml /dev/zero
  says_one_line 'holds NUL bytes'
  status_is 2 "${audit[@]}" /dev/zero records.csv
  status_is 2 "${audit[@]}" /dev/full records.csv
  status_is 1 "${audit[@]}" rules.yaml --from-cells /dev/null
  says_one_line 'is empty'
  status_is 1 "${audit[@]}" rules.yaml "$(printf 'x%.0s' {1..300})"
  says_one_line 'cannot be opened'
  status_is 1 "${audit[@]}" rules.yaml ''
  # A pipe with a name is read once, to its end.
  mkfifo pipe
  cat records.csv >pipe &
  status_is 0 "${audit[@]}" rules.yaml pipe --json piped.json -o piped.xlsx
  wait
  sed '/"inputs"/,/\]/d' report.json >a
  sed '/"inputs"/,/\]/d' piped.json >b
  [ "$(grep -c '"flagged"' a)" -eq "$(grep -c '"flagged"' b)" ] || complain 'a pipe gives other findings than its file'
}

odd_outputs_are_refused() {
  records x >records.csv
  echo keep >kept
  ln -sf kept link.xlsx
  local target
  for target in /dev/full /dev/null /dev/zero pipe folder folder/ nowhere/report.xlsx "$(printf 'x%.0s' {1..250}).xlsx"; do
    local status=0
    timeout 20 "${audit[@]}" rules.yaml records.csv -o "$target" >stdout 2>stderr || status=$?
    tried=$((tried + 1))
    case $status in 2 | 3) ;; *) complain "output $target: exit status $status: $(cat stderr)" ;; esac
    says_one_line 'evenhand'
  done
  [ -c /dev/full ] && [ -c /dev/null ] && [ -p pipe ] || complain 'a device or pipe was replaced'
  [ -z "$(find . -name '*.??????' -name '*.xlsx.*')" ] || complain "left behind: $(ls)"
  # Whether a link is meant or what it points to, nobody can tell.
  status_is 2 "${audit[@]}" rules.yaml records.csv -o link.xlsx
  says_one_line 'is a link'
  [ -L link.xlsx ] && [ "$(cat kept)" = keep ] || complain 'a link, or what it points to, was replaced'
  # Standard output that takes nothing.
  local what
  for what in --json --cells -o; do
    "${audit[@]}" rules.yaml records.csv $what - >/dev/full 2>stderr
    [ $? -eq 3 ] || complain "$what - into a full device is no failure"
    says_one_line 'standard output'
  done
  "$evenhand" audit rules.yaml records.csv >/dev/full 2>stderr
  [ $? -eq 3 ] || complain 'a summary into a full device is no failure'
  # The records as their own result, by another name.
  ln -sf records.csv alias.csv
  status_is 2 "${audit[@]}" rules.yaml records.csv --cells alias.csv
  ln -f records.csv hard.csv
  status_is 2 "${audit[@]}" rules.yaml records.csv --cells ./hard.csv
  status_is 2 "${audit[@]}" rules.yaml records.csv --cells folder/../records.csv
}

# --- made to fill the machine ---

# To put before a command: at most 600 MiB of addresses. (The sanitizers take more for themselves.)
confined=(bash -c 'ulimit -v 614400; exec "$@"' confined)
! "$evenhand" --version 2>&1 | grep -q Sanitizer && nm "$evenhand" 2>/dev/null | grep -q '__[at]san_init' && confined=()

traps_are_refused() {
  local i
  { printf 'a: &a [x,x,x,x,x,x,x,x,x]\n'; for i in b c d e f g h i; do printf '%s: &%s [*%s]\n' $i $i a; done; } >bomb.yaml
  status_is 2 "${confined[@]}" "$evenhand" check bomb.yaml
  says 'rules have no anchors' stderr
  head -c 500000 /dev/zero | tr '\0' '[' >deep.yaml
  status_is 2 "${confined[@]}" "$evenhand" check deep.yaml
  { cat rules.yaml | sed '/event/d'; printf '  yes: {event: "%s x = 1"}\n' "$(head -c 100000 /dev/zero | tr '\0' '(')"; } >nested.yaml
  status_is 2 "${confined[@]}" "$evenhand" check nested.yaml
  { sed '/event/d' rules.yaml; printf '  yes: {event: "%s x = 1"}\n' "$(yes not | head -n 30000 | tr '\n' ' ')"; } >nots.yaml
  status_is 2 "${confined[@]}" "$evenhand" check nots.yaml
  head -c 2000000 /dev/zero | tr '\0' '#' >large.yaml
  status_is 2 "${confined[@]}" "$evenhand" check large.yaml
  says 'over 1 MiB' stderr
  head -c 400000000 /dev/zero | gzip -9 >bomb.gz
  { echo 'id,office,kind,result'; yes 1,a,b,Y | head -c 400000000; } | gzip -9 >unfolds.csv.gz
  status_is 1 "${confined[@]}" "${audit[@]}" rules.yaml unfolds.csv.gz
  says_one_line 'unfolds to over 500 times its size'
  status_is 1 "${confined[@]}" "${audit[@]}" rules.yaml --from-cells unfolds.csv.gz
  status_is 1 "${confined[@]}" "${audit[@]}" rules.yaml bomb.gz
}

many_columns_are_read() {
  awk 'BEGIN {
    printf "id,office,kind,result"; for (c = 1; c <= 10000; c++) printf ",c%d", c; print ""
    for (i = 1; i <= 300; i++) { printf "%d,o%d,k,%s", i, i % 3, i % 2 ? "Y" : "N"; for (c = 1; c <= 10000; c++) printf ",%d", i % 7; print "" }
  }' >wide.csv
  status_is 0 "${audit[@]}" rules.yaml wide.csv --json report.json
  says '"audited": 300' report.json
  status_is 0 "$evenhand" check rules.yaml wide.csv
}

# 3,000 files of a few records each are as one, and take little more memory: all stay open.
many_files_are_read() {
  local most
  most=$(ulimit -H -n)
  [ "$most" = unlimited ] || [ "$most" -ge 3100 ] || { echo 'skipped: 3,000 files: so many may not be open here'; return; }
  mkdir many
  awk 'BEGIN {
    for (f = 1; f <= 3000; f++) {
      file = "many/" f ".csv"; print "id,office,kind,result" >file
      for (i = 1; i <= 3; i++) printf "%d-%d,o%d,k,%s\n", f, i, f % 3, (f + i) % 4 ? "N" : "Y" >file
      close(file)
    }
  }'
  awk 'FNR > 1 || NR == 1' many/*.csv >joined.csv
  local limits=(bash -c 'ulimit -S -n 1024; exec "$@"' limits)
  status_is 0 "${confined[@]}" "${limits[@]}" "${audit[@]}" rules.yaml many/*.csv --cells many-cells.csv -o many.xlsx
  status_is 0 "${audit[@]}" rules.yaml joined.csv --cells joined-cells.csv
  cmp -s many-cells.csv joined-cells.csv || complain 'many files give other cells than one'
  status_is 0 "${confined[@]}" "${limits[@]}" "$evenhand" profile many/*.csv --as-of 2026-01-31
  says '9,000 records read from 3,000 files' stdout
}

# --- at the ends of the numbers ---

cells_of() { # RECORDS EVENTS RECORDS EVENTS
  printf 'comparison,measure,across,unit,each,kind,records,events\n'
  printf 'yes across office,yes,office,a,,k,%s,%s\nyes across office,yes,office,b,,k,%s,%s\n' "$@"
}

sums_stay_exact() {
  cells_of 4294967295 5 1 1 >cells.csv # 2^32 - 1, and one more
  status_is 0 "${audit[@]}" rules.yaml --from-cells cells.csv --json report.json -o report.xlsx --cells again.csv
  says '"read": 4294967296' report.json
  tail -n 2 cells.csv >a
  tail -n 2 again.csv | sed 's/^"[^"]*"//' | cut -d, -f 7- >b
  cut -d, -f 7- a | cmp -s - b || complain 'counts change on their way through'
  local bad
  for bad in '4294967296 5 1 1' '1099511627776 5 1 1' '9007199254740992 5 1 1' '9007199254740993 5 1 1' '9223372036854775807 0 9223372036854775807 0' \
    '18446744073709551615 1 1 1' '18446744073709551616 1 1 1' '99999999999999999999999999 1 1 1'; do
    cells_of $bad >cells.csv
    status_is 1 "${audit[@]}" rules.yaml --from-cells cells.csv --json report.json
    says_one_line 'cells.csv:'
  done
  for bad in '-1 0 1 0' '0 0 1 0' '1 2 1 0' '1.5 1 1 0' '1e3 1 1 0' ' 1 x 1 0' '0x10 1 1 1' '+1 1 1 1'; do
    cells_of $bad >cells.csv
    status_is 1 "${audit[@]}" rules.yaml --from-cells cells.csv
    says 'cells.csv:2: has counts that are no cell' stderr
  done
  # Large counts take no longer than small ones, and what is said of them is finite.
  cells_of 4200000000 1600000000 4200000000 2100000000 >cells.csv
  status_is 0 "${audit[@]}" rules.yaml --from-cells cells.csv --json report.json -o report.xlsx
  ! grep -qiE '\b(nan|inf|infinity)\b' report.json || complain 'a figure is not finite'
}

dates_hold() {
  cat >dates.yaml <<'RULES'
evenhand: 1
title: Dates
columns: {case: id, date: day}
derive:
  month: {month: day}
  year: {fiscal_year: day}
similarly_situated: []
measures:
  yes: {event: result = 'Y'}
  age: {value: {years_between: [born, day]}}
comparisons:
  - {across: month, measure: yes}
  - {across: year, measure: yes}
RULES
  sed -i '/  age: /d' dates.yaml
  cat >dates.csv <<'RECORDS'
id,day,result
1,0000-01-01,Y
2,0000-02-29,Y
3,0001-01-01,Y
4,1900-02-29,Y
5,1900-03-01,N
6,2000-02-29,N
7,2023-02-29,Y
8,2024-02-29,N
9,9999-12-31,N
10,10000-01-01,N
11,-0001-01-01,N
12,2024-13-01,N
13,2024-04-31,Y
14,2024-00-10,Y
RECORDS
  status_is 0 "${audit[@]}" dates.yaml dates.csv --json dates.json -o dates.xlsx --cells dates-cells.csv
  # Five of the fourteen are days; year 0, 29 February where there is none, and the like are not.
  python3 -c 'import json; r = json.load(open("dates.json")); assert r["records"]["read"] == 14 and r["values_malformed"]["date"] == 9, r' || complain 'malformed dates are counted wrongly'
  local label
  for label in 0001-01 1900-03 2000-02 2024-02 9999-12 FY0001 FY2024 FY10000; do
    grep -q ",$label," dates-cells.csv || complain "no cell of $label"
  done
  status_is 0 "${audit[@]}" dates.yaml dates.csv --as-of 0001-01-01 -o dates.xlsx
  status_is 0 "${audit[@]}" dates.yaml dates.csv --as-of 9999-12-31 -o dates.xlsx
  status_is 2 "${audit[@]}" dates.yaml dates.csv --as-of 10000-01-01
  status_is 2 "${audit[@]}" dates.yaml dates.csv --as-of 2023-02-29
}

# Time zone and locale change nothing: no letter, no decimal point, no order.
places_change_nothing() {
  "$evenhand" simulate --records 3000 --planted 3 --seed 5 -o sample.csv
  export LOCPATH=$work/locales
  mkdir -p "$LOCPATH"
  local locale made=0
  for locale in tr_TR de_DE fr_FR hi_IN; do
    localedef -i $locale -f UTF-8 "$LOCPATH/$locale.UTF-8" 2>/dev/null && made=$((made + 1))
  done
  [ $made -gt 0 ] || echo 'skipped: no locale can be made here (Debian: locales)'
  run() { # NAME ENV...
    local name=$1
    shift
    env "$@" "${audit[@]}" "$root/rules/template.yaml" sample.csv -o $name.xlsx --json $name.json --cells $name.csv 2>$name.err || complain "$name: $(cat $name.err)"
    env "$@" "$evenhand" audit --as-of 2026-01-31 "$root/rules/template.yaml" sample.csv >$name.txt
    env "$@" "$evenhand" profile --as-of 2026-01-31 sample.csv >$name.profile
    env "$@" "$evenhand" explain "$root/rules/template.yaml" >$name.explain
    env "$@" "$evenhand" simulate --records 50 --seed 5 -o $name.simulated
    tried=$((tried + 5))
    local kind
    for kind in xlsx json csv txt profile explain simulated; do
      cmp -s plain.$kind $name.$kind || complain "$name: another $kind"
    done
  }
  run plain LC_ALL=C
  for locale in tr_TR de_DE fr_FR hi_IN; do
    run $locale LC_ALL=$locale.UTF-8 LANGUAGE=$locale
  done
  run kiritimati LC_ALL=C TZ=Pacific/Kiritimati
  run nowhere LC_ALL=nowhere TZ=nowhere/at-all
  run west LC_ALL=C TZ=XYZ+24
}

odd_inputs_are_told
odd_outputs_are_refused
traps_are_refused
many_columns_are_read
many_files_are_read
sums_stay_exact
dates_hold
places_change_nothing
echo "$tried commands tried"
exit "$failed"
