#!/usr/bin/env python3
"""sum_weights.py AUDIT.xlsx AUDIT.json: does a spreadsheet's sum over the sheet Weights redo each finding's difference, its comparable
records and its events?"""
import json
import sys
import xml.etree.ElementTree as xml
import zipfile

NS = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def letters(reference):
    return reference.rstrip("0123456789")


with zipfile.ZipFile(sys.argv[1]) as book:
    names = [s.get("name") for s in xml.fromstring(book.read("xl/workbook.xml")).iterfind("m:sheets/m:sheet", NS)]
    texts = ["".join(t.itertext()) for t in xml.fromstring(book.read("xl/sharedStrings.xml")).iterfind("m:si", NS)]
    sheet = xml.fromstring(book.read(f"xl/worksheets/sheet{names.index('Weights') + 1}.xml"))
rows = []
for row in sheet.iterfind("m:sheetData/m:row", NS):
    values = {}
    for cell in row.iterfind("m:c", NS):
        value = cell.find("m:v", NS)
        if value is not None:
            values[letters(cell.get("r"))] = texts[int(value.text)] if cell.get("t") == "s" else float(value.text)
    rows.append(values)
heading = next(i for i, row in enumerate(rows) if "Contribution" in row.values())
column = {name: letter for letter, name in rows[heading].items()}
sums = {}
for row in rows[heading + 1 :]:
    if row.get(column["Contribution"]) is None:
        continue
    s = sums.setdefault(row[column["Unit"]], {"difference": 0.0, "comparable": 0.0, "events": 0.0, "expected": 0.0, "weighted": 0.0})
    s["difference"] += row[column["Contribution"]] / 100  # points
    s["comparable"] += row[column["Unit records"]]
    s["events"] += row[column["Unit events"]]
    s["weighted"] += row[column["Peer records"]] * row[column["Weight"]]
    s["expected"] += row[column["Peer events"]] * row[column["Weight"]]
with open(sys.argv[2], encoding="utf-8") as file:
    results = [r for c in json.load(file)["comparisons"] for r in c["results"] if r["flagged"]]
assert results and len(results) == len(sums), (len(results), sorted(sums))
for r in results:
    s = sums[r["unit"]]
    wanted = {"difference": r["difference"]["estimate"], "comparable": r["comparable"], "events": r["events"],
              "weighted": r["comparable"], "expected": r["expected"]}
    for name, value in wanted.items():
        assert abs(s[name] - value) < 1e-9 * max(1, abs(value)), (r["unit"], name, s[name], value)
print(f"{len(results)} differences redone from the sheet Weights")
