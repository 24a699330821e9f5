#!/usr/bin/env python3
"""sheet_of.py FILE.csv FILE.xlsx: the rows as a workbook of one sheet, every cell a text; blank ones are left out."""
import csv
import sys
import zipfile
from xml.sax.saxutils import escape

PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="sheet1.xml"/></Relationships>',
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
    '<sheet name="Decisions" sheetId="1" r:id="r1"/></sheets></workbook>',
}


def row_of(number, cells):
    texts = "".join(f'<c r="{chr(65 + i)}{number}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>' for i, cell in enumerate(cells) if cell)
    return f'<row r="{number}">{texts}</row>'


with open(sys.argv[1], newline="", encoding="utf-8") as records:
    rows = "".join(row_of(number, cells) for number, cells in enumerate(csv.reader(records), 1))
sheet = f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>'
with zipfile.ZipFile(sys.argv[2], "w", zipfile.ZIP_DEFLATED) as book:
    for name, text in {**PARTS, "xl/sheet1.xml": sheet}.items():
        book.writestr(name, text)
