#!/bin/bash
# Traits of records as people have them, one to a file: each is read right, or doubted with its remedy; the same records without it
# are not.
set -u
cd "$(dirname "$0")/../.." || exit 1
evenhand=$(realpath "${EVENHAND:-build/release/evenhand}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
EVENHAND=$evenhand python3 - <<'END'
import json, os, random, subprocess, sys

RULES = """evenhand: 1
title: Traits
columns: {case: case, office: office, officer: officer}
individuals: [officer]
similarly_situated: [kind]
measures: {granted: {event: outcome = 'granted'}}
comparisons: [{across: office}]
"""
open("rules.yaml", "w").write(RULES)
failed = []


def base(offices=("North", "South", "East", "West")):
    rng = random.Random(3)
    return [["case", "office", "officer", "kind", "outcome", "points", "fee"]] + [
        [str(1000 + i), rng.choice(offices), f"O{rng.randrange(20)}", rng.choice("ab"), rng.choice(["granted", "denied"]),
         str(rng.randrange(9)), "10"] for i in range(800)]


def audit(rows, name):
    with open(f"{name}.csv", "w", encoding="utf-8") as file:
        file.write("".join(",".join(row) + "\n" for row in rows))
    done = subprocess.run([os.environ["EVENHAND"], "audit", "rules.yaml", f"{name}.csv", "--quiet", "--json", "out.json"],
                          capture_output=True, text=True, check=False)
    if done.returncode:
        failed.append(f"{name}: exit status {done.returncode}: {done.stderr}")
        return {"read": 0, "audited": 0, "excluded": []}, []
    out = json.load(open("out.json"))
    return out["records"], [d["statement"] for d in out["reliability"]["doubts"]]


def expect(name, rows, audited=800, left_out="", doubt=""):
    records, doubts = audit(rows, name)
    reasons = "; ".join(f"{e['records']} {e['reason']}" for e in records["excluded"])
    if records["audited"] != audited or reasons != left_out:
        failed.append(f"{name}: {records['audited']} audited, left out: {reasons}")
    written = [d for d in doubts if d.startswith("office has values")]
    if bool(doubt) != bool(written) or (doubt and doubt not in written[0]):
        failed.append(f"{name}: doubts {doubts}")


def changed(old, new, share, rows=None):
    rng, rows = random.Random(5), rows or base()
    for row in rows[1:]:
        if row[1] == old and rng.random() < share:
            row[1] = new
    return rows


expect("base", base())
rows = base()
for at in (700, 400, 100):
    rows.insert(at, ["Total", "", "", "", "", "55", "400"])
rows.insert(50, ["Grand Total", "4 offices", "20", "2", "", "120", "500"])
rows.append(["Summary", "All", "20", "2", "400", "120", ""])
expect("totals", rows, left_out="5 a total of other rows")
expect("case-that-is-called-so", base() + [["Total", "North", "O3", "a", "granted", "3", "10"]], audited=801)
rows = base() + [["Note:", "provisional", "", "", "", "", ""], ["*", "subject to change", "", "", "", "", ""],
                 ["Source", "the agency", "", "", "", "", ""], ["(1)", "", "", "", "", "", ""]]
expect("notes", rows, left_out="1 one cell only, as notes and headings have; 3 a note on the others")
expect("long", changed("North", "North Field Office", 0.3), doubt="'North Field Office'")
expect("letter", changed("South", "S", 0.2), doubt="'S' (")
expect("initials", changed("New Haven", "NH", 0.3, base(("New Haven", "South", "East", "West"))), doubt="'NH'")
expect("prefix", changed("Philadelphia", "Phi", 0.3, base(("Philadelphia", "South", "East", "West"))), doubt="'Phi'")
expect("codes", base(("N", "S", "E", "North Coast")))
expect("numbered", base(("Area 1", "Area 2", "Sector 1", "Sector 2")))
expect("two-that-begin-alike", base(("San Diego", "San Antonio", "SA", "San Jose")), doubt="'SA' (")
expect("one-letter-for-two", changed("South", "S", 0.2, base(("Salem", "South", "East", "West"))))
wrong = "Peñasco".encode().decode("cp1252")
expect("letters", changed("Peñasco", wrong, 0.3, base(("Peñasco", "México", "East", "West"))), doubt=f"'{wrong}'")
expect("letters-that-are-right", base(("Peñasco", "México", "Zürich", "São Paulo")))
# Several values in a cell, parted: as if each record had the one that counts.
def parted(take, of, cells, one):
    rows = base()
    for i, row in enumerate(rows[1:]):
        row[4] = cells[i % len(cells)]
    plain = [row[:4] + [one[cells.index(row[4])]] + row[5:] if row[0] != "case" else row for row in rows]
    rule = f'split: {{outcome: {{by: "|", take: {take}{", of: granted" if of else ""}}}}}\n'
    results = []
    for name, what, text in (("several", rows, RULES + rule), ("one", plain, RULES)):
        open("split.yaml", "w").write(text.replace("= 'granted'", "= '1'") if take == "count" else text)
        with open(f"{name}.csv", "w", encoding="utf-8") as file:
            file.write("".join(",".join(row) + "\n" for row in what))
        done = subprocess.run([os.environ["EVENHAND"], "audit", "split.yaml", f"{name}.csv", "--quiet", "--no-reliability",
                               "--cells", f"{name}-cells.csv"], capture_output=True, text=True, check=False)
        results.append(open(f"{name}-cells.csv").read() if done.returncode == 0 else done.stderr)
    if results[0] != results[1] or "granted" not in results[0]:
        failed.append(f"split, take {take}: {results[0][:200]} and not {results[1][:200]}")


cells = ["denied | granted", "granted", "denied||denied", "granted|denied | granted", " denied", "|granted"]
parted("first", False, cells, ["denied", "granted", "denied", "granted", "denied", "granted"])
parted("last", False, cells, ["granted", "granted", "denied", "granted", "denied", "granted"])
parted("any", True, cells, ["granted", "granted", "denied", "granted", "denied", "granted"])
parted("all", True, cells, ["denied", "granted", "denied", "denied", "denied", "granted"])
parted("count", False, cells, ["2", "1", "1", "2", "1", "1"])
print("\n".join(failed), end="\n" if failed else "")
sys.exit(bool(failed))
END
