"""Write a workbook of seeded cells with openpyxl, and the CSV that must come out of it.

usage: workbook_texts.py SEED BOOK.xlsx EXPECTED.csv [plain]

plain: nothing that LibreOffice 7.4 loses in .ods: truth values, tabs, blanks beside a line break.
"""
import csv
import datetime
import random
import sys

import openpyxl

BLANKS = " \t\n\u00a0"
LETTERS = "abc XYZ,;\"'=&<>|_-#\u00e9\u0141\u4f50\U0001f600\n\t0123456789"


def text(random):
    """What a cell may hold: openpyxl takes a text that begins with = for a formula."""
    letters = LETTERS.replace("\t", "").replace(" ", "") if "plain" in sys.argv else LETTERS
    made = "".join(random.choice(letters) for _ in range(random.randrange(12))).lstrip("=")
    return made, made.strip(BLANKS)


def number(random):
    whole = random.randrange(-10**random.randrange(1, 12), 10**random.randrange(1, 12))
    if random.random() < 0.5:
        return whole, str(whole)
    value = whole / 10**random.randrange(1, 6)
    return value, format(value, ".15g") if "e" not in format(value, ".15g") else format(value, ".15f").rstrip("0").rstrip(".")


def day(random):
    value = datetime.date(1900, 3, 1) + datetime.timedelta(days=random.randrange(200000))
    return value, value.isoformat()


def moment(random):
    value = datetime.datetime(1900, 3, 1) + datetime.timedelta(seconds=random.randrange(10**10))
    return value, value.isoformat(" ")


def truth(random):
    value = random.random() < 0.5
    return value, str(value).upper()


def main():
    seed, book, expected = sys.argv[1:4]
    chance = random.Random(int(seed))
    kinds = [text, number, day, moment] + ([] if "plain" in sys.argv else [truth])
    sheet = openpyxl.Workbook().active
    names = ["case"] + ["%s %d" % (chance.choice(kinds).__name__, i) for i in range(6)]
    rows = [names]
    sheet.append(names)
    for case in range(200):
        pairs = [("c%d" % case, "c%d" % case)] + [chance.choice(kinds)(chance) for _ in names[1:]]
        sheet.append([value if value != "" else None for value, _ in pairs])
        rows.append([shown for _, shown in pairs])
    sheet.parent.save(book)
    with open(expected, "w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


main()
