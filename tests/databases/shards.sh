#!/bin/bash
# A table spread over three PostgreSQL servers (partitions that are foreign tables of postgres_fdw): the grouping
# must run on the servers that hold the records, only counts may travel, and the findings must be the file's.
set -euo pipefail
cd "$(dirname "$0")/../.."
EVENHAND=${EVENHAND:-$PWD/build/release/evenhand}
RECORDS=${RECORDS:-50000}
export EVENHAND_TEST_PASSWORD='p;w{d}=1'
. tests/databases/servers.sh
work=$(mktemp -d)
chmod 755 "$work"
trap 'stop_servers; rm -rf "$work"' EXIT
fail() { echo "FAILED   $*"; exit 1; }
# Shards are not asked for quarters.
findings() {
  /usr/bin/python3 - "$1" <<'PY'
import json, sys
found = json.load(open(sys.argv[1]))
for name in ("inputs", "notes", "screened_columns", "screened_columns_reason"):
    found.pop(name, None)
for comparison in found["comparisons"]:
    for result in comparison["results"]:
        for name in ("within_time", "within_time_reason", "selection", "selection_reason"):
            result.pop(name, None)
        result["caveats"] = [c for c in result["caveats"] if "such cases" not in c]
        result.pop("level")  # what goes with time is notable at most
        result["statement"] = result["statement"].split(" But ")[0]
json.dump(found, sys.stdout, indent=1)
PY
}
on() { # PORT ARGUMENTS
  local port=$1
  shift
  PGPASSWORD=$EVENHAND_TEST_PASSWORD psql -q -At -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "$port" -U auditor -d postgres "$@"
}

# The field offices, in three lots.
"$EVENHAND" simulate --records "$RECORDS" --planted 8 --seed 7 -o "$work/records.csv" >/dev/null
rules=tests/databases/shards.yaml
header=$(head -n 1 "$work/records.csv")
columns=$(sed -E 's/([^,]+)/"\1" text/g; s/_date" text/_date" date/g' <<<"$header")
field=$(tr ',' '\n' <<<"$header" | grep -nx field_office | cut -d: -f1)
mapfile -t offices < <(tail -n +2 "$work/records.csv" | cut -d, -f"$field" | sort -u)

ports=()
for shard in 0 1 2; do
  start_postgresql "$work/shard$shard" -c jit=off
  ports+=("$PG_PORT")
  on "$PG_PORT" -c "CREATE TABLE records ($columns)"
done
head=${ports[0]} # the first server also holds the whole
on "$head" -c 'CREATE EXTENSION postgres_fdw' -c "CREATE TABLE cases ($columns) PARTITION BY LIST (field_office)"
for shard in 0 1 2; do
  lot=
  for i in "${!offices[@]}"; do [ $((i % 3)) -ne "$shard" ] || lot+="${lot:+, }'${offices[$i]//\'/\'\'}'"; done
  [ "$shard" -ne 2 ] || lot+=", NULL"
  on "$head" -c "CREATE SERVER shard$shard FOREIGN DATA WRAPPER postgres_fdw
      OPTIONS (host '127.0.0.1', port '${ports[$shard]}', dbname 'postgres', fetch_size '10000', batch_size '1000', fdw_tuple_cost '1')" \
    -c "CREATE USER MAPPING FOR auditor SERVER shard$shard OPTIONS (user 'auditor', password '$EVENHAND_TEST_PASSWORD')" \
    -c "CREATE FOREIGN TABLE cases_$shard PARTITION OF cases FOR VALUES IN ($lot) SERVER shard$shard OPTIONS (table_name 'records')"
done
on "$head" -c "CREATE TEMPORARY TABLE arrived ($columns)" -c "\\copy arrived FROM '$work/records.csv' CSV HEADER" \
  -c 'INSERT INTO cases SELECT * FROM arrived'
for shard in 0 1 2; do on "${ports[$shard]}" -c 'ANALYZE records'; done
on "$head" -c 'ALTER DATABASE postgres SET enable_partitionwise_aggregate = on' -c 'ANALYZE cases'

connection="DRIVER=PostgreSQL Unicode;Server=127.0.0.1;Port=$head;Database=postgres;UID=auditor"
travelled() { awk '$1 == "lo:" { print $2 }' /proc/net/dev; }
# Audit out of the shards; sets `bytes`, all that went over loopback, and `rows`, of the answer that was counted from.
audit_shards() { # RULES
  local before
  "$EVENHAND" audit "$1" "$work/records.csv" --no-reliability --quiet --as-of 2026-01-31 --json "$work/file.json"
  before=$(travelled)
  EVENHAND_PASSWORD=$EVENHAND_TEST_PASSWORD "$EVENHAND" audit "$1" --from "$connection" --table cases \
    --shard-key field_office --quiet --as-of 2026-01-31 --json "$work/table.json"
  bytes=$(($(travelled) - before))
  cmp -s <(findings "$work/file.json") <(findings "$work/table.json") || fail "findings from the shards"
  "$EVENHAND" sql "$1" --dialect postgresql --table cases --shard-key field_office \
    --date decision_date --date birth_date >"$work/statement.sql"
  rows=$(on "$head" -f "$work/statement.sql" | wc -l)
}
# What else goes over loopback meanwhile may be counted too: three tries.
audit_within() { # RULES NAME
  for _ in 1 2 3; do
    audit_shards "$1"
    [ "$bytes" -ge $((ids * 11 / 10 + rows * 350 + 100000)) ] || break
  done
  echo "by $2: $rows rows of the answer, in $bytes bytes with the case ids"
  [ "$bytes" -lt $((ids * 11 / 10 + rows * 350 + 100000)) ] || fail "$bytes bytes are more than $rows rows and $ids bytes of ids need"
}
# By officer every other record is a cell of its own; by office many share one. Case ids travel in both, to make sure that
# none repeats; a cell travels from its shard and then to the audit.
before=$(travelled)
on "$head" -c "SELECT COUNT(*) FROM (SELECT case_id FROM cases GROUP BY case_id HAVING COUNT(*) > 1) repeated" >/dev/null
ids=$(($(travelled) - before))
echo "$RECORDS records, $(stat -c %s "$work/records.csv") bytes as a file; their case ids travel in some $ids bytes"
[ "$ids" -lt $((RECORDS * 40)) ] || fail "more than the case ids travels"
sed -e '/across: officer_id/d' "$rules" >"$work/coarse.yaml"
audit_within "$work/coarse.yaml" office
[ "$rows" -lt $((RECORDS / 10)) ] || fail "$rows rows are no coarse grouping of $RECORDS records"
audit_within "$rules" officer

(echo 'EXPLAIN (VERBOSE)'; cat "$work/statement.sql") | on "$head" >"$work/plan"
[ "$(grep -c 'FROM public.records GROUP BY' "$work/plan")" -eq 3 ] || { cat "$work/plan"; fail "the grouping does not run on the three shards"; }
! grep -q 'Foreign Scan on .*cases_' "$work/plan" || fail "records travel"
# Without the shard key in the grouping the plan must be another one, or the check above shows nothing.
"$EVENHAND" sql "$rules" --dialect postgresql --table cases --date decision_date --date birth_date >"$work/statement.sql"
(echo 'EXPLAIN (VERBOSE)'; cat "$work/statement.sql") | on "$head" >"$work/plan"
grep -q 'Foreign Scan on .*cases_' "$work/plan" || fail "records would not travel without --shard-key: the check of the plan shows nothing"
echo "ok       three shards: the grouping runs on each, and only counts and case ids travel"
echo "1 passed, 0 failed"
