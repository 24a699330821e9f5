#!/usr/bin/env python3
"""Change the statistics in one place at a time, and see whether a test fails (README.md tells how)."""

import argparse
import hashlib
import os
import random
import re
import resource
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from fnmatch import fnmatch
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).parent))
import changes  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
ACCEPTED = Path(__file__).parent / "accepted"
LAYERS = ["reports", "engine-audit", "engine-load", "engine-stats", "rules", "engine-base"]
FOLDERS = ["stats", "rules", "load", "audit"]
MEMORY = 4 << 30
VERDICTS = ["killed", "survived", "accepted", "equivalent", "not compilable", "untried"]


class Test:
    """A test program: its objects, how long it takes, and how many mutants it has killed."""

    def __init__(self, build, name):
        self.name, self.kills, self.seconds, self.is_slow, self.symbols = name, 0, None, False, None
        self.program = build / "tests" / name
        self.objects = [f"{self.program}.o"]
        if name in ("audit/calibration_test", "audit/property_test"):
            self.objects += [str(build / "tests/bench" / o) for o in ("world.o", "score.o")]


def run_limited(program, seconds, folder):
    """None where the program passes, else how it failed. It is ended at the first check that fails."""

    def limit():
        cpu = int(seconds) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 30, 1 << 30))

    process = subprocess.Popen(
        ["stdbuf", "-oL", program], cwd=ROOT, preexec_fn=limit, start_new_session=True,
        env=dict(os.environ, CK_FORK="no", CK_TAP_LOG_FILE_NAME="-", OMP_NUM_THREADS="1", TMPDIR=str(folder)),
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    failed = None

    def end():
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass

    watch = threading.Timer(10 * seconds + 10, end)
    watch.start()
    for line in process.stdout:
        if line.startswith(b"not ok"):
            failed = line.decode(errors="replace").strip()
            break
    else:
        status = process.wait()
        failed = failed if status == 0 else f"exit status {status}"
    watch.cancel()
    end()
    process.wait()
    process.stdout.close()
    return failed


def symbols_of(path):
    """The functions that an object or a program defines."""
    listed = subprocess.run(["nm", "--defined-only", str(path)], capture_output=True, text=True).stdout
    return set(re.findall(r" T (\w+)", listed))


class Bench:
    """Compiles changed sources and runs tests on them, in a folder of its own."""

    def __init__(self, build, compile_command, libraries, wanted, longest):
        self.build, self.command, self.libraries, self.longest = build, compile_command, libraries, longest
        self.folder = build / "work"
        self.folder.mkdir(parents=True, exist_ok=True)
        archives = [build / "lib" / f"{layer}.a" for layer in LAYERS]
        self.archives = [str(a) for a in archives if a.exists()]
        self.guard = self.folder / "guard.o"
        guard = [*self.command, "-I", str(ROOT), "-c", "-o", str(self.guard), str(Path(__file__).parent / "guard.c")]
        subprocess.run(guard, cwd=ROOT, check=True)
        names = sorted(f"{p.parent.name}/{p.stem}" for d in FOLDERS for p in ROOT.glob(f"tests/{d}/*_test.c"))
        self.tests = [Test(build, n) for n in names if any(fnmatch(n, w) for w in wanted)]
        self.tests = [test for test in self.tests if test.program.exists()]

    def compile(self, text, flags=()):
        """The object's bytes, or None."""
        source, target = self.folder / "changed.c", self.folder / "changed.o"
        source.write_text(text)
        command = [*self.command, *flags, "-w", "-I", str(ROOT), "-c", "-o", str(target), str(source)]
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return target.read_bytes() if done.returncode == 0 else None

    def link(self, test, objects=()):
        program = self.folder / "test"
        command = [*self.command, "-o", str(program), *test.objects, *objects, str(self.guard),
                   "-Wl,--wrap=eh_arena_alloc", *self.archives, *self.libraries]  # fmt: skip
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        return program if done.returncode == 0 else None

    def measure(self, test):
        """How long a test takes unchanged; it must pass. Not to be used if it takes too long."""
        program = self.link(test)
        start = os.times()
        failed = run_limited(str(program), self.longest, self.folder) if program else "not linked"
        end = os.times()
        test.seconds = (end.children_user - start.children_user) + (end.children_system - start.children_system)
        test.is_slow = failed is not None and test.seconds >= self.longest
        if test.is_slow:
            print(f"left out: {test.name} takes more than {self.longest:g} s", flush=True)
        elif failed is not None:
            sys.exit(f"mutants: {test.name} fails without a change ({failed}); mend that first")

    def concerned(self, file):
        """The tests that contain functions of the object compiled last, the likeliest to fail first."""
        own = symbols_of(self.folder / "changed.o")
        folder = "stats" if "stats" in file else "rules"
        order = [folder, *(f for f in FOLDERS if f != folder)]
        for test in self.tests:
            test.kills = 0
            test.symbols = test.symbols or symbols_of(test.program)

        def place(test):
            test_folder, name = test.name.split("/")
            return order.index(test_folder), name != f"{Path(file).stem}_test", name

        return sorted((t for t in self.tests if t.symbols & own), key=place)

    def killer(self, tests, deadline):
        """The first test that fails on the changed object; None if all pass; "untried" when time is up."""
        for test in sorted(tests, key=lambda t: -t.kills / (t.seconds or 1.0)):
            if time.monotonic() > deadline:
                return "untried"
            if test.seconds is None:
                self.measure(test)
            if test.is_slow:
                continue
            program = self.link(test, [str(self.folder / "changed.o")])
            if program is None or run_limited(str(program), 5 * test.seconds + 2, self.folder) is not None:
                test.kills += 1
                return test
        return None


def read_accepted():
    """Entries (file, line before, line after or None, reason), see the head of the list."""
    entries, file, before, after = [], None, None, None
    for number, line in enumerate(ACCEPTED.read_text().splitlines(), 1):
        kind, rest = line[:2], line[2:].strip()
        if not line or line[0] == "#":
            continue
        if kind == "- ":
            before, after = rest, None
        elif kind == "+ ":
            after = rest
        elif kind == "= " and file and before:
            entries.append((file, before, after, rest))
        elif line.endswith(":"):
            file = line[:-1]
        else:
            sys.exit(f"{ACCEPTED}:{number}: not a file, '- ', '+ ' or '= ' line")
    return entries


class File:
    """A source and those of its changes that are tried."""

    def __init__(self, name, count, seed, again):
        self.name, self.text = name, (ROOT / name).read_text()
        found = changes.changes_of(self.text)
        self.total = len(found)
        if again is not None:
            found = [c for c in found if (name, *changes.changed_lines(self.text, c)) in again]
        if count and count < len(found):
            found = random.Random(f"{seed} {name}").sample(found, count)
        self.changes, self.counts = found, Counter()
        self.known = {}  # the verdict on each object
        self.tests, self.plain = None, None  # to be made at the first change

    def changed(self, change):
        return self.text[: change.start] + change.text + self.text[change.end :]


def optimised_away(bench, file, text):
    """Do harder optimised objects agree? They see through more than the ones that are tested."""
    for flags in (["-O2"], ["-O3"]):
        if bench.compile(text, flags) == bench.compile(file.text, flags):
            return True
    return False


def judge(bench, file, change, deadline):
    """The verdict on one change, and the test that killed it."""
    if file.tests is None:
        file.plain = bench.compile(file.text)
        file.tests = bench.concerned(file.name)
    text = file.changed(change)
    built = bench.compile(text)
    if built is None:
        return "not compilable", ""
    if built == file.plain:
        return "equivalent", ""
    digest = hashlib.sha256(built).digest()
    if digest not in file.known:
        killer = bench.killer(file.tests, deadline)
        if killer == "untried":
            return "untried", ""
        if killer is None:
            file.known[digest] = ("equivalent" if optimised_away(bench, file, text) else "survived", "")
        else:
            file.known[digest] = ("killed", killer.name)
    return file.known[digest]


def report_counts(files, seconds):
    print(f"\n{'':34}" + "".join(f"{v:>15}" for v in VERDICTS) + f"{'of':>8}")
    total = Counter()
    for file in files:
        total.update(file.counts)
        print(f"{file.name:34}" + "".join(f"{file.counts[v]:15}" for v in VERDICTS) + f"{file.total:8}")
    print(f"{'all':34}" + "".join(f"{total[v]:15}" for v in VERDICTS) + f"{sum(f.total for f in files):8}")
    judged = total["killed"] + total["survived"] + total["accepted"]
    print(f"{total['killed']} of {judged} mutants killed, {total['accepted']} accepted with a reason, "
          f"{total['survived']} to answer; {seconds:.0f} s")  # fmt: skip
    return total


def options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", help="sources, from the project's folder")
    parser.add_argument("--build", type=Path, required=True, help="folder with the libraries and tests of the variant")
    parser.add_argument("--compile", required=True, help="the compiler and its flags")
    parser.add_argument("--libraries", required=True)
    parser.add_argument("--mutants", type=int, default=40, help="of each file; 0 for all")
    parser.add_argument("--seed", default="1", help="which mutants are drawn")
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--tests", nargs="+", default=["*"], help="patterns: stats/* rules/evaluate_test")
    parser.add_argument("--longest", type=float, default=10, help="leave out tests that take more seconds than this")
    parser.add_argument("--again", action="store_true", help="only those which the last run left unanswered")
    return parser.parse_args()


def main():
    chosen = options()
    began = time.monotonic()
    bench = Bench(chosen.build.resolve(), chosen.compile.split(), chosen.libraries.split(), chosen.tests, chosen.longest)
    accepted = read_accepted()
    log = bench.build / "mutants.tsv"
    again = None
    if chosen.again:
        rows = [line.split("\t") for line in log.read_text().splitlines()]
        again = {(r[1].split(":")[0], r[3], r[4]) for r in rows if r[0] in ("survived", "untried")}
    files = [File(name, chosen.mutants, chosen.seed, again) for name in chosen.files]
    deadline = began + chosen.seconds
    rows = max((len(f.changes) for f in files), default=0)
    with open(log, "w") as out:
        # One of each file in turn, so that all have their share when time is short.
        for file, change in [(f, f.changes[i]) for i in range(rows) for f in files if i < len(f.changes)]:
            verdict, killer = ("untried", "") if time.monotonic() > deadline else judge(bench, file, change, deadline)
            before, after = changes.changed_lines(file.text, change)
            if verdict == "survived":
                reason = next((e[3] for e in accepted if e[:2] == (file.name, before) and e[2] in (None, after)), None)
                verdict, killer = ("accepted", reason) if reason else (verdict, killer)
            file.counts[verdict] += 1
            out.write(f"{verdict}\t{file.name}:{change.line}\t{change.kind}\t{before}\t{after}\t{killer}\n")
            out.flush()
            if verdict == "survived":
                print(f"survived {file.name}:{change.line}\n  - {before}\n  + {after}", flush=True)
    total = report_counts(files, time.monotonic() - began)
    lines = {f.name: {" ".join(line.split()) for line in f.text.splitlines()} for f in files}
    stale = [e for e in accepted if e[0] in lines and not any(e[1].startswith(x) for x in lines[e[0]] if x)]
    for entry in stale:
        print(f"{ACCEPTED}: {entry[0]} has no line '{entry[1]}' any more")
    return 1 if total["survived"] or stale else 0


if __name__ == "__main__":
    sys.exit(main())
