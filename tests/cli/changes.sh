#!/bin/bash
# A file that changes while it is read gives no figures: what is reported is of the bytes whose digest stands beside it.
# HOSTILE_SEEDS: at how many random moments.
. "$(dirname "$0")/../hostile/common.sh"
seeds=${HOSTILE_SEEDS:-5}

"$evenhand" simulate --records 30000 --offices 6 --officers 60 --planted 4 --planted-effect 2 --seed 1 -o first.csv || exit 1
"$evenhand" simulate --records 30000 --offices 6 --officers 60 --planted 4 --planted-effect 2 --seed 2 -o second.csv || exit 1
# As long as the first, with other outcomes.
sed 's/,released,/,detained,/' first.csv | head -c "$(stat -c %s first.csv)" >other.csv
truncate -s "$(stat -c %s first.csv)" other.csv
rules=$root/rules/template.yaml
said='sample.csv: changed while it was being read; run again on a file that is at rest'

# Between two passes: the second file is a pipe, which holds the audit back until the first has changed.
between_passes() { # WHAT CHANGE RESULT...
  local what=$1 change=$2 status=0
  shift 2
  rm -rf out pipe && mkdir out && mkfifo pipe && cp first.csv sample.csv
  "${audit[@]}" "$rules" sample.csv pipe "$@" >stdout 2>stderr &
  exec 3>pipe # the audit has opened it, so the first file is read
  $change
  cat second.csv >&3
  exec 3>&-
  wait $! || status=$?
  tried=$((tried + 1))
  [ $status -eq 1 ] || complain "$what: exit status $status, not 1: $(cat stderr)"
  says "$said" stderr
  [ -z "$(ls -A out)" ] || complain "$what: written: $(ls -A out)"
}
overwrite() { cat other.csv 1<>sample.csv >&1; }
append() { tail -n 5 second.csv >>sample.csv; }
overwrite_with_old_time() { touch -r sample.csv time && overwrite && touch -r time sample.csv; }
for change in overwrite append overwrite_with_old_time; do
  between_passes "$change, workbook" $change -o out/audit.xlsx --no-reliability
  between_passes "$change, reliability" $change --json out/audit.json --reliability
done
says_nothing_of_pipes() {
  mkfifo records && (cat first.csv >records &) && status_is 0 "${audit[@]}" "$rules" records -o out/piped.xlsx
  status_is 0 "${audit[@]}" "$rules" - -o out/input.xlsx < <(cat first.csv)
}
says_nothing_of_pipes

# At any moment: each ends without results, or with those of one file and its digest.
cp first.csv sample.csv
begun=$(date +%s%N)
"${audit[@]}" "$rules" sample.csv --json first.json || exit 1
lasts=$((($(date +%s%N) - begun) / 1000)) # microseconds
cp other.csv sample.csv && "${audit[@]}" "$rules" sample.csv --json other.json || exit 1
refused=0
for seed in $(seq "$seeds"); do
  cp first.csv sample.csv
  delay=$(awk -v seed="$seed" -v lasts="$lasts" 'BEGIN { srand(seed); printf "%.6f", rand() * lasts * 0.9 / 1e6 }')
  status=0
  rm -f audit.json
  "${audit[@]}" "$rules" sample.csv --json audit.json >stdout 2>stderr &
  sleep "$delay"
  overwrite
  wait $! || status=$?
  tried=$((tried + 1))
  if [ $status -eq 1 ]; then
    refused=$((refused + 1))
    says "$said" stderr
    [ ! -e audit.json ] || complain "changed after $delay s: results are written"
  elif [ $status -ne 0 ]; then
    complain "changed after $delay s: exit status $status: $(cat stderr)"
  elif ! cmp -s audit.json first.json && ! cmp -s audit.json other.json; then
    complain "changed after $delay s: results are of neither file"
  fi
done
echo "$tried tried; of $seeds random moments $refused refused"
exit $failed
