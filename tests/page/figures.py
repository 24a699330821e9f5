#!/usr/bin/env python3
"""The page of a release holds what its findings file holds, and so does the CSV beside it: PAGE.html FINDINGS.json PAGE.csv.

Besides: every id is there once, whatever is labelled by one finds it, nothing is asked of a network."""
import csv, html, html.parser, json, re, sys

page_name, json_name, csv_name = sys.argv[1:4]
release = json.load(open(json_name, encoding="utf-8"))
text = open(page_name, encoding="utf-8").read()
problems = []


class Page(html.parser.HTMLParser):
    """Tables as rows of (text, key), and every attribute."""

    def __init__(self):
        super().__init__()
        self.tables, self.attributes, self.cell, self.open = [], [], None, []

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.attributes += [(tag, *item) for item in attributes.items()]
        if tag != "meta":
            self.open.append(tag)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("th", "td"):
            self.cell = ["", attributes.get("data-key")]

    def handle_startendtag(self, tag, attributes):
        self.attributes += [(tag, *item) for item in attributes]

    def handle_endtag(self, tag):
        if self.open.pop() != tag:
            problems.append(f"</{tag}> closes another element, line {self.getpos()[0]}")
        if tag in ("th", "td"):
            self.tables[-1][-1].append(tuple(self.cell))
            self.cell = None

    def handle_data(self, data):
        if self.cell:
            self.cell[0] += data


def points(fraction):
    return None if fraction is None else round(100 * fraction)


def expected_row(unit, of, difference, finding):
    d = difference or {}
    return [unit, of["records"], of["events"], points(of["rate"]), points(of["rate_within"]) if of["rate"] is not None else None,
            points(d.get("estimate")), points(d.get("low")), points(d.get("high")), points(d.get("within")), finding]


def expected_rows(measure):
    rows = [expected_row(u["unit"], u, u.get("difference"), u.get("finding") or u.get("difference_reason") or "") for u in measure["units"]]
    if measure["not_shown"]:
        rows.append(expected_row("All units not shown", measure["not_shown"], None, "a sum"))
    return rows + [expected_row("All units", measure["all"], None, "a sum")]


def shown(cell):
    """What a cell says as a number: its text must say the same as what it is sorted by."""
    words, key = cell
    number = words.replace("\u2212", "-").replace("+", "").replace(",", "").replace("%", "")
    if key not in (None, "") and number != key:
        problems.append(f"a cell shows {words} and is sorted by {key}")
    return int(number) if re.fullmatch(r"-?\d+", number) else None


page = Page()
page.feed(text)
if page.open:
    problems.append(f"not closed: {page.open}")

tables = [[[row[0][0]] + [shown(c) for c in row[1:9]] + [row[9][0]] for row in table[1:]] for table in page.tables[: len(release["measures"])]]
for measure, table in zip(release["measures"], tables, strict=True):
    for want, have in zip(expected_rows(measure), table, strict=True):
        if want != have:
            problems.append(f"{measure['measure']}: the page has {have}, the findings file {want}")

rows = list(csv.reader(open(csv_name, encoding="utf-8", newline="")))
wanted = [(m["measure"], row) for m in release["measures"] for row in expected_rows(m)]
for (measure, want), have in zip(wanted, rows[1:]):
    name = have[2][1:] if have[2][:2] in ("'=", "'+", "'-", "'@") else have[2]  # an apostrophe keeps formulas from being run
    figures = [name] + [int(x) if x else None for x in have[3:11]] + [have[11] or have[12]]
    if have[0] != measure or want != figures:
        problems.append(f"{measure}: the CSV has {figures}, the findings file {want}")
individuals = [[i["individuals"], i["testable"], i["findings"], points(i["usual_low"]), points(i["usual_high"])] for i in release["individuals"]]
if individuals != [[int(x) if x else None for x in row[13:18]] for row in rows[1 + len(wanted):]]:
    problems.append("the CSV has other individuals than the findings file")
if individuals and individuals != [[shown(c) for c in row[2:]] for row in page.tables[len(tables)][1:]]:
    problems.append("the page has other individuals than the findings file")

ids = [value for _, name, value in page.attributes if name == "id"]
if len(ids) != len(set(ids)):
    problems.append("an id is there twice")
for tag, name, value in page.attributes:
    target = value[1:] if name == "href" and value.startswith("#") else value if name in ("aria-labelledby",) else None
    if target is not None and target not in ids:
        problems.append(f"{tag} points to {target}, which is not there")
    if name in ("src", "srcset", "poster", "background") or (name == "href" and tag != "a") or name.startswith("on"):
        problems.append(f"{tag} has {name}={value}")
if "url(" in text or "@import" in text:
    problems.append("the style asks for another file")
if release.get("publication", {}).get("department", "") not in html.unescape(text):
    problems.append("the page does not say who publishes it")

for problem in problems:
    print(problem)
sys.exit(bool(problems))
