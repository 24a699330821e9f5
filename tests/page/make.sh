#!/bin/bash
# make.sh FOLDER: pages of releases with their findings files. Of the department simulated; of units whose names are HTML, long, or
# turn the direction of what follows; of one where nothing can be shown. EVENHAND: the program.
set -euo pipefail
cd "$(dirname "$0")/../.."
EVENHAND=${EVENHAND:-$PWD/build/release/evenhand}
work=$1
release() { # NAME RULES RECORDS
  "$EVENHAND" audit "$2" "$3" --public --quiet --as-of 2026-01-31 --html "$work/$1.html" --json "$work/$1.json"
}
"$EVENHAND" simulate -o "$work/records" --records 40000 --seed 5 --planted-offices 3
cat rules/ice-priorities-2011.yaml - >"$work/rules" <<'END'

publication:
  department: Office of Inspector General
  period: Fiscal years 2012 to 2014
  contact: https://www.example.gov/oversight
  statement: Officers decide whom to release; these figures show how far decisions on like cases differ.
END
release department "$work/rules" "$work/records"

python3 - >"$work/hostile" <<'END'
names = ["<script>alert(1)</script>", "a & b \" ' > c", "\u202eright to left", "&lt;b&gt;", "=1+1", "x" * 300, "plain, with a comma", "Zürich 東京"]
print("case,office,outcome")
for u, name in enumerate(names):
    for i in range(400):
        print('%d,"%s",%s' % (u * 1000 + i, name.replace('"', '""'), "yes" if i % 10 < 2 + (u == 3) * 5 + u % 3 else "no"))
END
cat >"$work/hostile-rules" <<'END'
evenhand: 1
title: "Names <b>that</b> are & \"HTML\""
columns: {case: case}
individuals: []
similarly_situated: []
measures: {"granted <i>": {event: outcome = 'yes'}}
comparisons: [{across: office}]
publication: {contact: "javascript:alert(1)", department: "</h1><script>"}
END
release hostile "$work/hostile-rules" "$work/hostile"
sed 20q "$work/hostile" >"$work/few"
release few "$work/hostile-rules" "$work/few"
