#!/usr/bin/env python3
"""Do two findings files, of a file of records and of a database, say the same? All but the input's name, size and
hash, and what a database cannot say: the lines where things stand, the order of a person's records, which decisions
belong together, and which further columns go with what was decided."""
import json
import re
import sys

ORDERED = ("listed", "within_a_day", "within_a_month", "within_a_year", "later", "undated", "decided_alike", "decided_alike_reason")


def without_lines(findings):
    for one in findings["inputs"]:
        for name in ("name", "bytes", "sha256", "sha256_reason"):
            one.pop(name, None)
    findings["notes"] = [n for n in findings["notes"] if "by questions to the database" not in n and "screened for dependence" not in n]
    for name in ("screened_columns", "screened_columns_reason"):
        findings.pop(name, None)
    for comparison in findings["comparisons"]:
        for one in [comparison, *comparison["results"]]:
            one.pop("dependence", None)
            one.pop("dependence_reason", None)
    reliability = findings["reliability"]
    reliability.pop("not_assessed", None)
    for name in ORDERED:
        reliability["repeats"].pop(name, None)
    for doubt in reliability["doubts"]:
        doubt["places"] = []
        doubt["statement"] = re.sub(r" \(the first in line \d+, as in line \d+\)", "", doubt["statement"])
        if doubt["kind"] == "values that cannot be read":
            doubt["statement"] = doubt["statement"].split(":")[0]
    return findings


def differences(one, other, place):
    if isinstance(one, dict) and isinstance(other, dict) and list(one) == list(other):
        return [d for name in one for d in differences(one[name], other[name], f"{place}/{name}")]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [d for i in range(len(one)) for d in differences(one[i], other[i], f"{place}/{i}")]
    return [] if one == other else [f"{place}: {str(one)[:100]} | {str(other)[:100]}"]


files = [without_lines(json.load(open(name))) for name in sys.argv[1:3]]
found = differences(*files, "")
print(*found[:20], sep="\n", end="")
sys.exit(1 if found else 0)
