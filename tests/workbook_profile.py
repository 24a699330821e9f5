"""Check the workbook of a profile against its findings file, and against what LibreOffice made of it.

usage: workbook_profile.py PROFILE.xlsx PROFILE.json CONVERTED.xlsx CONVERTED.txt
"""
import json
import sys

import openpyxl

import workbook
from workbook import expect, rows_of


def check_verdicts(book, profile):
    rows = [row for _, row in rows_of(book["Reliability"])]
    wanted = [(v["measure"], v["verdict"], c["share"]) for v in profile["verdicts"] for c in v["criteria"].values()]
    expect(len(rows) == len(wanted), f"{len(rows)} rows of verdicts, {len(wanted)} in the findings file")
    for row, (measure, verdict, share) in zip(rows, wanted):
        expect((row["Measure"], row["Verdict on the measure"]) == (measure, verdict), f"verdict: {row} is not {verdict}")
        workbook.check_figure(f"Reliability, {measure}", row["Criterion: share of"], row["Found"], share)


def check_doubts(book, profile):
    rows = [row for _, row in rows_of(book["Doubts"]) if row["No."] not in (None, "nothing was found that raises doubt")]
    expect(len(rows) == len(profile["doubts"]), f"{len(rows)} doubts, {len(profile['doubts'])} in the findings file")
    for row, doubt in zip(rows, profile["doubts"]):
        where = f"Doubts, {row['No.']}"
        expect(row["What"] == doubt["kind"] and row["In words"] == doubt["statement"], f"{where}: {row['In words']}")
        workbook.check_figure(where, "Records", row["Records"], doubt["records"])
        workbook.check_figure(where, "Share", row["Share"], doubt["share"])
        expect(row["From"] in (doubt.get("from"), None), f"{where}: from {row['From']}")


def check_columns(book, profile):
    rows = [row for _, row in rows_of(book["Columns"])]
    expect(len(rows) == len(profile["columns"]), "the columns are not those of the findings file")
    for row, column in zip(rows, profile["columns"]):
        where = f"Columns, {column['column']}"
        expect(row["Column"] == column["column"], f"{where}: {row['Column']}")
        for heading, name in (("Recorded", "recorded"), ("Missing", "missing"), ("Missing share", "missing_share"),
                              ("Distinct values", "distinct"), ("Not readable", "malformed")):
            workbook.check_figure(where, heading, row[heading], column[name])


def main():
    path, findings, converted, text = sys.argv[1:]
    with open(findings, encoding="utf-8") as file:
        profile = json.load(file)
    workbook.check_package(path)
    book = openpyxl.load_workbook(path)
    expect(book.sheetnames[:4] == ["Summary", "Reliability", "Doubts", "Columns"], f"the sheets are {book.sheetnames}")
    workbook.check_all_sheets(book)
    check_verdicts(book, profile)
    check_doubts(book, profile)
    check_columns(book, profile)
    with open(text, encoding="utf-8") as file:
        workbook.check_converted(book, openpyxl.load_workbook(converted, data_only=True), file.read())
    workbook.report(path)


main()
