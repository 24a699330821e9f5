#!/bin/bash
# Every allocation, read, write, rename and close of an audit failing in turn, and signals at odd moments: the outcome is always
# the whole report or the old one, the right exit status, one clear line, and no temporary file.
# FAULT_STEPS: how many failing calls of each kind to try at most (default 25).
set -u
cd "$(dirname "$0")/../.." || exit 1
evenhand=${EVENHAND:-build/release/evenhand}
steps=${FAULT_STEPS:-25}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
gcc -shared -fPIC -O1 -o "$work/shim.so" tests/faults/shim.c -ldl || exit 1
"$evenhand" simulate --records 3000 --offices 4 --officers 20 --planted 3 --planted-effect 2 --spread 0 -o "$work/records.csv" || exit 1
cat >"$work/rules.yaml" <<'RULES'
evenhand: 1
title: Faults
columns: {case: case_id, person: person_id, date: decision_date}
records: {one_per: person}
similarly_situated: [criminal_history]
measures:
  favourable:
    event: outcome in ('released', 'dismissed')
comparisons:
  - {across: officer_id, within: field_office}
RULES
mkdir "$work/out"
outputs=(report.xlsx report.json cells.csv)
audit() { # what runs under faults
  "$@" "$evenhand" audit "$work/rules.yaml" "$work/records.csv" --as-of 2026-01-31 --threads 1 --quiet \
    -o "$work/out/report.xlsx" --json "$work/out/report.json" --cells "$work/out/cells.csv"
}
reset_old() { for f in "${outputs[@]}"; do echo "old $f" >"$work/out/$f"; done; }
reset_old
audit env 2>"$work/err" || { cat "$work/err"; exit 1; }
mkdir "$work/good"
cp "$work/out"/* "$work/good/"
failed=0 tried=0
complain() { echo "$1: $2"; failed=1; }
check_outcome() { # what, exit status, whether the fault struck
  local whole=0 old=0 f
  for f in "${outputs[@]}"; do
    if cmp -s "$work/out/$f" "$work/good/$f"; then whole=$((whole + 1));
    elif [ "$(head -c 100 "$work/out/$f" 2>/dev/null)" = "old $f" ]; then old=$((old + 1));
    else complain "$1" "$f is neither the old nor the whole new file"; fi
  done
  case $2 in
    0) [ "$whole" -eq 3 ] || complain "$1" "exit 0, but $whole of 3 results" ;;
    1 | 2 | 3 | 13[0-9] | 143)
      [ "$2" -gt 3 ] || [ "$(grep -c '^evenhand: ' "$work/err")" -ge 1 ] || complain "$1" "exit $2 without a message" ;;
    *) complain "$1" "exit status $2: $(tail -n 3 "$work/err")" ;;
  esac
  [ "$(find "$work/out" -type f | wc -l)" -eq 3 ] || { complain "$1" "files left behind: $(ls "$work/out")"; find "$work/out" -type f -name "*.??????" -delete; }
}
for call in malloc read write fwrite fread fclose fflush fsync rename chmod mkostemp tmpfile fopen; do
  at=1 count=0
  while [ "$count" -lt "$steps" ]; do
    reset_old
    rm -f "$work/struck"
    audit env LD_PRELOAD="$work/shim.so" FAULT_CALL=$call FAULT_AT=$at FAULT_REPORT="$work/struck" TMPDIR="$work" >/dev/null 2>"$work/err"
    status=$?
    [ -e "$work/struck" ] || break
    check_outcome "$call $at" $status
    count=$((count + 1)) tried=$((tried + 1))
    # every call at first, then in growing steps
    at=$((at + 1 + (count > 20 ? at / 12 : 0)))
  done
done
for signal in INT TERM HUP KILL; do
  for delay in 0.005 0.01 0.02 0.03 0.04 0.06; do
    reset_old
    audit timeout -s $signal $delay >/dev/null 2>"$work/err"
    status=$?
    [ $signal = KILL ] && { find "$work/out" -type f -name "*.??????" -delete; }
    case $status in 124 | 137) status=143 ;; esac
    check_outcome "signal $signal after $delay s" $status
    tried=$((tried + 1))
  done
done
# A folder of scorecards: whole or not there at all.
for signal in INT TERM; do
  for delay in 0.005 0.01 0.02 0.03 0.04 0.05 0.07 0.1 0.15; do
    rm -rf "$work/out/cards"
    timeout -s $signal $delay "$evenhand" audit "$work/rules.yaml" "$work/records.csv" --quiet \
      --scorecards "$work/out/cards" >/dev/null 2>"$work/err"
    cards=$(find "$work/out/cards" 2>/dev/null | wc -l)
    [ "$cards" -eq 0 ] || [ "$cards" -eq 6 ] || complain "$signal after $delay s" "$(find "$work/out/cards" | tr '\n' ' ')"
    tried=$((tried + 1))
  done
done
echo "$tried faults tried"
exit $failed
