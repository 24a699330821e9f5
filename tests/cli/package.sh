#!/bin/bash
# The evidence package: the same bytes for the same audit; verified from its cells and from the records, here and in R; a digit
# forged in any of its files is found; what is no package is refused.
set -u
cd "$(dirname "$0")/../.." || exit 1
root=$PWD
evenhand=$(realpath "${EVENHAND:-build/release/evenhand}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failed=0
complain() { echo "package: $*"; failed=1; }
has_status() { # STATUS COMMAND...
  local wanted=$1 status=0
  shift
  "$@" >stdout 2>stderr || status=$?
  [ "$status" -eq "$wanted" ] || complain "exit status $status, not $wanted: $*: $(cat stdout stderr)"
}
says() { grep -qF -- "$1" stdout stderr || complain "no word of '$1': $(cat stdout stderr)"; }

cat >rules.yaml <<'END'
evenhand: 1
title: A package
columns: {case: case_id, person: person_id, date: decision_date}
individuals: [officer_id]
similarly_situated: [criminal_history, detained]
measures:
  released: {event: outcome = 'released'}
comparisons: [{across: officer_id, within: field_office}, {across: field_office}]
END
"$evenhand" simulate --records 5000 --offices 5 --officers 40 --planted 4 --planted-effect 2 --seed 7 -o records.csv
has_status 0 "$evenhand" audit rules.yaml records.csv --as-of 2026-01-31 --package audit.zip
says 'its fingerprint, for the working papers, is'
fingerprint=$(tr -d '\n' <stdout | sed 's/.*is  *\([0-9a-f]\{64\}\)\..*/\1/')
has_status 0 "$evenhand" audit rules.yaml records.csv --as-of 2026-01-31 --package again.zip --threads 1 --quiet
cmp -s audit.zip again.zip || complain "the package depends on the threads or its name"
[ "$(stat -c %a audit.zip)" = 600 ] || complain "others can read the package"
has_status 0 "$evenhand" verify audit.zip
says "fingerprint $fingerprint"
says 'not redone without the records'
mkdir elsewhere && cp records.csv elsewhere/renamed.txt
has_status 0 "$evenhand" verify audit.zip elsewhere/renamed.txt
says 'from the records: same, to the byte'
grep -q "$(sed -n '2s/,.*//p' records.csv)" <(unzip -p audit.zip cells.csv figures.csv) && complain "a case is in the package's counts"

# In R, where there is one.
if command -v Rscript >/dev/null; then
  mkdir unpacked && (cd unpacked && unzip -q ../audit.zip && Rscript verify.R >said 2>&1) || complain "R: $(cat unpacked/said)"
  grep -q '^same: all [0-9]* figures$' unpacked/said || complain "R says: $(cat unpacked/said)"
  (cd unpacked && sed -i '3s/\(,[0-9]*\)\(,[0-9]*\)$/\1,9999/' cells.csv && Rscript verify.R >said 2>&1) && complain "R finds a forged cell the same"
else
  echo "skipped: R is not here to redo the figures"
fi

# Categories and values: from the records, and in R.
sed "s/^  released.*/&\n  which: {category: outcome}\n  wait: {value: wait, flag: {smallest_difference: 5 days}}/; s/^similarly/derive: {wait: {days_between: [encounter_date, date]}}\n&/" rules.yaml >kinds.yaml
head -n 2000 records.csv >fewer.csv
has_status 0 "$evenhand" audit kinds.yaml fewer.csv --as-of 2026-01-31 --package kinds.zip --quiet
has_status 0 "$evenhand" verify kinds.zip fewer.csv
says 'not read back here'
says 'from the records: same'
if command -v Rscript >/dev/null; then
  mkdir kinds && (cd kinds && unzip -q ../kinds.zip && Rscript verify.R >said 2>&1) || complain "R, of kinds: $(head kinds/said)"
fi

# Weighted peers: labels of records that are left out make no difference.
sed "s/^similarly.*/similarly_situated: [criminal_history]\nadjust_for: [detained, component]\nrecords: {keep: component != 'CBP'}/" rules.yaml >weighted.yaml
has_status 0 "$evenhand" audit weighted.yaml records.csv --as-of 2026-01-31 --package weighted.zip --quiet
has_status 0 "$evenhand" verify weighted.zip records.csv
says 'from its cells: same'

# Forged: a digit of each file, its digest put right or not; the workbook's and what only records tell with the records at hand.
cat >forge.py <<'END'
import hashlib, json, re, sys, zipfile
source, target, member, mended = sys.argv[1:5]
old, new = sys.argv[5:7]
pack = zipfile.ZipFile(source)
texts = {name: pack.read(name) for name in pack.namelist()}
if member == "audit.xlsx":  # another workbook that opens: with a digit of its first sheet changed
    import io
    inner = zipfile.ZipFile(io.BytesIO(texts[member]))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for name in inner.namelist():
            data = inner.read(name)
            if name == "xl/sharedStrings.xml":
                data = re.sub(rb"\d(?=[^<>]*</t>)", lambda m: b"%d" % (9 - int(m.group())), data, count=1)
            book.writestr(name, data)
    texts[member] = out.getvalue()
else:
    text = texts[member].decode()
    assert re.search(old, text), (member, old)
    texts[member] = re.sub(old, new, text, count=1).encode()
if mended == "mended":
    manifest = json.loads(texts["manifest.json"])
    for entry in manifest["members"]:
        entry["sha256"] = hashlib.sha256(texts[entry["name"]]).hexdigest()
        entry["bytes"] = len(texts[entry["name"]])
    texts["manifest.json"] = json.dumps(manifest).encode()
with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
    for name, data in texts.items():
        out.writestr(name, data)
END
forge() { # MEMBER OLD NEW: found by its digest, and from the cells where that was put right
  python3 forge.py audit.zip forged.zip "$1" as-it-was "$2" "$3" || complain "$1 was not forged"
  has_status 1 "$evenhand" verify forged.zip
  says "$1 is not the file that the manifest states"
  python3 forge.py audit.zip forged.zip "$1" mended "$2" "$3"
  has_status 1 "$evenhand" verify forged.zip
  says 'DIFFERENT'
  says 'not the same'
}
forge findings.json '"comparable": (\d)' '"comparable": 9\1'
forge findings.json '("difference": \{\s*"estimate": -?0\.\d\d)' '\g<1>9'
forge findings.json '"title": "released' '"title": "Released'
forge findings.json '"odds_ratio": \{\s*"estimate": \d' '"odds_ratio": {"estimate": 7'
forge cells.csv '(\n[^\n]*,)\d+(,\d+\n)' '\g<1>4321\2'
forge figures.csv '(\n"?released[^\n]*),(-?0\.\d)' '\1,\g<2>7'
forge rules.yaml "'released'" "'deferred action'"
forge verify.R '1e-9' '1e+9'
forge README.txt 'cells alone' 'records alone'
for member in audit.xlsx findings.json; do
  python3 forge.py audit.zip forged.zip $member mended '"rank": \{\s*"expected": \d' '"rank": {"expected": 3' || complain "$member was not forged"
  has_status 1 "$evenhand" verify forged.zip records.csv
  says 'DIFFERENT'
done
sed '5s/,released,/,removed,/; 7s/,removed,/,released,/; 9s/,[A-Z][a-z]*,/,Nowhere,/' records.csv >other.csv
has_status 1 "$evenhand" verify audit.zip other.csv
says 'is none of the files that were audited'
has_status 1 "$evenhand" verify audit.zip records.csv records.csv

# Pseudonyms: verified from the cells by everybody, from the records with the key.
openssl rand -hex 32 >key && openssl rand -hex 32 >other-key && chmod 600 key other-key
has_status 0 "$evenhand" audit rules.yaml records.csv --as-of 2026-01-31 --pseudonyms key --package secret.zip --quiet
cut -d, -f5 records.csv | sort -u | grep '^O[0-9]' >ids
for member in findings.json cells.csv figures.csv manifest.json rules.yaml; do
  unzip -p secret.zip $member | grep -qwFf ids && complain "ids are in $member"
done
has_status 0 "$evenhand" verify secret.zip
has_status 2 "$evenhand" verify secret.zip records.csv
says 'give the key'
has_status 0 "$evenhand" verify secret.zip records.csv --pseudonyms key
has_status 1 "$evenhand" verify secret.zip records.csv --pseudonyms other-key

# No package.
refused() { # FILE WORDS
  has_status 1 "$evenhand" verify "$1"
  says "$2"
}
head -c 20000 audit.zip >cut.zip
: >empty.zip
echo 'no zip' >text.zip
refused cut.zip cut.zip
refused empty.zip 'is no zip'
refused text.zip text.zip
refused nowhere.zip 'cannot be opened'
python3 - <<'END'
import zipfile
pack = zipfile.ZipFile("audit.zip")
def write(target, names, **more):
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for name in names:
            out.writestr(name, pack.read(name))
        for name, data in more.items():
            out.writestr({"up": "../../etc/x", "manifest": "manifest.json"}[name], data)
names = pack.namelist()
write("lacks.zip", [name for name in names if name != "cells.csv"])
write("up.zip", names, up="x")
write("bare.zip", [name for name in names if name != "manifest.json"])
write("odd.zip", [name for name in names if name != "manifest.json"], manifest="[]")
write("hollow.zip", [name for name in names if name != "manifest.json"], manifest='{"package": 1}')
END
refused lacks.zip 'lacks cells.csv'
refused up.zip 'is no part of one'
refused bare.zip 'it has no manifest.json'
refused odd.zip 'no JSON'
refused hollow.zip 'lacks something'
[ -e x ] && complain "a package wrote a file"
for wrong in --public '--ledger x.csv' --no-hash; do
  has_status 2 "$evenhand" audit rules.yaml records.csv --package x.zip $wrong
done
has_status 2 "$evenhand" verify
"$evenhand" audit rules.yaml records.csv --cells cells.csv --quiet --as-of 2026-01-31
has_status 0 "$evenhand" audit rules.yaml --from-cells cells.csv --as-of 2026-01-31 --package of-cells.zip --quiet
has_status 0 "$evenhand" verify of-cells.zip
has_status 2 "$evenhand" verify of-cells.zip records.csv
exit $failed
