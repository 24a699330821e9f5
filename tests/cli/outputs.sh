#!/bin/bash
# What the results are held to: private, whole or not at all, the same to the byte however they were
# made, complete in their accounts; and that rule packs and the installation work.
set -u
cd "$(dirname "$0")/../.." || exit 1
root=$PWD
evenhand=${EVENHAND:?the program to test}
shared=$root/../shared/data
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
export LC_ALL=C
failed=0

complain() { echo "FAILED: $*"; failed=1; }
skip() { echo "skipped: $*"; }
expect() { # WHAT COMMAND...: the command succeeds
  local what=$1
  shift
  "$@" || complain "$what: $*"
}
same() { # WHAT FILE FILE
  cmp -s "$2" "$3" || complain "$1: $2 and $3 differ"
}
has_status() { # STATUS COMMAND...
  local wanted=$1 status=0
  shift
  "$@" >stdout 2>stderr || status=$?
  [ "$status" -eq "$wanted" ] || complain "exit status $status, not $wanted: $*: $(cat stderr)"
}
audit() { "$evenhand" audit --quiet --as-of 2026-01-31 "$@"; }

results_are_private() {
  umask 000
  expect simulate "$evenhand" simulate --records 3000 -o private.csv --truth truth.csv
  expect audit audit "$root/rules/template.yaml" private.csv -o private.xlsx --json private.json --cells cells.csv
  umask 022
  local file
  for file in private.csv truth.csv private.xlsx private.json cells.csv; do
    [ "$(stat -c %a "$file")" = 600 ] || complain "$file has mode $(stat -c %a "$file"), not 600"
  done
  [ -z "$(find . -name '*.??????' -newer private.csv -name '*.*.*')" ] || complain "temporary files are left"
}

# An earlier report survives whatever stops the next one, and nothing half-written stays.
old_results_survive() {
  mkdir survive && cd survive || return
  "$evenhand" simulate --records 3000 -o records.csv
  echo old | tee audit.xlsx >audit.json
  # A file may not grow beyond 8 KiB: the disk is full, in effect.
  has_status 3 bash -c "trap '' XFSZ; ulimit -f 8; exec '$evenhand' audit '$root/rules/template.yaml' records.csv -o audit.xlsx --json audit.json"
  grep -q 'audit\|disk\|too large' stderr || complain "a full disk is not explained: $(cat stderr)"
  # The workbook could be written, the JSON not: neither is replaced.
  has_status 3 bash -c "trap '' XFSZ; ulimit -f 600; exec '$evenhand' audit '$root/rules/template.yaml' records.csv -o audit.xlsx --json audit.json"
  # The same where nobody asked for the error: a file that may not grow further costs no more than a full disk.
  has_status 3 bash -c "ulimit -f 8; exec '$evenhand' audit '$root/rules/template.yaml' records.csv -o audit.xlsx --json audit.json"
  # One of two results cannot be written: what goes to standard output.
  "$evenhand" audit "$root/rules/template.yaml" records.csv -o audit.xlsx --json - >/dev/full 2>stderr
  [ $? -eq 3 ] || complain "a full standard output is no failure"
  grep -q '^evenhand: standard output: .*nothing was changed$' stderr || complain "a full standard output is not explained: $(cat stderr)"
  # Stopped while it reads.
  mkfifo pipe
  "$evenhand" audit "$root/rules/template.yaml" - -o audit.xlsx <pipe &
  local pid=$!
  exec 3>pipe
  head -n 100 records.csv >&3
  kill -TERM "$pid"
  wait "$pid"
  [ $? -eq 143 ] || complain "a terminated audit does not die of the signal"
  exec 3>&-
  for file in audit.xlsx audit.json; do
    [ "$(cat $file)" = old ] || complain "$file was replaced by a failed run"
  done
  rm -f stdout stderr pipe
  [ "$(ls | tr '\n' ' ')" = 'audit.json audit.xlsx records.csv ' ] || complain "left behind: $(ls | tr '\n' ' ')"
  cd ..
}

# Same records, same rules: same bytes, whatever the names of the results and on any number of threads.
results_are_reproducible() {
  "$evenhand" simulate --records 60000 --faults all --planted 5 --threads 1 -o records.csv
  "$evenhand" simulate --records 60000 --faults all --planted 5 --threads 2 -o again.csv
  same 'simulated on 1 and 2 threads' records.csv again.csv
  local threads
  for threads in 1 2 1again 2again; do
    expect audit audit --threads "${threads%again}" "$root/rules/dhs-priorities-2014.yaml" records.csv \
      -o "$threads.xlsx" --json "$threads.json" --cells "$threads.csv"
    same 'workbook' 1.xlsx "$threads.xlsx"
    same 'findings' 1.json "$threads.json"
    same 'cells' 1.csv "$threads.csv"
  done
  # The order of the records changes the findings in nothing, but that of one case's records of one day.
  { head -n 1 records.csv; tail -n +2 records.csv | sort -s -t, -k 7,7; } >sorted.csv
  audit "$root/rules/dhs-priorities-2014.yaml" records.csv --cells straight.csv
  audit "$root/rules/dhs-priorities-2014.yaml" sorted.csv --cells sorted-cells.csv
  same 'cells, whatever the order of the records' straight.csv sorted-cells.csv
}

# read = audited + excluded, and every line of the file is read.
# Whatever the results are called, they are the same to the byte; the command on the Method sheet names their kinds.
results_do_not_know_their_places() {
  local rules=$root/rules/ice-priorities-2011.yaml file
  mkdir "another place"
  expect audit audit "$rules" records.csv -o one.xlsx --json one.json --scorecards cards
  expect audit audit "$rules" records.csv --output="another place/two.xlsx" --json "another place/two.json" --scorecards "another place/of offices"
  same 'workbook elsewhere' one.xlsx "another place/two.xlsx"
  same 'findings elsewhere' one.json "another place/two.json"
  for file in cards/*.xlsx; do same 'scorecard elsewhere' "$file" "another place/of offices/${file#cards/}"; done
  unzip -p one.xlsx xl/sharedStrings.xml | grep -q ">evenhand audit .*--output FILE --json FILE --scorecards DIR $rules records.csv<" ||
    complain "the command line is not on the Method sheet, without the places of results"
}

accounts_add_up() {
  awk -v lines="$(($(wc -l <records.csv) - 1))" '
    function number(text) { gsub(/[^0-9]/, "", text); return text + 0 }
    /^  "records": \{/ { inside = 1 }
    inside && /^    "read":/ { read = number($0) }
    inside && /^    "audited":/ { audited = number($0) }
    inside && /^        "records":/ { excluded += number($0); reasons++ }
    /^  \}/ { inside = 0 }
    END {
      if (read != audited + excluded) { print "read " read ", audited " audited ", excluded " excluded; exit 1 }
      if (read > lines || read < lines * 0.99) { print read " records read from " lines " lines"; exit 1 }
      if (audited < 1000 || reasons < 4) { print "too easy: " audited " audited, " reasons " reasons"; exit 1 }
    }' 1.json || complain "the accounts do not add up"
}

packs_work() {
  local pack name
  for pack in "$root"/rules/*.yaml; do
    name=$(basename "$pack" .yaml)
    has_status 0 "$evenhand" check "$pack"
    has_status 0 "$evenhand" explain "$pack"
    case $name in
      ice-encounters-foia)
        [ -d "$shared/ice" ] || { skip "$name: its records are not in $shared/ice"; continue; }
        has_status 0 audit "$pack" "$shared/ice/ice_decisions_2016-11.csv" -o "$name.xlsx" ;;
      ice-encounters-foia-raw)
        [ -d "$shared/ice" ] || { skip "$name: its records are not in $shared/ice"; continue; }
        has_status 0 audit "$pack" "$shared/ice/ice_encounters_2016-10_2016-12.csv.gz" -o "$name.xlsx" ;;
      *)
        has_status 0 "$evenhand" check "$pack" records.csv
        has_status 0 audit "$pack" records.csv -o "$name.xlsx" ;;
    esac
  done
}

# The export as ICE released it and the file of decisions made from it give the same findings.
raw_export_agrees() {
  [ -d "$shared/ice" ] || { skip "ICE's raw export against its decisions: no records in $shared/ice"; return; }
  sed 's/^similarly_situated:.*/similarly_situated: [citizenship_group, gender]/' \
    "$root/rules/ice-encounters-foia.yaml" >decisions.yaml
  # Each has columns of its own, which are not tried as explanations here, and rules of its own.
  audit decisions.yaml "$shared/ice/ice_decisions_2016-10_2016-12.csv.gz" --no-reliability --json decisions.json --cells decisions.csv
  audit "$root/rules/ice-encounters-foia-raw.yaml" "$shared/ice/ice_encounters_2016-10_2016-12.csv.gz" --no-reliability --json raw.json --cells raw.csv
  same 'cells of the raw export' decisions.csv raw.csv
  local from
  for from in decisions raw; do
    grep -q '"audited": 42799,' "$from.json" || complain "$from: not 42,799 records"
    sed -n '/"definition_digest"/d; /^  "comparisons"/,/^  ]/p' "$from.json" >"$from.comparisons"
  done
  [ "$(wc -l <raw.comparisons)" -gt 500 ] || complain "the findings of the raw export are missing"
  same 'findings of the raw export' decisions.comparisons raw.comparisons
}

completes() { # OPTION: the words that complete its value
  bash -c '. image/usr/share/bash-completion/completions/evenhand; _evenhand_value "$1"' - "$1" | cut -d ' ' -f 2-
}

installation_works() {
  local variant
  variant=$(basename "$(dirname "$evenhand")")
  [ "$evenhand" -ef "$root/build/$variant/evenhand" ] || { skip "installation: $evenhand is not in the build folder"; return; }
  unset MAKEFLAGS MFLAGS MAKELEVEL
  local make=(make -s -C "$root" VARIANT="$variant" DESTDIR="$work/image" PREFIX=/usr)
  has_status 0 "${make[@]}" install
  local file
  for file in bin/evenhand share/man/man1/evenhand.1 share/bash-completion/completions/evenhand \
    share/evenhand/rules/template.yaml share/evenhand/rules/ice-priorities-2011.yaml; do
    [ -s "image/usr/$file" ] || complain "not installed: $file"
  done
  [ -x image/usr/bin/evenhand ] || complain "the installed program cannot be run"
  # It finds its packs where it was put, by name.
  has_status 0 image/usr/bin/evenhand check ice-priorities-2011 records.csv
  grep -q "^$work/image/usr/share/evenhand/rules/ice-priorities-2011.yaml: the rules are sound" stdout ||
    complain "not the installed pack: $(cat stdout)"
  # Every pack is named in the manual and in the completion; so is every option of the help.
  for file in image/usr/share/evenhand/rules/*.yaml; do
    file=$(basename "$file" .yaml)
    grep -q "$file" image/usr/share/man/man1/evenhand.1 || complain "the manual does not name the pack $file"
    grep -q "$file" image/usr/share/bash-completion/completions/evenhand || complain "the completion does not name the pack $file"
  done
  for command in audit profile init template check explain sql simulate; do
    for option in $("$evenhand" help $command | grep -oE -- '--[a-z][a-z-]+' | sort -u); do
      grep -q -- "^\.It Fl \([a-z] , \)\?-${option#--}\( \|$\)" image/usr/share/man/man1/evenhand.1 || complain "the manual does not tell $option of $command"
      grep -q -- "$option" image/usr/share/bash-completion/completions/evenhand || complain "the completion does not know $option of $command"
    done
  done
  # What completes a value is what the program takes.
  [ "$(completes --dialect)" = "$("$evenhand" sql "$root/rules/template.yaml" --dialect none 2>&1 | sed -n 's/.*there are \(.*\) (see.*/\1/p' | tr -d ,)" ] ||
    complain "the completion of --dialect: $(completes --dialect)"
  [ "$(completes --faults)" = "$("$evenhand" simulate --faults gremlins -o x 2>&1 | sed -n 's/.*known are \(.*\) (see.*/\1/p' | tr -d ,)" ] ||
    complain "the completion of --faults: $(completes --faults)"
  expect completion bash -n image/usr/share/bash-completion/completions/evenhand
  [ "$(bash -c '. image/usr/share/bash-completion/completions/evenhand; COMP_WORDS=(evenhand si); COMP_CWORD=1; _evenhand; echo "${COMPREPLY[@]}"')" = simulate ] ||
    complain "si is not completed to simulate"
  has_status 0 "${make[@]}" uninstall
  [ -z "$(find image -type f)" ] || complain "uninstall leaves $(find image -type f | tr '\n' ' ')"
  [ ! -d image/usr/share/evenhand ] || complain "uninstall leaves share/evenhand"
}

# A ledger stands beside the findings, what waits first; it is never changed.
ledger_stands_beside_findings() {
  cat >ledger-rules.yaml <<'END'
evenhand: 1
title: On file
columns: {case: case_id, date: decision_date}
individuals: [officer_id]
similarly_situated: [criminal_history]
measures: {released: {event: outcome = 'released'}}
comparisons: [{across: officer_id, within: field_office}]
END
  expect simulate "$evenhand" simulate --records 20000 --planted 8 --planted-effect 2 --seed 7 -o on-file.csv
  audit ledger-rules.yaml on-file.csv --json on-file.json
  cp on-file.json old.json && sed -i 's/"as_of": "2026-01-31"/"as_of": "2025-01-31"/' old.json
  expect follow "$evenhand" follow old.json on-file.json --as-of 2026-01-31 --quiet --ledger-out ledger.csv
  python3 - <<'END'
import csv
rows = list(csv.DictReader(open("ledger.csv")))
assert len(rows) > 3, rows
rows[1].update(auditor_status="closed implemented", responsible="J. Doe")
rows[2].update(response_due="2025-03-01", response="")
with open("kept.csv", "w", newline="") as file:
    out = csv.DictWriter(file, rows[0].keys())
    out.writeheader()
    out.writerows(rows[1:])
open("first-unit", "w").write(rows[0]["unit"])
END
  cp kept.csv before.csv
  has_status 0 "$evenhand" audit ledger-rules.yaml on-file.csv --as-of 2026-01-31 --ledger kept.csv --json beside.json -o beside.xlsx
  same 'the ledger' before.csv kept.csv
  grep -q 'closed as implemented, but found again (J. Doe)' <(tr '\n' ' ' <stdout | sed 's/  */ /g') || complain "a closed finding that is there again is not told"
  python3 - <<'END' || complain "what is on file"
import json
audit = json.load(open("beside.json"))
on_file = audit["on_file"]
waits = [item["attention"] for item in on_file]
assert waits[0] == "closed as implemented, but found again" and "response due 2025-03-01" in waits, waits
assert waits == sorted(waits, key=lambda text: (text is None, text != waits[0])), waits
new = [item["unit"] for item in on_file if item["ledger"] is None]
assert new == [open("first-unit").read()], new
END
  expect sheet grep -q 'Auditor status' <(unzip -p beside.xlsx xl/sharedStrings.xml)
  openssl rand -hex 32 >key && chmod 600 key
  has_status 1 "$evenhand" audit ledger-rules.yaml on-file.csv --pseudonyms key --ledger kept.csv
  grep -q 'another key' stderr || complain "a ledger of another key: $(cat stderr)"
  has_status 2 "$evenhand" audit ledger-rules.yaml on-file.csv --public --ledger kept.csv
  has_status 2 "$evenhand" audit ledger-rules.yaml on-file.csv --ledger kept.csv --json kept.csv
}

ledger_stands_beside_findings
results_are_private
old_results_survive
results_are_reproducible
results_do_not_know_their_places
accounts_add_up
packs_work
raw_export_agrees
installation_works
exit "$failed"
