#!/bin/bash
# A database that dies at any question of an audit: every ODBC call fails in turn (of those in the thousands, some), and the
# outcome is one clear line, an exit status of failure, and no result; or, where the audit can do without, the whole results.
# FAULT_DATABASE and FAULT_TABLE: a connection and a table of records with the rules below (default: SQLite, own records).
# FAULT_COMMAND: what ends the server's session, instead of a call that fails. FAULT_STEPS: how many calls of each function.
# FAULT_CALLS: the functions (default: all). FAULT_ORDER: a column that tells which record of a case came first.
set -u
cd "$(dirname "$0")/../.." || exit 1
evenhand=${EVENHAND:-build/release/evenhand}
steps=${FAULT_STEPS:-8}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
gcc -shared -fPIC -O1 -o "$work/shim.so" tests/faults/odbc_shim.c -ldl || exit 1
own='' refused=0
if [ -z "${FAULT_DATABASE:-}" ]; then
  own=1
  "$evenhand" simulate --records 1500 --offices 4 --officers 12 --planted 3 --planted-effect 3 --spread 0 -o "$work/records.csv" >/dev/null || exit 1
  columns=$(head -n 1 "$work/records.csv" | sed -E 's/([^,]+)(,|$)/\1 text\2/g')
  sqlite3 "$work/records.db" "CREATE TABLE records ($columns)" '.mode csv' ".import --skip 1 $work/records.csv records" || exit 1
  FAULT_DATABASE="DRIVER=SQLite3;Database=$work/records.db" FAULT_TABLE=records
fi
cat >"$work/rules.yaml" <<'RULES'
evenhand: 1
title: Faults of databases
columns: {case: case_id, person: person_id, date: decision_date}
similarly_situated: [criminal_history]
measures:
  favourable:
    event: outcome in ('released', 'dismissed')
comparisons:
  - {across: officer_id}
RULES
[ -z "${FAULT_ORDER:-}" ] || echo "records: {order_by: $FAULT_ORDER}" >>"$work/rules.yaml"
audit() { # what runs under faults
  rm -rf "$work/out"
  mkdir "$work/out"
  "$@" "$evenhand" audit "$work/rules.yaml" --from "$FAULT_DATABASE" --table "$FAULT_TABLE" --as-of 2026-01-31 --threads 1 --quiet \
    --reliability -o "$work/out/report.xlsx" --json "$work/out/report.json" --cells "$work/out/cells.csv" --scorecards "$work/out/cards" \
    >/dev/null 2>"$work/err"
}
failed=0 tried=0
complain() { echo "$1: $2: $(cat "$work/err")"; failed=1; }
command=${FAULT_COMMAND:-}
unset FAULT_COMMAND
audit env LD_PRELOAD="$work/shim.so" FAULT_AT=0 FAULT_REPORT="$work/calls" || { cat "$work/err"; exit 1; }
cp -r "$work/out" "$work/good"
unzip -p "$work/good/report.xlsx" xl/sharedStrings.xml | grep -q 'case_id IS NOT NULL\|AS case_id,' || { echo "the records behind findings were not asked for"; exit 1; }
[ "$(awk '$1 == "SQLExecDirect" { print $2 }' "$work/calls")" -ge 12 ] || { echo "too few questions"; exit 1; }
# A server may refuse two statements: more memory, and a temporary table. Then the Method sheet has other statements.
can_do_without() {
  case $1 in
    SQLColAttribute | SQLEndTran | SQLGetInfo) ;;
    SQLExecDirect) [ -z "$own" ] && [ -z "$command" ] && refused=$((refused + 1)) && [ "$refused" -le 2 ] ;;
    *) false ;;
  esac
}
try() { # CALL AT
  rm -f "$work/struck"
  audit env LD_PRELOAD="$work/shim.so" FAULT_CALL="$1" FAULT_AT="$2" FAULT_REPORT="$work/struck" ${command:+FAULT_COMMAND="$command"}
  local status=$? lines
  [ -e "$work/struck" ] || { complain "$1 $2" "was not reached"; return; }
  tried=$((tried + 1))
  if [ $status -eq 0 ] && can_do_without "$1"; then
    # Workbooks name the server's version, and all that was asked.
    [ -n "$own" ] && [ "$1" != SQLGetInfo ] || cp "$work/good/report.xlsx" "$work/out/report.xlsx"
    [ "$1" != SQLGetInfo ] || cp "$work/good/cards"/* "$work/out/cards/"
    diff -r "$work/good" "$work/out" >/dev/null || complain "$1 $2" "other results"
    return
  fi
  lines=$(wc -l <"$work/err")
  case $status in 1 | 3) ;; *) complain "$1 $2" "status $status" ;; esac
  [ "$lines" -eq 1 ] && grep -q '^evenhand: ' "$work/err" || complain "$1 $2" "$lines lines"
  case $1 in
    SQLExecDirect | SQLNumResultCols | SQLDescribeCol | SQLFetch | SQLGetData)
      [ $status -eq 3 ] && grep -q 'connection broke before the answer was complete' "$work/err" || complain "$1 $2" "not the reason" ;;
  esac
  [ -z "$(ls -A "$work/out")" ] || complain "$1 $2" "left behind: $(ls "$work/out")"
}
while read -r call times; do
  [ -z "$command" ] || [ "$call" = SQLExecDirect ] || continue
  [ -z "${FAULT_CALLS:-}" ] || [[ " $FAULT_CALLS " == *" $call "* ]] || continue
  at=1 count=0
  while [ "$at" -le "$times" ]; do
    try "$call" "$at"
    count=$((count + 1))
    # every call where there are few of them, else the first ones and then in growing steps
    [ "$times" -le 40 ] && at=$((at + 1)) || at=$((at + 1 + (count > steps / 2 ? at * 6 / steps : 0)))
  done
done <"$work/calls"
# A signal while the password is asked for leaves the terminal as it was.
if [ -n "$own" ]; then
  python3 tests/faults/prompt.py env LD_PRELOAD="$work/shim.so" FAULT_CALL=SQLDriverConnect FAULT_AT=1 FAULT_STATE=28000 FAULT_REPORT="$work/struck" \
    "$evenhand" audit "$work/rules.yaml" --from "$FAULT_DATABASE" --table "$FAULT_TABLE" --quiet || failed=1
fi
[ "$tried" -gt 10 ] || { echo "only $tried faults tried"; exit 1; }
echo "$tried faults of the database tried"
exit $failed
