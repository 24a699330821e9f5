#!/bin/bash
# start at a terminal (a pseudo-terminal of script(1)): from a file to the workbook with nothing but Enter; slips, back, skip, help and
# the end of input; a file whose name has blanks, dropped on the program; nothing that is there is replaced.
set -u
evenhand=${EVENHAND:?the program to test}
script -qec true /dev/null >/dev/null 2>&1 || { echo "no pseudo-terminal can be made here"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/my files" && cd "$work/my files" || exit 1
failed=0
fail() {
  echo "start: $*"
  failed=1
}
{
  echo 'docket_number,arraignment_dt,judge,court_location,n_prior_fta,bail_type'
  for i in $(seq 600); do
    types=(ROR 'cash bail' 'supervised release' remanded)
    echo "CR-$i,2019-0$((i % 9 + 1))-11,Judge $((i % 8)),Court $((i % 8 % 3)),$((i % 7 % 3)),${types[i * i % 4 + i % 3 % 2]}"
  done
} >'bail 2019.csv'
# start ARGUMENTS -- ANSWER...: what the terminal showed goes to `shown`.
start() {
  local arguments=
  while [ "$1" != -- ]; do arguments="$arguments '$1'"; shift; done
  shift
  (printf '%s\n' "$@"; sleep 3; printf '\004') | script -qec "'$evenhand' $arguments" /dev/null | tr -d '\r' >../shown
}
has() { grep -qF -e "$1" ../shown || fail "no word of: $1"; }
lacks() { grep -qF -e "$1" ../shown && fail "says: $1"; }
enters() { for _ in $(seq "$1"); do echo; done; }

# shellcheck disable=SC2046
mapfile -t many < <(enters 17)
start start -- nowhere.csv "'bail 2019.csv'" h x "${many[@]}"
has 'nowhere.csv cannot be read'
has 'means none. Whoever'
has 'a letter, or Enter'
has "evenhand audit 'bail 2019-rules.yaml' 'bail 2019.csv' -o 'bail 2019-audit.xlsx'"
has 'have peers'
has 'bail 2019-audit.xlsx is written'
for file in 'bail 2019-rules.yaml' 'bail 2019-reliability.xlsx' 'bail 2019-audit.xlsx'; do
  [ -s "$file" ] || fail "$file was not written"
done
cksum ./*-* >../before
awk 'length > 81 && !/^(A number|Its name|Go on|  \[|  \$)/' ../shown | grep -v 'evenhand\|such as\|(sure\|Open\|workbook' | grep -q . &&
  fail "lines wider than a terminal: $(awk 'length > 81' ../shown | head -n 3)"

# Dropped on the program; back and skip; the files of the first time stay.
start 'bail 2019.csv' -- s b s s s y
has '1 of 4  The rules'
has "'bail 2019-rules-2.yaml'"
has 'That did not work'
cksum -c ../before >/dev/null 2>&1 || cksum ./*-* | cmp -s - ../before || fail 'a file that was there was replaced'
start start 'bail 2019.csv' -- q
lacks 'is written'

# Without a terminal nothing is asked.
"$evenhand" start 'bail 2019.csv' </dev/null >../shown 2>&1
[ $? -eq 2 ] || fail 'asked without a terminal'
has 'this is none'
exit "$failed"
