# For the tests of hostile data: a folder to work in, complaints, and records with one odd thing in them.
set -u
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
evenhand=${EVENHAND:-$root/build/release/evenhand}
work=$(mktemp -d)
# A child that a signal reaches before it becomes its program runs this too.
trap '[ "$BASHPID" != $$ ] || rm -rf "$work"' EXIT
cd "$work" || exit 1
export LC_ALL=C
failed=0 tried=0

complain() { echo "FAILED: $*"; failed=1; }
status_is() { # STATUS COMMAND...: it ends so, within a minute, without a crash
  local wanted=$1 status=0
  shift
  tried=$((tried + 1))
  timeout 60 "$@" >stdout 2>stderr || status=$?
  [ "$status" -eq "$wanted" ] || complain "exit status $status, not $wanted: $*: $(head -c 2000 stderr)"
  ! grep -q 'evenhand: crashed\|ERROR: \(Address\|Leak\|Thread\)\|runtime error:' stderr || complain "it crashed: $*: $(head -c 2000 stderr)"
}
says() { # TEXT FILE
  grep -qaF -- "$1" "$2" || complain "'$1' is not said: $(head -c 600 "$2")"
}
# One line on standard error, with the program's name first.
says_one_line() {
  [ "$(wc -l <stderr)" -eq 1 ] && grep -q '^evenhand' stderr || complain "not one line: $(head -c 600 stderr)"
  says "$1" stderr
}
audit=("$evenhand" audit --quiet --as-of 2026-01-31)

# Sixty records of each of three offices; the last has most of the events, and OFFICE for a name.
records() { # OFFICE [KIND]
  THIRD=$1 KIND=${2-plain} awk 'BEGIN {
    third = ENVIRON["THIRD"]; kind = ENVIRON["KIND"]
    print "id,office,kind,result"
    for (i = 1; i <= 180; i++) {
      office = i % 3 == 0 ? third : "office " i % 3
      print i "," office "," kind "," (i % 3 == 0 ? (i % 15 ? "Y" : "N") : (i % 4 ? "N" : "Y"))
    }
  }'
}
cat >rules.yaml <<'RULES'
evenhand: 1
title: Hostile data
columns: {case: id}
similarly_situated: [kind]
measures:
  yes: {event: result = 'Y'}
comparisons:
  - {across: office}
RULES
