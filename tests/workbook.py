"""Check a workbook against its findings file, and against what LibreOffice made of it.

usage: workbook.py AUDIT.xlsx AUDIT.json CONVERTED.xlsx CONVERTED.txt

CONVERTED.xlsx is the workbook opened and saved again by LibreOffice, CONVERTED.txt the text of its PDF. Prints each
thing that is wrong; exits 1 if there is any.
"""
import json
import math
import re
import sys
import warnings
import zipfile
from xml.etree import ElementTree

import openpyxl
from openpyxl.utils import range_boundaries

warnings.simplefilter("ignore")  # openpyxl does not know data bars' extension
NO_FIGURE = {"\u2013", "infinite"}
problems = []


def expect(condition, message):
    if not condition and len(problems) < 40:
        problems.append(message)
    return condition


def close(a, b):
    return isinstance(a, (int, float)) and math.isclose(a, b, rel_tol=1e-12, abs_tol=1e-300)


# --- the package -----------------------------------------------------------------------------------------------

def check_package(path):
    with zipfile.ZipFile(path) as package:
        names = package.namelist()
        expect(package.testzip() is None, "a part of the package is damaged")
        for name in names:
            expect(not re.search(r"vbaProject|externalLink|activeX", name), f"{name} does not belong there")
            if name.endswith((".xml", ".rels")):
                try:
                    ElementTree.fromstring(package.read(name))
                except ElementTree.ParseError as error:
                    expect(False, f"{name} is not well-formed: {error}")
        for name in names:
            if name.endswith(".rels") and "worksheets" in name:
                text = package.read(name).decode()
                expect("TargetMode=\"External\"" not in text, f"{name} leads out of the workbook")
        charts = [package.read(name).decode() for name in names if re.match(r"xl/charts/chart\d+\.xml", name)]
        drawings = "".join(package.read(name).decode() for name in names if re.match(r"xl/drawings/drawing\d+", name))
        core = package.read("docProps/core.xml").decode()
    expect("<dc:title>" in core and "<dc:subject>" in core, "the document's properties lack a title or a subject")
    return charts, drawings


def check_charts(book, charts, drawings):
    described = re.findall(r'<xdr:graphicFrame.*?descr="([^"]*)"', drawings, re.S)
    expect(len(described) == len(charts), f"{len(charts)} charts, {len(described)} with a text alternative")
    expect(all(len(text) > 40 for text in described), "a chart's text alternative says too little")
    for xml in charts:
        for formula in re.findall(r"<c:f>([^<]*)</c:f>", xml):
            match = re.fullmatch(r"'?(.*?)'?!\$([A-Z]+)\$(\d+)(?::\$([A-Z]+)\$(\d+))?", formula)
            if not expect(match and match[1] in book.sheetnames, f"a chart refers to {formula}"):
                continue
            last = int(match[5] or match[3])
            expect(last <= book[match[1]].max_row, f"a chart refers to {formula}, beyond the sheet's last row")
        numbers = re.findall(r"<c:numCache>.*?</c:numCache>", xml, re.S)
        expect(all("<c:v>" in cache for cache in numbers), "a chart has a series without a number")


# --- sheets, tables, links ---------------------------------------------------------------------------------------

def check_sheets(book):
    for name in ("Summary", "Findings", "Comparisons", "Cells", "Method"):
        expect(name in book.sheetnames, f"there is no sheet {name}")
    check_all_sheets(book)


def check_all_sheets(book):
    expect(book.sheetnames[0] == "Summary", "the summary is not the first sheet")
    names = set()
    for sheet in book:
        expect(sheet.page_setup.paperSize in (1, "1"), f"{sheet.title}: not on letter paper")
        expect(sheet.oddFooter.right.text, f"{sheet.title}: no footer")
        for table in sheet.tables.values():
            expect(table.name.lower() not in names, f"two tables are called {table.name}")
            names.add(table.name.lower())
            check_table(sheet, table)
        for row in sheet.iter_rows():
            for cell in row:
                expect(cell.data_type != "e", f"{sheet.title}!{cell.coordinate} is {cell.value}")
                if isinstance(cell.value, float):
                    expect(math.isfinite(cell.value), f"{sheet.title}!{cell.coordinate} is not finite")
        check_links(book, sheet)


def check_table(sheet, table):
    first_column, first_row, last_column, last_row = range_boundaries(table.ref)
    headings = [sheet.cell(first_row, c).value for c in range(first_column, last_column + 1)]
    expect(headings == [column.name for column in table.tableColumns],
           f"{sheet.title}: the table's headings are not its first row")
    expect(len({str(h).lower() for h in headings}) == len(headings), f"{sheet.title}: two headings are alike")
    expect(last_row <= sheet.max_row, f"{sheet.title}: the table is longer than the sheet")
    expect(table.autoFilter is not None, f"{sheet.title}: the table has no filter")
    for merged in sheet.merged_cells.ranges:
        expect(merged.max_row < first_row or merged.min_row > last_row, f"{sheet.title}: merged cells in a table")
    if len(sheet.tables) == 1 and first_row < 10:
        expect(sheet.freeze_panes is not None, f"{sheet.title}: nothing is frozen")
        expect(sheet.print_title_rows, f"{sheet.title}: no print titles")


def check_links(book, sheet):
    links = [cell.hyperlink for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    expect(links, f"{sheet.title}: no link, not even back")
    for link in links:
        where = f"{sheet.title}!{link.ref}"
        match = re.fullmatch(r"'(.*)'!([A-Z]+)(\d+)", link.location or "")
        if not expect(match and match[1].replace("''", "'") in book.sheetnames, f"{where} leads nowhere: {link.location}"):
            continue
        target = book[match[1].replace("''", "'")]
        expect(int(match[3]) <= target.max_row, f"{where} leads beyond {target.title}")
        text = str(sheet[link.ref.split(":")[0]].value)
        if re.fullmatch(r"F\d+", text):  # a finding leads to its own row
            expect(target.cell(int(match[3]), 1).value == text, f"{where}: {text} leads to another finding")


# --- figures against the findings file ---------------------------------------------------------------------------

def rows_of(sheet):
    """The rows of a sheet's table as dictionaries, each with its row number."""
    table = next(iter(sheet.tables.values()))
    first_column, first_row, last_column, last_row = range_boundaries(table.ref)
    headings = [sheet.cell(first_row, c).value for c in range(first_column, last_column + 1)]
    for number, row in enumerate(sheet.iter_rows(first_row + 1, last_row, first_column, last_column, True), first_row + 1):
        if row[0] != "none" or any(row[1:]):
            yield number, dict(zip(headings, row))


# Columns in points, where the findings file has fractions.
POINTS = {"Difference", "Low", "High", "Risk difference", "Crude difference", "Shrunken difference", "Detectable above",
          "Detectable below"}


def check_figure(where, name, shown, wanted):
    if wanted is not None and name in POINTS:
        wanted = wanted * 100
    if wanted is None:
        expect(shown in NO_FIGURE, f"{where}: {name} is {shown!r}, and has no value in the findings file")
    else:
        expect(close(shown, wanted), f"{where}: {name} is {shown!r}, in the findings file {wanted!r}")


UNIT_FIGURES = {
    "Records": ["records"], "Comparable records": ["comparable"], "Events": ["events"], "Rate": ["rate"],
    "Expected rate": ["expected_rate"], "Expected events": ["expected"], "Difference": ["difference", "estimate"],
    "Low": ["difference", "low"], "High": ["difference", "high"], "q": ["q"], "p": ["p"], "log10 p": ["log10_p"],
    "Odds ratio": ["odds_ratio", "estimate"], "Odds ratio low": ["odds_ratio", "low"],
    "Odds ratio high": ["odds_ratio", "high"], "Risk difference": ["risk_difference", "estimate"],
    "CMH statistic": ["cmh", "statistic"], "CMH p": ["cmh", "p"], "Exact p": ["exact", "p"],
    "Exact mid-p": ["exact", "mid_p"], "Crude difference": ["crude_difference"], "gamma": ["gamma"],
    "E-value": ["e_value"], "Outlier z": ["outlier", "z"], "Outlier q": ["outlier", "q"],
    "Shrunken difference": ["shrunken_difference"], "Detectable above": ["power_80_sides", "higher"],
    "Detectable below": ["power_80_sides", "lower"], "Unrecorded enough": ["unrecorded", "enough"],
    "Mean": ["value", "mean"], "Expected mean": ["value", "expected_mean"], "Superiority": ["value", "superiority"],
    "Mean difference": ["value", "difference", "estimate"], "Mean low": ["value", "difference", "low"],
    "Mean high": ["value", "difference", "high"], "Shift": ["value", "shift", "estimate"],
}
COMPARISON_FIGURES = {
    "Units": ["units"], "Testable": ["testable"], "Flagged": ["flagged"], "Strata": ["strata"], "Records": ["records"],
    "Comparable records": ["comparable"], "Events": ["events"], "p that units do not differ": ["overall", "p"],
    "Same case, low": ["spread", "typical_low"], "Same case, high": ["spread", "typical_high"], "tau": ["spread", "tau"],
    "tau low": ["spread", "low"], "tau high": ["spread", "high"],
    "Detectable above": ["power_80_sides", "higher"], "Detectable below": ["power_80_sides", "lower"],
}


def pick(value, keys):
    for key in keys:
        value = value[key] if value is not None else None
    return value


def families(audit):
    """Lists of comparisons that share a sheet: one comparison of one measure, each of its values."""
    groups, last = [], None
    for comparison in audit["comparisons"]:
        each = (comparison["each"] or {}).get("column")
        key = (comparison["measure"], comparison["across"], tuple(comparison["within"]), each)
        if each is None or key != last:
            groups.append([])
        groups[-1].append(comparison)
        last = key
    return groups


def each_of(comparison):
    return comparison["each"]["value"] if comparison["each"] else None


def check_units(book, audit):
    for number, group in enumerate(families(audit), 1):
        wanted = {(each_of(c), r["unit"]): r for c in group for r in c["results"]}
        sheets = [s for s in book if s.tables and next(iter(s.tables)).startswith(f"Comparison_{number}")
                  and re.fullmatch(rf"Comparison_{number}(_part_\d+)?", next(iter(s.tables)))]
        if not expect(sheets, f"comparison {number} has no sheet"):
            continue
        seen = 0
        for sheet in sheets:
            for row_number, row in rows_of(sheet):
                where = f"{sheet.title}!{row_number}"
                result = wanted.get((row.get("For"), row["Unit"]))
                if not expect(result, f"{where}: {row['Unit']} is not in the findings file"):
                    continue
                seen += 1
                # each kind of measure has figures of its own: an event's are the most
                names = [name for name in UNIT_FIGURES if name in row]
                expect(len(names) >= (22 if group[0]["kind"] == "event" else 10), f"{where}: figures are missing")
                for name in names:
                    check_figure(where, name, row[name], pick(result, UNIT_FIGURES[name]))
                expect((row["Level"] or None) == (level_shown(result) if result["flagged"] else None),
                       f"{where}: level {row['Level']}")
        expect(seen == len(wanted), f"comparison {number}: {seen} units on the sheet, {len(wanted)} in the findings file")


def check_comparisons(book, audit):
    rows = list(rows_of(book["Comparisons"]))
    expect(len(rows) == len(audit["comparisons"]), f"{len(rows)} comparisons on the sheet")
    for (number, row), comparison in zip(rows, audit["comparisons"]):
        expect(row["For"] == each_of(comparison), f"Comparisons!{number}: {row['For']}")
        for name, keys in COMPARISON_FIGURES.items():
            check_figure(f"Comparisons!{number}", name, row[name], pick(comparison, keys))


def affected_by(result):
    """How many decisions are other than its peers would have made; of a value as reports/words/findings.h says."""
    if result["value"]:
        return abs(2 * result["value"]["superiority"] - 1) * result["comparable"]
    return abs(result["difference"]["estimate"]) * result["comparable"]


def contributions_in(book, names):
    """Of each finding on these sheets: the contributions, to its difference or to its mean difference."""
    found, finding = {}, None
    for name in (n for n in book.sheetnames for wanted in names if n == wanted or n.startswith(f"{wanted} (")):
        for _, row in rows_of(book[name]):
            finding = row["Finding"] or finding
            for column in ("Contribution", "Mean contribution"):
                if isinstance(row.get(column), (int, float)):
                    found.setdefault(finding, []).append(row[column])
    return found


def level_shown(result):
    """In brackets where it differs only because of others."""
    return f"({result['level']})" if result["who"] == "peers" else result["level"]


def check_findings(book, audit):
    levels = ["exceptional", "strong", "notable"]
    flagged = [((r["who"] == "peers", levels.index(r["level"])), -affected_by(r), r)
               for group in families(audit) for c in group for r in c["results"] if r["flagged"]]
    rows = list(rows_of(book["Findings"]))
    if not expect(len(rows) == len(flagged) == audit["findings"], f"{len(rows)} findings, {len(flagged)} flagged"):
        return
    flagged.sort(key=lambda item: item[:2])
    contributions = {name: contributions_in(book, [name]) for name in ("Cells", "Situations")}
    results = {(g + 1, each_of(c), r["unit"]): r
               for g, group in enumerate(families(audit)) for c in group for r in c["results"]}
    for (number, row), (_, affected, _) in zip(rows, flagged):
        where = f"Findings!{number}"
        result = results.get((int(row["Comparison"].split()[1]), row.get("For"), row["Unit"]))
        if not expect(result and result["flagged"], f"{where}: {row['Unit']} is not flagged in the findings file"):
            continue
        expect(row["Level"] == level_shown(result) and row["Statement"] == result["statement"], f"{where}: level, statement")
        expect(math.isclose(-affected_by(result), affected, rel_tol=1e-9),
               f"{where}: not in order of level and records affected")
        difference = row["Mean difference" if result["value"] else "Difference"]
        for sheet, shares in contributions.items():
            expect(math.isclose(math.fsum(shares.get(row["Finding"], [])), difference, rel_tol=1e-9, abs_tol=1e-12),
                   f"{where}: the contributions on the sheet {sheet} do not add up to the difference")
        for name in ("Comparable records", "Difference", "Low", "High", "q", "Rate", "Expected rate", "gamma",
                     "Mean difference", "Mean low", "Mean high"):
            if name in row:
                check_figure(where, name, row[name], pick(result, UNIT_FIGURES[name]))


MOST_CELLS = 10000


def check_cells(book):
    """Where not every cell is shown, the sheet says so and names what holds all."""
    sheet = book["Cells"]
    rows = [row for _, row in rows_of(sheet)]
    shortened = "Kinds of case" in rows[0] if rows else False
    says = sheet["A2"].value
    expect(shortened == ("Not all" in says) and (not shortened or "--cells FILE" in says), "Cells: what is left out is not said")
    expect(len(rows) <= MOST_CELLS * 1.2, f"Cells: {len(rows)} rows")
    expect(shortened or all("(all others)" not in row.values() for row in rows), "Cells: rows are summed")


# --- what LibreOffice made of it ---------------------------------------------------------------------------------

def check_converted(book, converted, text):
    expect(converted.sheetnames == book.sheetnames, "LibreOffice shows other sheets")
    for sheet in book:
        if sheet.title not in converted.sheetnames:
            continue
        other = converted[sheet.title]
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "n" and cell.value is not None:
                    shown = other[cell.coordinate].value
                    expect(isinstance(shown, (int, float)) and math.isclose(shown, cell.value, rel_tol=1e-9, abs_tol=1e-300),
                           f"{sheet.title}!{cell.coordinate} is {cell.value} and in LibreOffice {shown}")
        for row in other.iter_rows():
            for cell in row:
                expect(cell.data_type != "e", f"in LibreOffice {sheet.title}!{cell.coordinate} is {cell.value}")
    pages = text.split("\f")
    expect(book["Summary"]["A1"].value.split()[0] in pages[0], "the PDF does not begin with the summary")
    summaries = [p for p in pages if re.search(r"^.*\bSummary\s+Page \d+ of \d+\s*$", p, re.M)]
    expect(len(summaries) == 1, f"the summary takes {len(summaries)} pages")
    grades = ("sufficient", "usable with caveats", "not sufficient")
    assessed = "Reliability" in book.sheetnames
    expect(any(f"records are {grade}" in " ".join(pages[0].split()) for grade in grades) == assessed
           and ("was not assessed: there is no verdict" in " ".join(pages[0].split())) != assessed,
           "the summary does not say whether the records can be relied on")


def main():
    workbook, findings, converted, text = sys.argv[1:]
    with open(findings, encoding="utf-8") as file:
        audit = json.load(file)
    charts, drawings = check_package(workbook)
    book = openpyxl.load_workbook(workbook)
    check_sheets(book)
    check_charts(book, charts, drawings)
    check_units(book, audit)
    check_comparisons(book, audit)
    check_findings(book, audit)
    check_cells(book)
    with open(text, encoding="utf-8") as file:
        check_converted(book, openpyxl.load_workbook(converted, data_only=True), file.read())
    report(workbook)


def report(workbook):
    for problem in problems:
        print(f"{workbook}: {problem}")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
