"""Check workbooks against what makes Excel offer to repair a file, or refuse it: part by part, in the raw XML.

usage: excel.py WORKBOOK...

Prints each thing that is wrong; exits 1 if there is any. (Excel itself cannot be asked here; the limits are those of its
specifications, of ECMA-376, and of what is known to make it complain.)
"""
import posixpath
import re
import sys
import zipfile
from xml.etree import ElementTree

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
LAST_ROW, LAST_COLUMN = 1048576, 16384
# What Excel 2016, LibreOffice and Google Sheets all know; newer ones need a prefix in the file.
FUNCTIONS = {"COUNTIFS", "COUNTIF", "IF", "AND", "OR", "MIN", "MAX", "BETAINV", "ISEVEN", "VALUE", "MID", "SUM", "ROUND"}
problems = []


def column_number(letters):
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def area_of(reference):
    """First row, first column, last row, last column of A1 or A1:B2; None where it is neither."""
    match = re.fullmatch(r"\$?([A-Z]{1,3})\$?(\d+)(?::\$?([A-Z]{1,3})\$?(\d+))?", reference)
    if not match:
        return None
    first_row, first_column = int(match[2]), column_number(match[1])
    last_row, last_column = int(match[4] or match[2]), column_number(match[3] or match[1])
    legal = 1 <= first_row <= last_row <= LAST_ROW and 1 <= first_column <= last_column <= LAST_COLUMN
    return (first_row, first_column, last_row, last_column) if legal else None


def overlap(a, b):
    return a[0] <= b[2] and b[0] <= a[2] and a[1] <= b[3] and b[1] <= a[3]


class Book:
    def __init__(self, path):
        self.path = path
        self.package = zipfile.ZipFile(path)
        self.names = set(self.package.namelist())
        self.check(len(self.names) == len(self.package.namelist()), "a part occurs twice in the package")

    def check(self, condition, message):
        if not condition and len(problems) < 40:
            problems.append(f"{self.path}: {message}")
        return condition

    def xml(self, name):
        return ElementTree.fromstring(self.package.read(name))

    def relations(self, part):
        """Of a part: id -> (type, target, is external)."""
        folder, file = posixpath.split(part)
        name = f"{folder}/_rels/{file}.rels"
        found = {}
        if name not in self.names:
            return found
        for relation in self.xml(name):
            target, external = relation.get("Target"), relation.get("TargetMode") == "External"
            if not external:
                target = posixpath.normpath(posixpath.join(folder, target)) if not target.startswith("/") else target[1:]
                self.check(target in self.names, f"{name} names {target}, which is not there")
            self.check(relation.get("Id") not in found, f"{name}: two relations are called {relation.get('Id')}")
            found[relation.get("Id")] = (relation.get("Type").rsplit("/", 1)[1], target, external)
        return found

    # --- the book ---

    def check_all(self):
        self.check_types()
        book = self.xml("xl/workbook.xml")
        relations = self.relations("xl/workbook.xml")
        self.strings = self.read_strings()
        styles = self.xml("xl/styles.xml")
        self.style_count = len(styles.find(MAIN + "cellXfs"))
        dxfs = styles.find(MAIN + "dxfs")
        self.dxf_count = len(dxfs) if dxfs is not None else 0
        self.check(self.style_count < 64000, "too many cell styles")
        self.sheets = [sheet.get("name") for sheet in book.find(MAIN + "sheets")]
        self.table_names, self.table_ids = set(), set()
        for name in self.sheets:
            self.check(0 < len(name) <= 31 and not re.search(r"[\[\]:*?/\\]", name) and name.strip("'") == name
                       and name.lower() != "history", f"a sheet may not be called {name!r}")
        self.check(len({n.lower() for n in self.sheets}) == len(self.sheets), "two sheets have one name")
        for sheet in book.find(MAIN + "sheets"):
            self.check_sheet(sheet.get("name"), relations[sheet.get(RELATION)][1])
        self.check_names(book)
        for part in sorted(self.names):
            if re.fullmatch(r"xl/charts/chart\d+\.xml", part):
                self.check_chart(part)

    def check_types(self):
        types = self.xml("[Content_Types].xml")
        kinds = {t.get("Extension") for t in types if t.tag.endswith("Default")}
        parts = [t.get("PartName")[1:] for t in types if t.tag.endswith("Override")]
        self.check(len(parts) == len(set(parts)), "a part has two content types")
        for name in self.names - {"[Content_Types].xml"}:
            self.check(name in parts or name.rsplit(".", 1)[1] in kinds - {"xml"}, f"{name} has no content type")
        for part in parts:
            self.check(part in self.names, f"there is a content type of {part}, which is not there")

    def read_strings(self):
        if "xl/sharedStrings.xml" not in self.names:
            return []
        strings = ["".join(t.text or "" for t in item.iter(MAIN + "t")) for item in self.xml("xl/sharedStrings.xml")]
        for text in strings:
            self.check(len(text.encode("utf-16-le")) // 2 <= 32767, f"a cell's text is too long: {text[:40]}...")
        return strings

    def check_names(self, book):
        seen = set()
        for name in book.iter(MAIN + "definedName"):
            key = (name.get("name").lower(), name.get("localSheetId"))
            self.check(key not in seen, f"the name {key} is defined twice")
            seen.add(key)
            local = int(name.get("localSheetId", 0))
            self.check(local < len(self.sheets), f"{key} is of a sheet that is not there")
            for reference in re.split(r",(?=')|,(?=[A-Za-z_]+!)", name.text):
                self.check_reference(reference, f"the name {key}")

    def check_reference(self, reference, where):
        match = re.fullmatch(r"(?:'((?:[^']|'')+)'|([A-Za-z_][\w.]*))!(.+)", reference)
        if not self.check(match, f"{where} refers to {reference}"):
            return
        sheet = match[1].replace("''", "'") if match[1] else match[2]
        rows = re.fullmatch(r"\$(\d+):\$(\d+)", match[3])
        self.check(sheet in self.sheets and (rows or area_of(match[3])), f"{where} refers to {reference}")

    # --- a sheet ---

    def check_sheet(self, name, part):
        sheet, relations = self.xml(part), self.relations(part)
        cells = self.check_cells(name, sheet)
        merged = [area_of(m.get("ref")) for m in sheet.iter(MAIN + "mergeCell")]
        self.check(all(merged), f"{name}: merged cells at no legal place")
        for row in {row for area in merged for row in range(area[0], area[2] + 1)}:
            here = sorted(area for area in merged if area[0] <= row <= area[2])
            for i, area in enumerate(here):
                self.check(not any(overlap(area, other) for other in here[i + 1:]), f"{name}: merged cells overlap, row {row}")
        self.check_columns(name, sheet)
        self.check_links(name, sheet, relations)
        self.check_formats(name, sheet)
        self.check_tables(name, sheet, relations, cells, merged)
        self.check_page(name, sheet)
        for kind, target, _ in relations.values():
            if kind == "drawing":
                self.check_drawing(name, target)

    def check_cells(self, name, sheet):
        """The texts of cells, by row and column."""
        texts, last_row = {}, 0
        for row in sheet.iter(MAIN + "row"):
            number, last_column = int(row.get("r")), 0
            self.check(number > last_row, f"{name}: row {number} after row {last_row}")
            last_row = number
            self.check(float(row.get("ht", 0)) <= 409.5, f"{name}: row {number} is too high")
            for cell in row:
                area = area_of(cell.get("r"))
                if not self.check(area and area[0] == number and area[1] > last_column, f"{name}: {cell.get('r')} is out of order"):
                    continue
                last_column = area[1]
                self.check(int(cell.get("s", 0)) < self.style_count, f"{name}: {cell.get('r')} has no such style")
                self.check_cell(name, cell, area, texts)
        return texts

    def check_cell(self, name, cell, area, texts):
        value, formula = cell.find(MAIN + "v"), cell.find(MAIN + "f")
        if formula is not None:
            self.check_formula(formula.text, f"{name}!{cell.get('r')}")
        elif cell.get("t") == "s":
            if self.check(int(value.text) < len(self.strings), f"{name}: {cell.get('r')} has no such text"):
                texts[area[:2]] = self.strings[int(value.text)]
        elif value is not None:
            self.check(re.fullmatch(r"-?\d+(\.\d+)?([eE][-+]?\d+)?", value.text), f"{name}: {cell.get('r')} is {value.text}")

    def check_formula(self, formula, where):
        bare = re.sub(r'"(?:[^"]|"")*"', '""', re.sub(r"'(?:[^']|'')*'!", "", formula))
        self.check(len(formula) <= 8192 and not formula.startswith("="), f"{where}: a formula {formula[:40]}")
        for function in re.findall(r"([A-Za-z_][\w.]*)\(", bare):
            self.check(function in FUNCTIONS, f"{where}: the function {function} is not known everywhere")
        depth, deepest = 0, 0
        for letter in bare:
            depth += (letter == "(") - (letter == ")")
            deepest = max(deepest, depth)
            self.check(depth >= 0, f"{where}: parentheses in {formula[:60]}")
        self.check(depth == 0 and deepest <= 64, f"{where}: parentheses in {formula[:60]}")
        for sheet in re.findall(r"'((?:[^']|'')*)'!", formula):
            self.check(sheet.replace("''", "'") in self.sheets, f"{where}: there is no sheet {sheet}")

    def check_columns(self, name, sheet):
        last = 0
        for column in sheet.iter(MAIN + "col"):
            first, end = int(column.get("min")), int(column.get("max"))
            self.check(last < first <= end <= LAST_COLUMN, f"{name}: widths of columns {first} to {end} overlap others")
            self.check(0 <= float(column.get("width")) <= 255, f"{name}: column {first} is {column.get('width')} wide")
            last = end

    def check_links(self, name, sheet, relations):
        links = list(sheet.iter(MAIN + "hyperlink"))
        self.check(len(links) <= 65530, f"{name}: {len(links)} links, more than Excel takes")
        self.check(len({link.get("ref") for link in links}) == len(links), f"{name}: two links in one cell")
        for link in links:
            if link.get(RELATION):
                self.check(relations[link.get(RELATION)][2], f"{name}: the link {link.get('ref')} leads to a part")
            else:
                self.check_reference(link.get("location") or "", f"{name}!{link.get('ref')}")
            self.check(len(link.get("tooltip") or "") <= 255, f"{name}: a link's tip is too long")

    def check_formats(self, name, sheet):
        for format_ in sheet.iter(MAIN + "conditionalFormatting"):
            self.check(all(area_of(a) for a in format_.get("sqref").split()), f"{name}: a conditional format at {format_.get('sqref')}")
            for rule in format_.iter(MAIN + "cfRule"):
                self.check(int(rule.get("dxfId", 0)) <= max(self.dxf_count - 1, 0), f"{name}: a conditional format has no such style")
                for formula in rule.iter(MAIN + "formula"):
                    self.check_formula(formula.text, f"{name}, a conditional format")
        for validation in sheet.iter(MAIN + "dataValidation"):
            self.check(all(area_of(a) for a in validation.get("sqref").split()), f"{name}: a check at {validation.get('sqref')}")
            self.check(len(validation.get("errorTitle") or "") <= 32 and len(validation.get("error") or "") <= 255
                       and len(validation.get("promptTitle") or "") <= 32 and len(validation.get("prompt") or "") <= 255,
                       f"{name}: a check's message is too long")
            formula = validation.find(MAIN + "formula1")
            if formula is not None and formula.text.startswith('"'):
                self.check(len(formula.text) - 2 <= 255, f"{name}: a list of choices is too long")

    def check_tables(self, name, sheet, relations, cells, merged):
        parts = [relations[part.get(RELATION)][1] for part in sheet.iter(MAIN + "tablePart")]
        areas = []
        for part in parts:
            table = self.xml(part)
            title, area = table.get("displayName"), area_of(table.get("ref"))
            legal = re.fullmatch(r"[A-Za-z_\\][\w.]{0,254}", title) and not area_of(title.upper()) and not re.fullmatch(r"[RrCc]", title)
            self.check(legal and title.lower() not in self.table_names, f"{name}: a table may not be called {title}")
            self.check(table.get("id") not in self.table_ids, f"{name}: two tables are number {table.get('id')}")
            self.table_names.add(title.lower())
            self.table_ids.add(table.get("id"))
            if not self.check(area and area[2] > area[0], f"{name}: the table {title} is at {table.get('ref')}"):
                continue
            filter_ = table.find(MAIN + "autoFilter")
            self.check(filter_ is None or filter_.get("ref") == table.get("ref"), f"{name}: {title} is filtered elsewhere")
            columns = table.find(MAIN + "tableColumns")
            headings = [c.get("name") for c in columns]
            self.check(len(headings) == int(columns.get("count")) == area[3] - area[1] + 1, f"{name}: {title} has {len(headings)} columns")
            self.check(len({h.lower() for h in headings}) == len(headings), f"{name}: two columns of {title} have one name")
            for i, heading in enumerate(headings):
                self.check(0 < len(heading) <= 255, f"{name}: a heading of {title} is {len(heading)} letters long")
                self.check(cells.get((area[0], area[1] + i)) == heading, f"{name}: {title}'s column {heading!r} has another heading")
            for other in areas + merged:
                self.check(not overlap(area, other), f"{name}: {title} overlaps another table or merged cells")
            areas.append(area)

    def check_page(self, name, sheet):
        for footer in list(sheet.iter(MAIN + "oddFooter")) + list(sheet.iter(MAIN + "oddHeader")):
            self.check(len(footer.text) <= 255, f"{name}: the footer is too long")
        breaks = list(sheet.iter(MAIN + "brk"))
        self.check(len(breaks) <= 1023, f"{name}: {len(breaks)} page breaks")
        setup = sheet.find(MAIN + "pageSetup")
        if setup is not None:
            self.check(10 <= int(setup.get("scale", 100)) <= 400, f"{name}: printed at {setup.get('scale')}%")

    # --- charts ---

    def check_drawing(self, name, part):
        relations = self.relations(part)
        used, identities = set(), set()
        for anchor in self.xml(part):
            numbers = [int(e.text) for e in anchor.iter() if e.tag.endswith(("}row", "}col"))]
            if len(numbers) == 4:
                self.check(numbers[0] <= numbers[2] and numbers[1] <= numbers[3], f"{name}: a chart ends before it begins")
            for element in anchor.iter():
                if element.tag.endswith("}cNvPr"):
                    self.check(element.get("id") not in identities, f"{name}: two charts have one number")
                    identities.add(element.get("id"))
                    self.check(element.get("descr"), f"{name}: a chart has no text alternative")
                if element.tag.endswith("}chart") and element.get(RELATION):
                    used.add(element.get(RELATION))
        self.check(used == set(relations), f"{name}: not every chart is placed once")

    def check_chart(self, part):
        for reference in self.xml(part).iter():
            if not reference.tag.endswith(("}numRef", "}strRef")):
                continue
            formula = next(e for e in reference if e.tag.endswith("}f")).text
            self.check_reference(formula, part)
            cache = next((e for e in reference if e.tag.endswith(("}numCache", "}strCache"))), None)
            area = area_of(formula.rsplit("!", 1)[1])
            if cache is None or not area:
                continue
            count = int(next(e for e in cache if e.tag.endswith("}ptCount")).get("val"))
            self.check(count == (area[2] - area[0] + 1) * (area[3] - area[1] + 1), f"{part}: {formula} has {count} values")
            for point in (e for e in cache if e.tag.endswith("}pt")):
                value = point[0].text
                self.check(int(point.get("idx")) < count, f"{part}: {formula} has a value too many")
                if cache.tag.endswith("}numCache"):
                    self.check(re.fullmatch(r"-?\d+(\.\d+)?([eE][-+]?\d+)?", value or ""), f"{part}: {formula} has a value {value!r}")


for path in sys.argv[1:]:
    Book(path).check_all()
for problem in problems:
    print(problem)
sys.exit(1 if problems else 0)
