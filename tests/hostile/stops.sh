#!/bin/bash
# Disks that fill up and signals, at random moments: each old result stays as it was or the whole new one is there, the exit
# status is right, and nothing temporary is left. HOSTILE_SEEDS: how many moments for each kind.
. "$(dirname "$0")/common.sh"
seeds=${HOSTILE_SEEDS:-40}
ulimit -c 0

"$evenhand" simulate --records 20000 --offices 6 --officers 60 --planted 4 --planted-effect 2 -o sample.csv || exit 1
rules=$root/rules/template.yaml
outputs=(report.xlsx report.json cells.csv)
arguments=(audit --quiet --as-of 2026-01-31 --threads 2 "$rules" sample.csv)
mkdir good
begun=$(date +%s%N)
"$evenhand" "${arguments[@]}" -o good/report.xlsx --json good/report.json --cells good/cells.csv || exit 1
lasts=$((($(date +%s%N) - begun) / 1000)) # microseconds

put_old() { # FOLDER
  local file
  for file in "${outputs[@]}"; do echo "old $file" >"$1/$file"; done
}
# Is every result old or whole, and all of them new when it ended well?
check_results() { # WHAT STATUS FOLDER
  local file new=0
  for file in "${outputs[@]}"; do
    if cmp -s "$3/$file" "good/$file"; then new=$((new + 1));
    elif [ "$(head -c 100 "$3/$file" 2>/dev/null)" != "old $file" ]; then complain "$1: $file is neither the old nor the new one"; fi
  done
  [ "$2" -ne 0 ] || [ $new -eq 3 ] || complain "$1: exit status 0, and $new results of 3"
  tried=$((tried + 1))
}
nothing_left() { # WHAT FOLDER
  [ "$(find "$2" -mindepth 1 | wc -l)" -eq 3 ] || complain "$1: left behind: $(ls -A "$2")"
}

signals_stop_cleanly() {
  mkdir out
  local seed signal number delay status pid ended=0
  for signal in INT:2 TERM:15 HUP:1 QUIT:3 KILL:9; do
    number=${signal#*:} signal=${signal%:*}
    for seed in $(seq "$seeds"); do
      put_old out
      delay=$(awk -v seed="$seed$number" -v lasts="$lasts" 'BEGIN { srand(seed); printf "%.6f", rand() * lasts * 1.1 / 1e6 }')
      env --default-signal "$evenhand" "${arguments[@]}" -o out/report.xlsx --json out/report.json --cells out/cells.csv >stdout 2>stderr &
      pid=$!
      sleep "$delay"
      kill -"$signal" $pid 2>/dev/null
      wait $pid 2>/dev/null
      status=$?
      case $status in
        0) ;;
        $((128 + number))) ended=$((ended + 1)) ;;
        *) complain "$signal after $delay s: exit status $status: $(cat stderr)" ;;
      esac
      check_results "$signal after $delay s" $status out
      # What is killed cannot tidy up.
      [ "$signal" = KILL ] && find out -type f -name '*.??????' -delete
      nothing_left "$signal after $delay s" out
    done
  done
  [ "$ended" -ge "$seeds" ] || complain "only $ended runs were stopped by their signal"
  echo "$ended of $((5 * seeds)) runs stopped by a signal"
}

# Scorecards, into a new folder and over old ones, each in turn: all are old or all are new. A kill may come between two of them,
# so there each is one or the other; and it leaves its hidden folder.
signals_stop_scorecards() {
  local seed signal number delay status pid begun lasts what file new old ended=0 amid=0 cards=(audit --quiet --as-of 2026-01-31 --threads 2 "$rules" sample.csv)
  "$evenhand" "${cards[@]}" --scorecards good/first || exit 1
  begun=$(date +%s%N)
  "$evenhand" "${cards[@]}" --scorecards good/cards || exit 1
  lasts=$((($(date +%s%N) - begun) / 1000))
  diff -r good/first good/cards >diff || complain "scorecards differ from one run to the next: $(cat diff)"
  local files=(good/cards/*)
  [ "${#files[@]}" -ge 6 ] || complain "only ${#files[@]} scorecards"
  for signal in INT:2 TERM:15 HUP:1 KILL:9; do
    number=${signal#*:} signal=${signal%:*}
    for seed in $(seq "$seeds"); do
      rm -rf cards
      if [ $((seed % 2)) -eq 0 ]; then
        mkdir cards
        for file in "${files[@]}"; do echo old >"cards/${file##*/}"; done
      fi
      delay=$(awk -v seed="$seed$number" -v lasts="$lasts" 'BEGIN { srand(seed); printf "%.6f", (0.2 + 0.9 * rand()) * lasts / 1e6 }')
      what="scorecards, $signal after $delay s"
      env --default-signal "$evenhand" "${cards[@]}" --scorecards cards >stdout 2>stderr &
      pid=$!
      sleep "$delay"
      kill -"$signal" $pid 2>/dev/null
      wait $pid 2>/dev/null
      status=$?
      new=0 old=0
      for file in "${files[@]}"; do
        if cmp -s "$file" "cards/${file##*/}"; then new=$((new + 1));
        elif [ "$(head -c 10 "cards/${file##*/}" 2>/dev/null)" = old ]; then old=$((old + 1));
        elif [ -e "cards/${file##*/}" ]; then complain "$what: ${file##*/} is neither the old nor the new one"; fi
      done
      case $status in
        0) [ $new -eq ${#files[@]} ] || complain "$what: exit status 0, and $new scorecards of ${#files[@]}" ;;
        $((128 + number))) ended=$((ended + 1)) ;;
        *) complain "$what: exit status $status: $(cat stderr)" ;;
      esac
      [ $((seed % 2)) -eq 1 ] || [ $((new + old)) -eq ${#files[@]} ] || complain "$what: $((${#files[@]} - new - old)) old scorecards are gone"
      if [ "$signal" != KILL ]; then
        [ $new -eq 0 ] || [ $new -eq ${#files[@]} ] || complain "$what: $new scorecards of ${#files[@]} are new"
        [ $((seed % 2)) -eq 0 ] || [ $new -gt 0 ] || [ ! -e cards ] || complain "$what: an empty folder is left"
        [ ! -e cards ] || [ -z "$(find cards -mindepth 1 -name '.*')" ] || complain "$what: left behind: $(ls -A cards)"
      fi
      [ "$signal" != KILL ] || [ -z "$(find . -path './cards/.evenhand-*' -name '*.xlsx')" ] || amid=$((amid + 1))
      tried=$((tried + 1))
    done
  done
  [ "$ended" -ge "$seeds" ] || complain "only $ended runs were stopped by their signal"
  [ "$seeds" -lt 10 ] || [ $amid -gt 0 ] || complain 'none was killed while it wrote scorecards'
  echo "$ended of $((4 * seeds)) runs stopped by a signal, $amid of $seeds killed while they wrote scorecards"
}

# In a mount namespace of its own: a file system of so many KiB.
with_disk_of() { # KIB COMMAND...
  local size=$1
  shift
  unshare -rm bash -c 'mount -t tmpfs -o size="$0"k,mode=700 tmpfs disk && exec "$@"' "$size" "$@"
}

disks_fill_up() {
  mkdir disk
  if ! with_disk_of 64 true 2>/dev/null; then
    echo 'skipped: disks that fill up: nothing can be mounted here (outputs.sh limits the size of files instead)'
    return
  fi
  export -f put_old check_results nothing_left complain
  export outputs_list="${outputs[*]}" evenhand
  local seed size whole=0
  for seed in $(seq "$seeds"); do
    size=$(awk -v seed="$seed" 'BEGIN { srand(seed); printf "%d", 16 * exp(rand() * 7) }')
    with_disk_of "$size" bash -c '
      outputs=($outputs_list) tried=0
      complain() { echo "FAILED: $*"; exit 9; }
      put_old disk
      "$evenhand" "$@" -o disk/report.xlsx --json disk/report.json --cells disk/cells.csv 2>stderr
      status=$?
      case $status in 0) ;; 3) grep -q "^evenhand: " stderr || complain "no message" ;; *) complain "exit status $status: $(cat stderr)" ;; esac
      check_results "a disk of '"$size"' KiB" $status disk
      nothing_left "a disk of '"$size"' KiB" disk
      exit $status' bash "${arguments[@]}" >stdout
    case $? in
      0) whole=$((whole + 1)) ;;
      3) ;;
      *) complain "a disk of $size KiB: $(cat stdout)" ;;
    esac
    tried=$((tried + 1))
  done
  [ "$seeds" -lt 10 ] || { [ $whole -gt 0 ] && [ $whole -lt "$seeds" ]; } || complain "$whole of $seeds disks were large enough: too easy, or too hard"
  echo "$((seeds - whole)) of $seeds disks filled up"
  # Where what comes through a pipe is kept.
  cat sample.csv | with_disk_of 64 env TMPDIR=disk "$evenhand" audit --quiet "$rules" - --json piped.json 2>stderr
  [ $? -eq 3 ] || complain "a full disk for temporary files: $(cat stderr)"
  says_one_line 'cannot keep a temporary copy'
  cat sample.csv | TMPDIR=/nowhere "$evenhand" audit --quiet "$rules" - --json piped.json 2>stderr
  [ $? -eq 3 ] || complain "no folder for temporary files: $(cat stderr)"
  says_one_line 'set TMPDIR'
}

signals_stop_cleanly
signals_stop_scorecards
disks_fill_up
echo "$tried runs"
exit "$failed"
