#!/bin/bash
# Audits out of PostgreSQL, MariaDB and SQLite must give the findings of the records' files. Starts its own
# servers (servers.sh), as an ordinary user, and ends them. EVENHAND: the program; TESTS: the folder of test programs.
set -euo pipefail
cd "$(dirname "$0")/../.."
EVENHAND=${EVENHAND:-$PWD/build/release/evenhand}
TESTS=${TESTS:-$PWD/build/release/tests}
DATA=${DATA:-../shared/data}
export EVENHAND_TEST_PASSWORD='p;w{d}=1'
. tests/databases/servers.sh
work=$(mktemp -d)
chmod 755 "$work"
trap 'stop_servers; rm -rf "$work"' EXIT

fail() { echo "FAILED   $*"; exit 1; }
# What must not differ: all but the name, size and hash of the input, and why no further column was tried.
findings() {
  sed -E '/^  "inputs": \[$/,/^  \],$/ { /"(name|bytes|sha256|sha256_reason)":/d }; /^ *"screened_columns_reason":/d' "$1"
}

# The same without what only records can be asked for a second time.
asked_once() {
  /usr/bin/python3 - "$1" <<'PY'
import json, sys
found = json.load(open(sys.argv[1]))
for name in ("inputs", "notes", "screened_columns", "screened_columns_reason"):
    found.pop(name, None)
for comparison in found["comparisons"]:
    for result in comparison["results"]:
        for name in ("repeated", "within_time", "within_time_reason", "selection", "selection_reason"):
            result.pop(name, None)
        result["caveats"] = [c for c in result["caveats"] if "such cases" not in c]
        result.pop("level")  # what goes with time is notable at most
        result["statement"] = result["statement"].split(" But ")[0]
json.dump(found, sys.stdout, indent=1)
PY
}

# Which record of a case stays is told by a column: a table has no order of rows.
numbered() { awk '{ print $0 (NR == 1 ? ",row" : "," NR - 1) }' "$1" >"$1.new" && mv "$1.new" "$1"; }

start_postgresql "$work/postgresql"
start_mariadb "$work/mariadb"
braced="{${EVENHAND_TEST_PASSWORD//\}/\}\}}}"
postgresql="DRIVER=PostgreSQL Unicode;Server=127.0.0.1;Port=$PG_PORT;Database=postgres;UID=auditor"
mariadb="DRIVER=MariaDB Unicode;Server=127.0.0.1;Port=$MARIADB_PORT;Database=test;UID=auditor"
sqlite="DRIVER=SQLite3;Database=$work/records.db"
psql() { PGPASSWORD=$EVENHAND_TEST_PASSWORD command psql -q -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "$PG_PORT" -U auditor -d postgres "$@"; }
mysql() { command mariadb --no-defaults --local-infile=1 --socket="$MARIADB_SOCKET" -u root test "$@"; }

# The columns of a CSV file, all text; MARK stands around their names.
columns() { # FILE MARK
  head -n 1 "$1" | sed 's/^\xef\xbb\xbf//; s/\r$//; s/"//g' | sed -E "s/([^,]+)(,|\$)/$2\1$2 text\2/g"
}
# LOAD DATA takes the word NULL for null: COALESCE gives it back.
variables() { head -n 1 "$1" | tr ',' '\n' | awk '{ printf "%s@v%d", (NR > 1 ? ", " : ""), NR }'; }
assignments() { # FILE
  head -n 1 "$1" | sed 's/^\xef\xbb\xbf//; s/\r$//; s/"//g' | tr ',' '\n' |
    awk '{ printf "%s`%s` = COALESCE(@v%d, \x27NULL\x27)", (NR > 1 ? ", " : ""), $0, NR }'
}
load() { # TABLE FILE
  local end='\n'
  ! head -n 1 "$2" | grep -q $'\r' || end='\r\n'
  psql -c "CREATE TABLE $1 ($(columns "$2" '"'))" -c "\\copy $1 FROM '$2' CSV HEADER"
  mysql -e "CREATE TABLE $1 ($(columns "$2" '`')) CHARACTER SET utf8mb4;
    LOAD DATA LOCAL INFILE '$2' INTO TABLE $1 CHARACTER SET utf8mb4 FIELDS TERMINATED BY ',' OPTIONALLY ENCLOSED BY '\"'
    ESCAPED BY '' LINES TERMINATED BY '$end' IGNORE 1 LINES ($(variables "$2")) SET $(assignments "$2")"
  sqlite3 "$work/records.db" "CREATE TABLE $1 ($(columns "$2" '"'))" '.mode csv' ".import --skip 1 $2 $1"
}
# A database is not asked which decisions belong together, so neither is the file here.
apart() { # RULES NAME
  { sed 's/^records:$/&\n  order_by: row/' "$1"; printf '\ndependent_within: none\n'; } >"$work/$2.yaml"
}
apart rules/ice-priorities-2011.yaml priorities
apart rules/ice-encounters-foia.yaml encounters
apart tests/audit/seattle.yaml seattle

# Sheets 3 to 6: situations, similar cases, file sample, file results; and their texts, without those of Method.
sheets() { # WORKBOOK
  unzip -p "$1" xl/worksheets/sheet3.xml xl/worksheets/sheet4.xml xl/worksheets/sheet5.xml xl/worksheets/sheet6.xml
}
audit_table() { # RULES DATABASE TABLE OPTIONS
  local rules=$1 database=$2 table=$3
  shift 3
  EVENHAND_PASSWORD=$EVENHAND_TEST_PASSWORD "$EVENHAND" audit "$rules" --from "$database" --table "$table" --quiet \
    --as-of 2026-01-31 "$@"
}
compare() { # TABLE RULES FILE
  local database times=
  load "$1" "$3"
  rm -rf "$work/file.cards"
  "$EVENHAND" audit "$2" "$3" --no-reliability --quiet --as-of 2026-01-31 --json "$work/file.json" --cells "$work/cells.csv" \
    -o "$work/file.xlsx" --scorecards "$work/file.cards"
  for database in "$postgresql" "$mariadb" "$sqlite"; do
    rm -rf "$work/table.cards"
    SECONDS=0
    audit_table "$2" "$database" "$1" --json "$work/table.json" --cells "$work/table.csv" -o "$work/table.xlsx" \
      --scorecards "$work/table.cards"
    times+=", $(sed "s,^DRIVER=,,; s,;.*,," <<<"$database") $SECONDS s"
    cmp "$work/cells.csv" "$work/table.csv" || fail "$1: cells from ${database%%;*}"
    cmp -s <(sheets "$work/file.xlsx") <(sheets "$work/table.xlsx") || fail "$1: records behind findings from ${database%%;*}"
    diff -rq "$work/file.cards" "$work/table.cards" || fail "$1: scorecards from ${database%%;*}"
    diff <(findings "$work/file.json") <(findings "$work/table.json") | head -n 5
    cmp -s <(findings "$work/file.json") <(findings "$work/table.json") || fail "$1: findings from ${database%%;*}"
  done
  # What the owner of the data would do, without evenhand reaching the server.
  "$EVENHAND" sql "$2" --dialect postgresql --table "$1" >"$work/statement.sql"
  psql --csv -f "$work/statement.sql" >"$work/answer.csv"
  "$EVENHAND" audit "$2" --from-cells "$work/answer.csv" --quiet --as-of 2026-01-31 --json "$work/answer.json"
  # Persons who repeat are not in the answer.
  cmp -s <(asked_once "$work/file.json") <(asked_once "$work/answer.json") ||
    fail "$1: findings from the answer to the statement"
  echo "ok       $1: PostgreSQL, MariaDB, SQLite and the statement's answer give what the file gives (${times#, })"
}

EVENHAND_TEST_SECONDS=${SECONDS_OF_TABLES:-20} EVENHAND_TEST_POSTGRESQL="$postgresql;PWD=$braced" \
  EVENHAND_TEST_MARIADB="$mariadb;PWD=$braced" "$TESTS/load/database/database_test" | tail -n 1
"$EVENHAND" simulate --records "${RECORDS:-10000}" --planted 8 --seed 7 -o "$work/simulated.csv" \
  --faults duplicates,repeated-persons,missing,unreadable-dates,half-recorded >/dev/null
numbered "$work/simulated.csv"
compare simulated $work/priorities.yaml "$work/simulated.csv"
if [ -d "$DATA" ]; then
  compare ice $work/encounters.yaml "$DATA/ice/ice_decisions_2016-11.csv"
  compare seattle $work/seattle.yaml "$DATA/seattle/terry_stops_trimmed.csv"
else
  echo "skipped: the ICE and Seattle records are not in $DATA"
fi

# Reliability, by questions about all columns.
"$EVENHAND" simulate --records 3000 --planted 4 --seed 3 -o "$work/few.csv" \
  --faults duplicates,repeated-persons,missing,unreadable-dates,half-recorded >/dev/null
numbered "$work/few.csv"
load few "$work/few.csv"
"$EVENHAND" audit $work/priorities.yaml "$work/few.csv" --reliability --quiet --as-of 2026-01-31 --json "$work/file.json"
for database in "$postgresql" "$mariadb" "$sqlite"; do
  audit_table $work/priorities.yaml "$database" few --reliability --json "$work/table.json"
  tests/databases/same.py "$work/file.json" "$work/table.json" || fail "reliability from ${database%%;*}"
done
# The workbook, with every question, is the same whatever the order in which a server has or gives its rows.
psql -c "CREATE SCHEMA shuffled" -c "CREATE TABLE shuffled.few AS SELECT * FROM few ORDER BY MD5(case_id || outcome)"
for path in public shuffled; do
  psql -c "ALTER DATABASE postgres SET search_path = $path" -c "ALTER DATABASE postgres SET enable_hashagg = $([ $path = public ] && echo on || echo off)"
  audit_table $work/priorities.yaml "$postgresql" few --reliability -o "$work/table.xlsx"
  unzip -p "$work/table.xlsx" xl/sharedStrings.xml >"$work/$path.texts"
done
psql -c "ALTER DATABASE postgres RESET ALL"
cmp "$work/public.texts" "$work/shuffled.texts" || fail "a workbook that depends on the order of rows"
# A user who may only read, and make no temporary table.
psql -c "CREATE USER reader PASSWORD '$EVENHAND_TEST_PASSWORD'" -c "GRANT SELECT ON few TO reader" -c "REVOKE TEMPORARY ON DATABASE postgres FROM PUBLIC"
mysql -e "CREATE USER reader@localhost IDENTIFIED BY '$EVENHAND_TEST_PASSWORD'; GRANT SELECT ON test.few TO reader@localhost"
"$EVENHAND" audit $work/priorities.yaml "$work/few.csv" --quiet --no-reliability --as-of 2026-01-31 -o "$work/file.xlsx" --json "$work/file.json"
for database in "$postgresql" "$mariadb"; do
  audit_table $work/priorities.yaml "${database/auditor/reader}" few --json "$work/table.json" -o "$work/table.xlsx"
  ! unzip -p "$work/table.xlsx" xl/sharedStrings.xml | grep -q 'INSERT INTO' || fail "a reader's temporary table"
  cmp -s <(sheets "$work/file.xlsx") <(sheets "$work/table.xlsx") || fail "records behind findings for a reader from ${database%%;*}"
  cmp -s <(findings "$work/file.json") <(findings "$work/table.json") || fail "findings for a reader from ${database%%;*}"
  audit_table $work/priorities.yaml "$database" few -o "$work/table.xlsx"
  unzip -p "$work/table.xlsx" xl/sharedStrings.xml | grep -q 'INSERT INTO' || fail "no temporary table from ${database%%;*}"
done
echo "ok       reliability: PostgreSQL, MariaDB and SQLite give what the file gives"

# Pseudonyms: the file's, and no id; a release: the file's.
openssl rand -hex 32 >"$work/key" && chmod 600 "$work/key"
tail -n +2 "$work/few.csv" | cut -d, -f2,5 | tr , '\n' | grep -E '^[OP][0-9]+$' | sort -u >"$work/ids"
[ "$(wc -l <"$work/ids")" -gt 1000 ] || fail "there are hardly any ids"
for option in "--pseudonyms $work/key" --public; do
  "$EVENHAND" audit $work/priorities.yaml "$work/few.csv" $option --quiet --no-reliability --as-of 2026-01-31 \
    --json "$work/file.json"
  audit_table $work/priorities.yaml "$sqlite" few $option --json "$work/table.json" -o "$work/table.xlsx"
  cmp <(grep -E '"(unit|estimate|p|records_shown|rounded_to)":' "$work/file.json") \
    <(grep -E '"(unit|estimate|p|records_shown|rounded_to)":' "$work/table.json") || fail "figures with $option"
  ! { cat "$work/table.json"; unzip -p "$work/table.xlsx"; } | grep -aqwFf "$work/ids" || fail "ids with $option"
done
# Persons who repeat are counted for the units' pseudonyms, too.
sed '/one_per:/d; /choose:/d; /who was released at the encounter/d' $work/priorities.yaml >"$work/repeats.yaml"
"$EVENHAND" audit "$work/repeats.yaml" "$work/few.csv" --pseudonyms "$work/key" --quiet --no-reliability --as-of 2026-01-31 --json "$work/file.json"
grep -q '"repeated": [1-9]' "$work/file.json" || fail "nobody repeats"
for database in "$postgresql" "$mariadb" "$sqlite"; do
  audit_table "$work/repeats.yaml" "$database" few --pseudonyms "$work/key" --json "$work/table.json"
  cmp <(grep -E '"(unit|repeated|estimate|p)":' "$work/file.json") <(grep -E '"(unit|repeated|estimate|p)":' "$work/table.json") ||
    fail "persons who repeat, by pseudonym, from ${database%%;*}"
  ! grep -qwFf "$work/ids" "$work/table.json" || fail "ids of persons who repeat"
done
echo "ok       pseudonyms and releases out of a database"

# What goes wrong is said in one line, with status 1 (3 for a server that dies), and nothing is written.
expect_error() { # STATUS WORDS CONNECTION TABLE
  local status=0
  "$EVENHAND" audit $work/priorities.yaml --from "$3" --table "$4" --quiet --json "$work/none.json" 2>"$work/error" || status=$?
  [ "$status" -eq "$1" ] || fail "status $status, not $1: $(cat "$work/error")"
  [ "$(wc -l <"$work/error")" -eq 1 ] && grep -q "$2" "$work/error" || fail "'$2' is not what it says: $(cat "$work/error")"
  ! grep -qF -e "$EVENHAND_TEST_PASSWORD" -e wrong-password "$work/error" || fail "the password is in the message"
  [ ! -e "$work/none.json" ] || fail "something was written"
}
for database in "$postgresql" "$mariadb"; do
  expect_error 1 'refused the user or the password' "$database;PWD=wrong-password" simulated
  expect_error 1 'the table is not there' "$database;PWD=$braced" 'sim"; DROP TABLE simulated; --'
done
expect_error 1 'character set is not UTF-8: set CHARSET=utf8mb4' "$mariadb;Charset=latin1;PWD=$braced" simulated
# A column that is not there, a source that nobody knows, a query that is none.
psql -c 'CREATE TABLE narrow AS SELECT * FROM simulated LIMIT 5' -c 'ALTER TABLE narrow DROP COLUMN basis'
expect_error 2 'narrow has no column `basis`' "$postgresql;PWD=$braced" narrow
expect_error 1 'no such data source' NoSuchSource simulated
: >"$work/empty.sql"
! "$EVENHAND" audit $work/priorities.yaml --from "$sqlite" --query "$work/empty.sql" --json "$work/none.json" 2>"$work/error" &&
  grep -q 'empty.sql: is no query' "$work/error" && [ ! -e "$work/none.json" ] || fail "an empty query: $(cat "$work/error")"
# A password in the connection goes nowhere else.
"$EVENHAND" audit $work/priorities.yaml --from "$postgresql;PWD=$braced" --table few --as-of 2026-01-31 \
  -o "$work/secret.xlsx" --json "$work/secret.json" --cells "$work/secret.csv" --scorecards "$work/secret.cards" >"$work/secret.out" 2>&1
for written in "$work"/secret.*; do
  case $written in
    *.xlsx) unzip -p "$written" ;;
    *.cards) for card in "$written"/*; do unzip -p "$card"; done ;;
    *) cat "$written" ;;
  esac | grep -aqF -e "$EVENHAND_TEST_PASSWORD" -e 'p;w{d' && fail "the password is in ${written##*/}"
done
# Without one it is asked for at a terminal, unseen: a wrong one is refused, the right one serves.
ask_password() { # TYPED
  (sleep 1; printf '%s\n' "$1"; sleep 1) | script -qec "env -u EVENHAND_PASSWORD '$EVENHAND' audit $work/priorities.yaml \
    --from '$postgresql' --table few --quiet --as-of 2026-01-31 --json '$work/asked.json'" /dev/null | tr -d '\r' >"$work/shown" || true
  grep -q '^Password: ' "$work/shown" || fail "no password was asked for: $(cat "$work/shown")"
  ! grep -qF -e "$1" "$work/shown" || fail "the password is shown"
}
ask_password wrong-password
grep -q 'refused the user or the password' "$work/shown" && [ ! -e "$work/asked.json" ] || fail "a wrong password: $(cat "$work/shown")"
ask_password "$EVENHAND_TEST_PASSWORD"
cmp -s <(findings "$work/asked.json") <(findings "$work/secret.json") || fail "the password asked for: $(cat "$work/shown")"
expect_error 1 'driver is not installed' 'DRIVER=No Such Driver;Server=127.0.0.1' simulated
expect_error 1 'cannot connect' "$sqlite.not-there" simulated
# A session that ends before any one of the questions. And calls failing in turn.
export FAULT_CALLS='SQLExecDirect SQLEndTran SQLFetch'
end_sessions="SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name <> 'psql' AND backend_type = 'client backend'"
for command in "PGPASSWORD='$EVENHAND_TEST_PASSWORD' psql -qAt -h 127.0.0.1 -p $PG_PORT -U auditor -d postgres -c \"$end_sessions\" >/dev/null" ''; do
  EVENHAND_PASSWORD=$EVENHAND_TEST_PASSWORD EVENHAND=$EVENHAND FAULT_STEPS=3 FAULT_DATABASE=$postgresql FAULT_TABLE=few FAULT_ORDER=row \
    FAULT_COMMAND=$command tests/faults/odbc.sh || fail "faults of PostgreSQL"
done
end_sessions="SELECT CONCAT('KILL ', id, ';') FROM information_schema.processlist WHERE user = 'auditor'"
client="mariadb --no-defaults --socket=$MARIADB_SOCKET -u root"
for command in "$client -N -e \"$end_sessions\" | $client" ''; do
  EVENHAND_PASSWORD=$EVENHAND_TEST_PASSWORD EVENHAND=$EVENHAND FAULT_STEPS=3 FAULT_DATABASE=$mariadb FAULT_TABLE=few FAULT_ORDER=row \
    FAULT_COMMAND=$command tests/faults/odbc.sh || fail "faults of MariaDB"
done
# A server that dies in the middle: the query waits for a lock that only its death ends.
psql -c "CREATE VIEW slow AS SELECT s.* FROM simulated s, (SELECT CAST(pg_sleep(30) AS text) AS slept OFFSET 0) p WHERE p.slept IS NOT NULL"
(sleep 2; kill -QUIT "$PG_PID") &
expect_error 3 'connection broke' "$postgresql;PWD=$braced" slow
echo "ok       errors of databases"
/usr/bin/python3 tests/databases/parse.py "$EVENHAND" rules/*.yaml || fail "statements that do not parse"
echo "1 passed, 0 failed"
