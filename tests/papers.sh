#!/bin/bash
# The papers beside the code name all that there is, and nothing that there is not: every key of the rules (rules/README.md), every
# name of the JSON and every sheet (reports/README.md), every option (engine/README.md), every method (engine/stats/README.md); and
# the files and folders that they point to are there.
set -u
cd "$(dirname "$0")/.." || exit 1
failed=0

cells() { # PAPER HEADING: what stands in `backticks` in the first cells of the tables whose first heading this is
  awk -F '|' -v heading=" $2 " '
    !/^\|/ { inside = 0; next }
    !inside { inside = 1; wanted = ($2 == heading); next }
    wanted && $2 !~ /^ *:?-+:? *$/ { print $2 }' "$1" | grep -o '`[^`]*`' | tr -d '`' | sort
}
same() { # WHAT PAPER HEADING, and on standard input what there is
  local there
  there=$(sort -u)
  [ "$(wc -l <<<"$there")" -ge 5 ] || { echo "$1: only these were found: $there"; failed=1; }
  diff <(echo "$there") <(cells "$2" "$3" | uniq) | sed -n "s|^< |$2 does not name the $1 |p; s|^> |$2 names what is no $1: |p" | grep . && failed=1
}
joined() { cat "$@" | tr '\n' ' '; } # the text of files as one line
names() { grep -oE '"[^"]*"' | tr -d '"'; }

same 'key' rules/README.md key < <({
  joined rules/read/*.c | grep -oE '(keys|roles)\[\] = \{[^}]*\}'
  joined rules/language/question.c | grep -oE '\.key = "[a-z_]+"'
  joined rules/read/sections.c | grep -oE '\{"[a-z_]+", +EH_READ_'
  joined rules/read/derive.c | grep -oE '\{"[a-z_]+", +EH_[A-Z_]+, +read_[a-z_]+, +\{[^}]*\}'
  joined rules/criteria.h | grep -oE 'X\([A-Z_]+, +"[a-z_]+"'
} | names)
same 'name' reports/README.md name < <({
  joined reports/data/*json*.c reports/release/*.c reports/followup/json.c |
    grep -oE '\{"[a-z_0-9]+", +(\.set|\.at|EH_JSON|COUNT|FLAG|FIGURE|INTERVAL|TEST|TEXTS?|put_)'
  joined reports/data/*json*.c reports/release/*.c reports/followup/json.c |
    grep -oE '(eh_json_(set|put|open)[a-z_]*\([^,";]*|set_[a-z]+\([^,";]*(, *object)?), *"[a-z_0-9]+"'
} | names)
same 'sheet' reports/README.md sheet < <(joined reports/workbook/workbook.c | grep -oE '\{"[A-Z(][^"]*", +"[^"]*"' | grep -oE '^\{"[^"]*' | tr -d '{"')
same 'option' engine/README.md option < <("${EVENHAND:?the program to test}" help --completion | sed -n '/_options/,/^}/p' | grep -oE -- '--[a-z-]+')
same 'method' engine/stats/README.md file < <(find engine/stats -name '*.h' ! -name '*_internal.h' -printf '%f\n')
same 'column of the standard record' rules/README.md column < <(grep -oE '^  X\([a-z_]+\)' fixtures/record.h | sed 's/.*(//; s/)//')

# What papers point to.
for paper in README.md engine/README.md engine/stats/README.md rules/README.md reports/README.md; do
  while read -r target; do
    [ -e "$(dirname "$paper")/$target" ] || { echo "$paper: there is no $target"; failed=1; }
  done < <(grep -oE '\]\([^)#:]+\)' "$paper" | sed 's/^](//; s/)$//')
  while read -r path; do
    compgen -G "${path%/}" >/dev/null || { echo "$paper: there is no $path"; failed=1; }
  done < <(grep -v NAME "$paper" | grep -oE '`(engine|rules|reports|fixtures|tests)/[a-zA-Z0-9_./*{},-]*`' | tr -d '`')
done
[ "$failed" -eq 0 ] && echo "papers: all named"
exit "$failed"
