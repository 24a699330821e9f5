#!/bin/bash
# init --ask at a terminal (a pseudo-terminal of script(1)): answers, slips and the end of input.
#   EVENHAND=... tests/cli/ask.sh
set -u
evenhand=${EVENHAND:?the program to test}
script -qec true /dev/null >/dev/null 2>&1 || { echo "no pseudo-terminal can be made here"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failed=0
fail() {
  echo "ask: $*"
  failed=1
}
# All quoted and with row names, as R's write.csv has it.
{
  echo '"","docket_number","defendant_id","arraignment_dt","judge","court_location","n_prior_fta","bail_type","held"'
  for i in $(seq 400); do
    types=(ROR 'cash bail' 'supervised release' remanded)
    echo "\"$i\",\"CR-$i\",\"$((i % 350 + 100))\",\"2019-0$((i % 9 + 1))-11\",\"Judge $((i % 8))\",\"Court $((i % 8 % 3))\",\"$((i % 7))\",\"${types[i % 4]}\",\"$((i % 2))\""
  done
} >bail.csv
# ask ANSWER...: the answers, then the end of input; what the terminal showed goes to `shown`.
ask() {
  (printf '%s\n' "$@"; sleep 1; printf '\004') |
    script -qec "'$evenhand' init bail.csv --ask --force -o rules.yaml" /dev/null | tr -d '\r' >shown
}
has() {
  grep -qF -e "$2" "$1" || fail "$1 lacks: $2"
}

# A slip is answered with the nearest name, a wrong number with what is right; - means none.
ask '' '' '' '' '' bail_typ bail_type '1 9' '1 4' '-' court_location n_prior_fta ''
has shown "there is no column 'bail_typ'; did you mean 'bail_type'?"
has shown 'give numbers from 1 to 4'
has shown 'court_location has its part already'
has shown 'such as CR-1, CR-2, CR-3'
has rules.yaml 'case: "docket_number"'
has rules.yaml 'officer: "judge"'
has rules.yaml "its values: as answered"
has rules.yaml "'cash bail',"
has rules.yaml "'ROR')"
has rules.yaml 'similarly_situated: [n_prior_fta_band]'
"$evenhand" check rules.yaml bail.csv >/dev/null || fail 'the answers make no sound rules'

# When no more answers come, the guesses stay.
ask '' '' ''
has rules.yaml 'office: "court_location"'
"$evenhand" check rules.yaml bail.csv >/dev/null || fail 'the guesses make no sound rules'

# Without a terminal nothing is asked.
"$evenhand" init bail.csv --ask --force </dev/null >/dev/null 2>shown
[ $? -eq 2 ] || fail 'asked without a terminal'
has shown 'standard input is none'
exit "$failed"
