#!/bin/bash
# The same bytes on every processor: with and without the instructions that multiply and add at once, which the C library's own
# exp and log use where there are any.
. "$(dirname "$0")/../hostile/common.sh"
plain=GLIBC_TUNABLES=glibc.cpu.hwcaps=-FMA,-FMA4,-AVX2_Usable,-AVX2

# What is taken from the system's library of mathematics is exact: whoever computes it gets the same.
exact=' ceil fabs floor fmax fmin fmod frexp ldexp lround modf nearbyint rint round scalbn sqrt trunc '
library=$(ldd "$evenhand" | awk '$1 ~ /^libm\./ { print $3 }')
if [ -n "$library" ] && command -v nm >/dev/null; then
  for name in $(comm -12 <(nm -D --undefined-only "$evenhand" | awk '{ print $NF }' | sed 's/@.*//' | sort -u) \
    <(nm -D --defined-only "$library" | awk '{ print $NF }' | sed 's/@.*//' | sort -u)); do
    [[ $exact == *" $name "* ]] || complain "$name is the system's: its last digits depend on the processor; take it from the library in the Makefile"
  done
fi

grep -qw fma /proc/cpuinfo || { echo 'this processor does not multiply and add at once: no bytes were compared'; [ $failed -eq 0 ] && exit 77; exit 1; }
"$evenhand" simulate --records 40000 --officers 200 --offices 8 --planted 6 --planted-effect 1.2 --seed 7 -o sample.csv || exit 1
write_all() { # FOLDER RULES NAME
  mkdir -p "$1"
  "${audit[@]}" "$2" sample.csv --reliability -o "$1/$3.xlsx" --json "$1/$3.json" --cells "$1/$3.csv" --scorecards "$1/$3" || complain "no audit of $3"
  "${audit[@]}" "$2" sample.csv --public -o "$1/$3-public.xlsx" --json "$1/$3-public.json" || complain "no release of $3"
}
cat >values.yaml <<'RULES'
evenhand: 1
title: Values and categories
columns: {case: case_id, date: decision_date}
individuals: [officer_id]
derive: {wait: {days_between: [encounter_date, decision_date]}}
similarly_situated: [component, criminal_history]
measures:
  outcome: {category: outcome}
  days: {value: wait, flag: {smallest_difference: 1}}
  released: {event: outcome = 'released'}
comparisons:
  - {across: officer_id, within: field_office}
  - {across: field_office}
RULES
for rules in "$root/rules/ice-priorities-2011.yaml" values.yaml; do
  name=$(basename "$rules" .yaml)
  write_all here "$rules" "$name"
  (export "$plain"; write_all there "$rules" "$name"; exit $failed) || failed=1
done
(export "$plain" && "$evenhand" simulate --records 40000 --officers 200 --offices 8 --planted 6 --planted-effect 1.2 --seed 7 -o there.csv)
cmp sample.csv there.csv || complain 'records are simulated otherwise'
diff -rq here there || complain 'a processor without FMA writes other bytes'
echo "$(find here -type f | wc -l) results compared"
exit $failed
