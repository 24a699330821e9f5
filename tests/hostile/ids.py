#!/usr/bin/env python3
"""No planted id stands in any byte of any result, whatever the rules call the columns that hold ids.

Records of up to three sources, each with headers of its own; rules that are made at random, with second names for the columns of
individuals, cases and persons: other names of an input, headers used as they are, capitals. Each audit is made with --pseudonyms and
with --public, each profile with --pseudonyms; then every byte of what they wrote is searched. Rules that quote ids must be refused.
EVENHAND: the program; HOSTILE_SEEDS: how many worlds.
"""
import csv
import os
import random
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

EVENHAND = os.environ["EVENHAND"]
IDS = {"officer": "QOF{:04d}", "person": "QPE{:04d}", "case": "QCA{:05d}"}
PLANTED = re.compile(rb"Q ?(OF\d{3}|PE\d{3}|CA\d{4})", re.IGNORECASE)
OFFICERS, OFFICES = re.compile(rb"Q ?(OF\d{3}|PE\d{3})", re.IGNORECASE), ["North", "South", "East", "West"]
SPARE = ["unit", "clerk", "desk", "team", "signed_by", "reviewer"]  # names that rules may give to a header of ids


def headers_of(rng, source):
    """What a source calls case, person, officer, office, kind and outcome."""
    plain = ["case", "person", "officer", "office", "kind", "outcome"]
    return {name: name if rng.random() < 0.5 else f"{name}_{source}" for name in plain}


def written(rng, text):
    """An id, now and then otherwise than elsewhere, so that doubts have something to name."""
    slips = [text.lower(), text + " ", text.replace("Q", "Q "), text.replace("00", "0"), text + "X", text[:-1]]
    return rng.choice(slips) if rng.random() < 0.3 else text


def write_records(rng, path, headers):
    with open(path, "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(headers.values())
        for row in range(600):
            officer = rng.randrange(12)
            yes = rng.random() < (0.9 if officer == 0 else 0.3)
            out.writerow([IDS["case"].format(rng.randrange(90000)), written(rng, IDS["person"].format(rng.randrange(400))),
                          written(rng, IDS["officer"].format(officer)), OFFICES[officer % 4], rng.choice("abc"), "YN"[not yes]])


def write_roster(rng, path, header):
    """A table of officers: their ids under this header, a grade, and whose officer each is."""
    with open(path, "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow([header, "grade", "boss"])
        for officer in range(12):
            out.writerow([IDS["officer"].format(officer), officer % 3, IDS["officer"].format(officer // 4)])


def random_rules(rng, sources):
    """Rules, and the names of columns that hold ids."""
    named = {spare: rng.choice(["officer", "officer", "person", "case"]) for spare in SPARE if rng.random() < 0.4}
    given = rng.choice(["officer", "clerk_of_record"])  # what the rules call the officers' column
    lines = ["evenhand: 1", "title: aliases", f"individuals: [{given}]", "inputs:"]
    for number, headers in enumerate(sources):
        columns = {"case": headers["case"], "person": headers["person"], "office": headers["office"],
                   "kind": headers["kind"], "outcome": headers["outcome"], given: headers["officer"]}
        for spare, holds in named.items():
            columns[spare] = headers[holds] if number == 0 or rng.random() < 0.7 else "missing"
        lines += [f"  - name: S{number}", f"    files: s{number}.csv", "    columns:"]
        lines += [f"      {name}: {header}" for name, header in columns.items()]
    # A header as it is, or with other capitals, is a column, too.
    straight = [h for h in {s["officer"] for s in sources} if all(s["officer"] == h for s in sources) and h != given]
    units = list(named) + straight + [given]
    if rng.random() < 0.5:  # the ids once more, out of a table; and others', which the rules list
        lines[2] = f"individuals: [{given}, boss]"
        lines += [f"joins: {{file: roster.csv, on: {{{given}: {sources[0]['officer']}}}, columns: {{again: {sources[0]['officer']}, boss: boss, grade: grade}}}}"]
        units += ["again", "boss"]
    across = rng.sample(units, min(len(units), 3))
    lines += ["similarly_situated: [kind]", "measures:", "  granted: {event: outcome = 'Y'}"]
    if rng.random() < 0.4:
        lines += [f"  who: {{category: {rng.choice(units)}}}"]
    lines += ["comparisons:"]
    for unit in across:
        lines += [f"  - {{across: {unit}" + rng.choice(["", ", within: office"]) + ", measure: granted}"]
    others = [u for u in units if u not in across]
    if others:
        lines += [f"  - {{across: office, within: {others[0]}, measure: granted}}"]
    if len(others) > 1:
        lines += [f"  - {{across: office, each: {others[1]}, measure: granted}}"]
    lines += ["  - {across: office}", "flag: {smallest_caseload: 5}", "expect:"]
    lines += [f"  - {{column: {unit}, never: missing}}" for unit in units[:2]]
    return "\n".join(lines) + "\n", units


def run(folder, arguments):
    return subprocess.run([EVENHAND, *arguments], cwd=folder, capture_output=True, stdin=subprocess.DEVNULL, timeout=120)


def bytes_of(path):
    if path.suffix != ".xlsx":
        yield path.name, path.read_bytes()
        return
    with zipfile.ZipFile(path) as book:
        for name in book.namelist():
            yield f"{path.name}: {name}", book.read(name)


def search(folder, pattern, done, where):
    """Complain of every result in a folder, and of what was printed, that holds an id."""
    texts = [("standard output", done.stdout), ("standard error", done.stderr), ("names", " ".join(
        str(p) for p in Path(folder).rglob("*")).encode())]
    for path in Path(folder).rglob("*"):
        if path.is_file():
            texts += list(bytes_of(path))
    return [f"{where}: {name} holds {found.group().decode()}" for name, text in texts if (found := pattern.search(text))]


def world(seed):
    rng = random.Random(seed)
    faults = []
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "key").write_bytes(rng.randbytes(32).hex().encode())
        os.chmod(Path(folder) / "key", 0o600)
        sources = [headers_of(rng, n) for n in range(rng.randint(1, 3))]
        files = [f"s{n}.csv" for n in range(len(sources))]
        for name, headers in zip(files, sources):
            write_records(rng, Path(folder) / name, headers)
        write_roster(rng, Path(folder) / "roster.csv", sources[0]["officer"])
        rules, units = random_rules(rng, sources)
        (Path(folder) / "rules.yaml").write_text(rules)
        quiet = ["--as-of", "2026-01-31", "--no-hash"]
        results = ["-o", "out/a.xlsx", "--json", "out/a.json"]
        # Case numbers stand in the files to read, unless they are someone's ids.
        trials = [("pseudonyms", OFFICERS, ["audit", *quiet, "rules.yaml", *files, "--pseudonyms", "key", *results, "--cells",
                                            "out/cells.csv", "--scorecards", "out/cards", "--reliability"]),
                  ("public", PLANTED, ["audit", *quiet, "rules.yaml", *files, "--public", *results]),
                  ("profile", OFFICERS, ["profile", "--rules", "rules.yaml", *files, "--pseudonyms", "key", "-o",
                                         "out/p.xlsx", "--json", "out/p.json"])]
        for what, pattern, arguments in trials:
            out = Path(folder) / "out"
            out.mkdir()
            done = run(folder, arguments)
            if done.returncode != 0:
                faults.append(f"seed {seed}, {what}: exit status {done.returncode}: {done.stderr.decode()[:300]}")
            faults += [f"seed {seed}, {fault}" for fault in search(out, pattern, done, what)]
            for path in sorted(out.rglob("*"), reverse=True):
                path.rmdir() if path.is_dir() else path.unlink()
            out.rmdir()
        # A condition on any of these columns quotes an id.
        quoting = rules.replace("outcome = 'Y'", f"outcome = 'Y' and {rng.choice(units)} != '{IDS['officer'].format(1)}'")
        (Path(folder) / "quoting.yaml").write_text(quoting)
        done = run(folder, ["audit", *quiet, "quoting.yaml", *files, "--public", "--json", "none.json"])
        if done.returncode != 2 or b"the rules quote values of" not in done.stderr:
            faults.append(f"seed {seed}: rules that quote an id are taken: {done.returncode} {done.stderr.decode()[:300]}")
    return faults


def main():
    seeds = int(os.environ.get("HOSTILE_SEEDS", "6"))
    faults = [fault for seed in range(seeds) for fault in world(seed)]
    print("\n".join(faults[:20]))
    print(f"{seeds} worlds of ids, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
