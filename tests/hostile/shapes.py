#!/usr/bin/env python3
"""Every command on small records of random shapes, under random rules that fit them: it ends with 0, or says why not.

Results appear whole, and nothing else does.

Columns are there or not, and named oddly; values are missing, strange or all the same; the rules compare whatever is left.
EVENHAND: the program; HOSTILE_SEEDS: how many shapes.
"""
import csv
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

EVENHAND = os.environ.get("EVENHAND", str(Path(__file__).resolve().parents[2] / "build/release/evenhand"))
NEEDED, COLUMNS = ("case", "yes"), ("case", "person", "date", "born", "unit", "officer", "num", "cat", "yes", "const")
UNITS = ["Nörth", 'So "uth"', "East, far", "West\nline", "=cmd", "-1", "x" * 300]
RESULTS = ("-o", "--json", "--cells")


def value(rng, column, row, rows):
    if column == "case":
        return f"c{row}"
    if rng.random() < 0.02:
        return rng.choice(["", "NA", "?", " ", "unknown"])
    return {
        "person": lambda: f"p{rng.randrange(max(1, rows // 2))}",
        "date": lambda: f"{rng.randint(2013, 2015)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}",
        "born": lambda: f"{rng.randint(1, 12)}/{rng.randint(1, 28)}/{rng.randint(1950, 2000)}",
        "unit": lambda: rng.choice(UNITS),
        "officer": lambda: f"o{min(int(rng.expovariate(0.2)), 40)}",
        "num": lambda: rng.choice([str(rng.randint(-5, 90)), f"{rng.gauss(0, 10):.2f}", "1e2"]),
        "cat": lambda: rng.choice(["a", "b", "c", "d é"]),
        "yes": lambda: rng.choice("YNN"),
        "const": lambda: "same",
    }[column]()


def write_records(rng, path, columns, headers):
    rows = rng.choice([1, 2, 3, 10, 80, 600, 3000])
    likely = [rng.random() for _ in range(41)]  # by officer, so that there are findings
    with open(path, "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, delimiter=rng.choice(",;\t|"), quoting=rng.choice([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]))
        out.writerow(headers)
        for row in range(rows):
            record = {column: value(rng, column, row, rows) for column in columns}
            if record.get("officer", "")[1:].isdigit():
                record["yes"] = "Y" if rng.random() < likely[int(record["officer"][1:])] else "N"
            out.writerow(record.values())


def some(rng, lines, share):
    return [line for line in lines if rng.random() < share]


def random_rules(rng, columns, headers):
    has = set(columns).__contains__
    lines = ["evenhand: 1", 'title: "odd & <rules>"', "columns:"]
    lines += [f"  {column}: '{header}'" for column, header in zip(columns, headers) if column != "const"]
    lines += ['missing: ["", "NA", "?"]', 'dates: ["%Y-%m-%d", "%m/%d/%Y"]']
    lines += ["derive:", "  same: {recode: yes, to: {x: [Y]}}"]
    factors = ["cat"] if has("cat") else []
    if has("date"):
        lines += ["  year: {year: date}"]
    if has("born") and has("date"):
        lines += ["  age: {years_between: [born, date]}", "  band: {bands: [18, 30, 50], of: age}"]
        factors += ["band"]
    if has("num"):
        lines += ["  size: {bands: [0, 10], of: num}"]
        factors += ["size"]
    has_policies = has("date") and rng.random() < 0.5
    if has_policies:
        lines += ["policies:", "  - {name: one, from: 2014-02-01}", "  - {name: two, from: 2015-06-01}"]
    factors = some(rng, factors, 0.5)
    lines += [f"individuals: [{'officer' if has('officer') else ''}]", f"similarly_situated: [{', '.join(factors)}]"]
    lines += some(rng, ["on_missing: exclude", 'records: {keep: "yes is not missing"}'], 0.3)
    lines += ["measures:", "  m one: {event: yes = 'Y'}"]
    if has("cat") and "cat" not in factors:
        lines += some(rng, ["  kind: {category: cat}"], 0.6)
    if has("num") and "size" not in factors:
        lines += some(rng, ["  amount: {value: num, flag: {smallest_difference: 0.5}}"], 0.6)
    comparisons = [f"{{across: {column}}}" for column in ("officer", "unit") if has(column)]
    if has("officer") and has("unit"):
        comparisons += ["{across: officer, within: unit}", "{across: officer, each: unit}"]
    if has("date") and has("unit"):
        comparisons += ["{across: unit, each: year}", "{across: year, within: unit}"]
    if has_policies and has("unit"):
        comparisons += ["{across: policy, within: unit}", "{across: policy, each: unit}"]
    comparisons = comparisons or ["{across: same}"]
    lines += ["comparisons:"] + [f"  - {c}" for c in rng.sample(comparisons, rng.randint(1, len(comparisons)))]
    lines += [f"flag: {{test: {rng.choice(['exact', 'cmh'])}, smallest_caseload: {rng.choice([1, 5, 30])}, "
              f"smallest_difference: {rng.choice([1, 10])} points}}"]
    lines += some(rng, ["review: {confidence: 90%, tolerable_rate: 10%}",
                        "totals: [{name: t, where: yes = 'Y', expected: 100}]"], 0.3)
    return "\n".join(lines) + "\n"


COMMANDS = [
    "check rules.yaml records.csv",
    "explain rules.yaml",
    "sql rules.yaml --dialect postgresql",
    "template rules.yaml -o form.xlsx",
    "profile records.csv -o profile.xlsx --json profile.json",
    "profile records.csv --rules rules.yaml -o profiled.xlsx",
    "audit rules.yaml records.csv -o audit.xlsx --json audit.json --cells cells.csv",
    "audit rules.yaml records.csv --scorecards cards",
    "audit rules.yaml records.csv --public -o public.xlsx --json public.json",
    "audit rules.yaml records.csv --pseudonyms key -o pseudonyms.xlsx --json pseudonyms.json",
    "audit rules.yaml --from-cells cells.csv -o again.xlsx",
    "init records.csv -o starter.yaml",
    "audit starter.yaml records.csv -o started.xlsx",
]


def faults_of(command, folder):
    """What is wrong with how a command ends."""
    words = command.split()
    made = [folder / words[i + 1] for i, word in enumerate(words) if word in RESULTS]
    if command.startswith("audit starter") and not (folder / "starter.yaml").exists():
        return
    before = {path.name for path in folder.iterdir()}
    done = subprocess.run([EVENHAND, *words], cwd=folder, capture_output=True, timeout=300)
    said = done.stderr.decode("utf-8", "replace")
    if done.returncode not in (0, 1, 2) or "runtime error:" in said or "Sanitizer" in said:
        yield f"exit status {done.returncode}: {said[-2000:]}"
    if done.returncode and not said.startswith("evenhand"):
        yield f"it does not say why it ends with {done.returncode}"
    if any(path.exists() != (done.returncode == 0) for path in made):
        yield "results are there after a failure, or are not after success"
    strangers = {path.name for path in folder.iterdir()} - before - {path.name for path in made} - {"cards"}
    if strangers:
        yield f"it leaves {', '.join(sorted(strangers))}"


def try_shape(seed, folder):
    rng = random.Random(seed)
    columns = [column for column in COLUMNS if column in NEEDED or rng.random() < 0.85]
    headers = [rng.choice([column, column.upper(), f"{column} of it", f"{column}: x"]) for column in columns]
    write_records(rng, folder / "records.csv", columns, headers)
    (folder / "rules.yaml").write_text(random_rules(rng, columns, headers), encoding="utf-8")
    (folder / "key").write_text("0123456789abcdef0123456789abcdef\n")
    (folder / "key").chmod(0o600)
    faults = 0
    for command in COMMANDS:
        for fault in faults_of(command, folder):
            print(f"FAILED: shape {seed}: {command}: {fault}")
            faults += 1
    return faults


def main():
    faults = 0
    for seed in range(1, int(os.environ.get("HOSTILE_SEEDS", "40")) + 1):
        folder = Path(tempfile.mkdtemp())
        faults += try_shape(seed, folder)
        shutil.rmtree(folder)
    return 1 if faults else 0


sys.exit(main())
