"""Fill a collection form as a field office would: a row for each record of a CSV file.

usage: workbook_form.py FORM.xlsx RECORDS.csv FILLED.xlsx

The values are typed under the form's headings, dates as dates. Every value must be one that the form's lists allow.
"""
import csv
import datetime
import sys

import openpyxl
from openpyxl.utils import range_boundaries


def allowed_values(book, sheet):
    """By column: what a list that refuses other values holds."""
    lists = {}
    for validation in sheet.data_validations.dataValidation:
        if validation.type == "list" and validation.errorStyle in (None, "stop"):
            name, cells = validation.formula1.split("!")
            column, first, last_column, last = range_boundaries(cells.replace("$", ""))
            values = {book[name.strip("'")].cell(row, column).value for row in range(first, last + 1)}
            for place in validation.sqref.ranges:
                lists[place.min_col] = values
    return lists


def main():
    form, records, filled = sys.argv[1:]
    book = openpyxl.load_workbook(form)
    sheet = book.worksheets[0]
    headings = [cell.value for cell in sheet[1]]
    dates = {place.min_col for v in sheet.data_validations.dataValidation if v.type == "date" for place in v.sqref.ranges}
    lists = allowed_values(book, sheet)
    with open(records, newline="", encoding="utf-8") as file:
        for number, record in enumerate(csv.DictReader(file), 2):
            for column, heading in enumerate(headings, 1):
                value = record[heading]
                if not value:
                    continue
                if column in lists and value not in lists[column]:
                    sys.exit(f"{form}: {heading} does not allow '{value}'")
                if column in dates:
                    value = datetime.date.fromisoformat(value)
                cell = sheet.cell(number, column)
                shown = cell.number_format
                cell.value = value
                cell.number_format = shown  # openpyxl would choose a form of its own
    book.save(filled)


main()
