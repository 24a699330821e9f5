#!/bin/bash
# A line of 1 GiB costs that line, a minute at most, and memory as for any other file.
. "$(dirname "$0")/common.sh"

# Records 1 to 200, then one with a field of so many bytes, then 202 to 300.
records_around() { # BYTES
  awk 'BEGIN { print "id,office,kind,result"; for (i = 1; i <= 200; i++) print i ",o" i % 2 ",k," (i % 3 ? "N" : "Y") }'
  printf '201,o1,'
  head -c "$1" /dev/zero | tr '\0' x
  printf ',Y\n'
  awk 'BEGIN { for (i = 202; i <= 300; i++) print i ",o" i % 2 ",k,N" }'
}

check_report() { # WHAT
  says '"read": 300,' report.json
  says '"audited": 299,' report.json
  says '"reason": "a record over 8 MiB"' report.json
  says ':202: a record over 8 MiB; this line is left out' stderr
}

confined() { (ulimit -v 524288; exec timeout 300 "$@"); }

gib=$((1 << 30))
audit=("$evenhand" audit --as-of 2026-01-31 rules.yaml --json report.json)
records_around $gib | confined "${audit[@]}" - >stdout 2>stderr || complain "from a pipe: $(cat stderr)"
check_report 'from a pipe'
mkfifo packed
records_around $gib | gzip -1 >packed &
confined "${audit[@]}" packed >stdout 2>stderr || complain "compressed: $(cat stderr)"
wait
check_report 'compressed'
# A file with a hole is NUL bytes without taking the disk.
{ records_around 0 | head -n 201; } >holed.csv
truncate -s $gib holed.csv
printf '\n202,o1,k,N\n' >>holed.csv
confined "${audit[@]}" holed.csv -o report.xlsx >stdout 2>stderr || complain "a file with a hole: $(cat stderr)"
says '"audited": 201,' report.json
# In the header there is nothing to leave out.
{ printf 'id,'; head -c $gib /dev/zero | tr '\0' x; } | confined "${audit[@]}" - >stdout 2>stderr
[ $? -eq 1 ] || complain "a header without an end: $(cat stderr)"
says_one_line 'has no header line'
exit "$failed"
