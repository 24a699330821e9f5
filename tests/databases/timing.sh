#!/bin/bash
# How long does an audit of records in a database take, against the bare GROUP BY that `evenhand sql` prints, whose
# answer goes nowhere? Interleaved, medians. RECORDS, ROUNDS and DATABASES say how much.
set -euo pipefail
cd "$(dirname "$0")/../.."
EVENHAND=${EVENHAND:-$PWD/build/release/evenhand}
RECORDS=${RECORDS:-1000000} ROUNDS=${ROUNDS:-3} DATABASES=${DATABASES:-postgresql sqlite}
export EVENHAND_TEST_PASSWORD='p;w{d}=1'
. tests/databases/servers.sh
work=$(mktemp -d "${TMPDIR:-/tmp}/timing.XXXXXX")
chmod 755 "$work"
trap 'stop_servers; rm -rf "$work"' EXIT
rules=tests/databases/shards.yaml
"$EVENHAND" simulate --records "$RECORDS" --planted 8 --seed 7 -o "$work/records.csv" >/dev/null
header=$(head -n 1 "$work/records.csv")
columns=$(sed -E 's/([^,]+)(,|$)/\1 text\2/g' <<<"$header")

seconds() { # COMMAND...
  local before after
  before=$(date +%s%N)
  "$@"
  after=$(date +%s%N)
  echo "$(((after - before) / 1000000))"
}
median() { sort -n | awk '{ a[NR] = $1 } END { printf "%d", NR % 2 ? a[(NR + 1) / 2] : (a[NR / 2] + a[NR / 2 + 1]) / 2 }'; }

bare() { # DATABASE
  case $1 in
    postgresql) PGPASSWORD=$EVENHAND_TEST_PASSWORD psql -q -At -h 127.0.0.1 -p "$PG_PORT" -U auditor -d postgres -f "$work/$1.sql" ;;
    mariadb) mariadb --no-defaults --socket="$MARIADB_SOCKET" -u root -N -q test <"$work/$1.sql" ;;
    sqlite) sqlite3 "$work/records.db" <"$work/$1.sql" ;;
  esac >/dev/null
}
audit() { # DATABASE
  local from
  case $1 in
    postgresql) from="DRIVER=PostgreSQL Unicode;Server=127.0.0.1;Port=$PG_PORT;Database=postgres;UID=auditor" ;;
    mariadb) from="DRIVER=MariaDB Unicode;Server=127.0.0.1;Port=$MARIADB_PORT;Database=test;UID=auditor" ;;
    sqlite) from="DRIVER=SQLite3;Database=$work/records.db" ;;
  esac
  EVENHAND_PASSWORD=$EVENHAND_TEST_PASSWORD "$EVENHAND" audit "$rules" --from "$from" --table records --as-of 2026-01-31 \
    --json "$work/audit.json" >/dev/null
}
fill() { # DATABASE
  case $1 in
    postgresql)
      start_postgresql "$work/postgresql" -c jit=off
      PGPASSWORD=$EVENHAND_TEST_PASSWORD psql -q -h 127.0.0.1 -p "$PG_PORT" -U auditor -d postgres \
        -c "CREATE TABLE records ($columns)" -c "\\copy records FROM '$work/records.csv' CSV HEADER" -c 'ANALYZE records'
      ;;
    mariadb)
      start_mariadb "$work/mariadb"
      mariadb --no-defaults --local-infile=1 --socket="$MARIADB_SOCKET" -u root test -e "CREATE TABLE records ($columns) CHARACTER SET utf8mb4;
        LOAD DATA LOCAL INFILE '$work/records.csv' INTO TABLE records CHARACTER SET utf8mb4 FIELDS TERMINATED BY ',' IGNORE 1 LINES"
      ;;
    sqlite) sqlite3 "$work/records.db" "CREATE TABLE records ($columns)" '.mode csv' ".import --skip 1 $work/records.csv records" ;;
  esac
}

for database in $DATABASES; do
  fill "$database"
  printf ';' | cat <("$EVENHAND" sql "$rules" --dialect "$database" --table records) - >"$work/$database.sql"
  bare "$database" # once unmeasured, so that both find the table in memory
  : >"$work/bare" >"$work/audit"
  for _ in $(seq "$ROUNDS"); do
    seconds bare "$database" >>"$work/bare"
    seconds audit "$database" >>"$work/audit"
  done
  one=$(median <"$work/bare") other=$(median <"$work/audit")
  awk -v d="$database" -v n="$RECORDS" -v a="$one" -v b="$other" -v r="$ROUNDS" 'BEGIN {
    printf "%s: %d records, medians of %d: bare GROUP BY %.2f s, audit %.2f s (%+.1f%%)\n", d, n, r, a / 1000, b / 1000, 100 * (b - a) / a }'
  stop_servers
done
