#!/bin/bash
# Audits out of engines that a command asks must give the findings of the records' files. ENGINES: where pip put duckdb.
# EVENHAND: the program.
set -euo pipefail
cd "$(dirname "$0")/../.."
EVENHAND=${EVENHAND:-$PWD/build/release/evenhand}
DATA=${DATA:-../shared/data}
export PYTHONPATH=${ENGINES:-$PWD/build/engines}
python3 -c 'import duckdb' 2>/dev/null || { echo "skipped: DuckDB is not here (pip install --target build/engines duckdb)"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
duck="exec:python3 tests/engines/duck.py '$work/the cases.db'"

fail() { echo "FAILED   $*"; exit 1; }
# What must not differ: all but the name, size and hash of the input, and why no further column was tried.
findings() {
  sed -E '/^  "inputs": \[$/,/^  \],$/ { /"(name|bytes|sha256|sha256_reason)":/d }; /^ *"screened_columns_reason":/d' "$1"
}
# What the one statement of `evenhand sql` tells: nothing of persons who repeat, nor of the time of decisions or the choice among several findings.
counted() {
  python3 - "$1" <<'END'
import json, sys
def without(value):
    if isinstance(value, dict):
        return {k: without(v) for k, v in value.items() if not k.startswith(("repeated", "within_time", "selection"))}
    return [without(v) for v in value] if isinstance(value, list) else value
whole = json.load(open(sys.argv[1]))
print(json.dumps(without(whole["comparisons"]), indent=1))
END
}
# Situations, similar cases, file sample, file results.
sheets() { unzip -p "$1" xl/worksheets/sheet3.xml xl/worksheets/sheet4.xml xl/worksheets/sheet5.xml xl/worksheets/sheet6.xml; }
duckdb() { # SQL
  python3 -c 'import duckdb, sys; duckdb.connect(sys.argv[1]).execute(sys.argv[2])' "$work/the cases.db" "$1"
}
audit_duckdb() { # RULES OPTIONS
  local rules=$1
  shift
  "$EVENHAND" audit "$rules" --from "$duck" --dialect duckdb --quiet --as-of 2026-01-31 "$@"
}
same() { # NAME
  cmp "$work/file.csv" "$work/engine.csv" || fail "$1: cells"
  cmp -s <(sheets "$work/file.xlsx") <(sheets "$work/engine.xlsx") || fail "$1: records behind findings"
  diff -rq "$work/file.cards" "$work/engine.cards" || fail "$1: scorecards"
  diff <(findings "$work/file.json") <(findings "$work/engine.json") | head -n 5
  cmp -s <(findings "$work/file.json") <(findings "$work/engine.json") || fail "$1: findings"
}
compare() { # TABLE RULES FILE
  # A database is not asked which decisions belong together, so neither is the file here.
  { cat "$2"; printf '\ndependent_within: none\n'; } >"$work/rules.yaml"
  duckdb "CREATE TABLE $1 AS SELECT * FROM read_csv('$3', all_varchar = true, header = true, delim = ',', quote = '\"')"
  duckdb "COPY $1 TO '$work/$1.parquet' (FORMAT parquet)"
  rm -rf "$work/file.cards"
  "$EVENHAND" audit "$work/rules.yaml" "$3" --no-reliability --quiet --as-of 2026-01-31 --json "$work/file.json" \
    --cells "$work/file.csv" -o "$work/file.xlsx" --scorecards "$work/file.cards"
  echo "SELECT * FROM read_parquet('$work/$1.parquet')" >"$work/parquet.sql"
  local where
  for where in "--table $1" "--query $work/parquet.sql"; do
    rm -rf "$work/engine.cards"
    # shellcheck disable=SC2086
    audit_duckdb "$work/rules.yaml" $where --json "$work/engine.json" --cells "$work/engine.csv" -o "$work/engine.xlsx" \
      --scorecards "$work/engine.cards"
    same "$1, $where"
  done
  "$EVENHAND" sql "$work/rules.yaml" --dialect duckdb --table "$1" |
    python3 tests/engines/duck.py "$work/the cases.db" | sed 's/\bNULL\b//g' >"$work/answer.csv"
  "$EVENHAND" audit "$work/rules.yaml" --from-cells "$work/answer.csv" --quiet --as-of 2026-01-31 --json "$work/answer.json"
  diff <(counted "$work/file.json") <(counted "$work/answer.json") >"$work/differences" || {
    head -n 10 "$work/differences"
    fail "$1: findings from the answer to the statement"
  }
  echo "ok       $1: DuckDB's table, its Parquet file and the statement's answer give what the file gives"
}

"$EVENHAND" simulate --records "${RECORDS:-10000}" --planted 8 --seed 7 -o "$work/simulated.csv" \
  --faults repeated-persons,missing,unreadable-dates,half-recorded >/dev/null
sed -n 100,150p "$work/simulated.csv" >"$work/again"
cat "$work/again" >>"$work/simulated.csv" # cases that stand there twice
compare simulated rules/ice-priorities-2011.yaml "$work/simulated.csv"
if [ -d "$DATA" ]; then
  compare ice rules/ice-encounters-foia.yaml "$DATA/ice/ice_decisions_2016-11.csv"
else
  echo "skipped: the ICE records are not in $DATA"
fi

echo 'SELECT * FROM absent' >"$work/absent.sql"
# A client that fails, one that is not there, one that prints its own words: one line, and nothing is written.
refused() { # STATUS WORDS FROM [OPTIONS]
  local status=0 wanted=$1 words=$2 from=$3
  shift 3
  [ $# -gt 0 ] || set -- --table simulated
  "$EVENHAND" audit "$work/rules.yaml" --from "$from" --dialect duckdb --quiet -o "$work/none.xlsx" "$@" \
    2>"$work/complaint" || status=$?
  [ $status -eq "$wanted" ] || fail "$from: status $status, not $wanted"
  grep -q -- "$words" "$work/complaint" || { cat "$work/complaint"; fail "$from: not said: $words"; }
  [ "$(wc -l <"$work/complaint")" -eq 1 ] || fail "$from: more than one line"
  [ ! -e "$work/none.xlsx" ] || fail "$from: something was written"
}
refused 3 'status 7 (no such host)' "exec:sh -c 'echo first >&2; echo no such host >&2; exit 7'"
refused 3 'signal 9' "exec:sh -c 'kill -9 \$\$'"
refused 3 'cannot be started' 'exec:evenhand-no-such-client --password secret'
refused 3 'status 1 (it says nothing' 'exec:false'
refused 1 'no mark' "exec:sh -c 'echo a; echo NULL'"
refused 1 'there is none' 'exec:true'
refused 1 'quotation mark' "exec:sh -c 'printf \"a\\n\\\"=\"'"
refused 2 'not closed' "exec:duckdb 'cases"
refused 2 'names no command' 'exec: '
! grep -q secret "$work/complaint" || fail "an argument in a message"
refused 3 'does not exist' "$duck" --query "$work/absent.sql"
echo "ok       a client that fails is named, and nothing is written"
