"""Write small workbooks: one.xlsx, two.xlsx and twice.xlsx."""
import zipfile

MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
PACKAGE = 'http://schemas.openxmlformats.org/package/2006/relationships'
WHEN = (2026, 1, 31, 0, 0, 0)


def cell(value):
    if isinstance(value, str):
        return '<c t="inlineStr"><is><t>%s</t></is></c>' % value
    return '<c><v>%s</v></c>' % value


def sheet(rows):
    inside = ''.join('<row>%s</row>' % ''.join(map(cell, row)) for row in rows)
    return '<worksheet xmlns="%s"><sheetData>%s</sheetData></worksheet>' % (MAIN, inside)


def relations(items):
    one = '<Relationship Id="r%s" Type="' + OFFICE + '/%s" Target="%s"/>'
    return '<Relationships xmlns="%s">%s</Relationships>' % (PACKAGE, ''.join(one % i for i in items))


def book(name, sheets):
    parts = {
        '_rels/.rels': relations([('1', 'officeDocument', 'xl/workbook.xml')]),
        'xl/_rels/workbook.xml.rels': relations([(n, 'worksheet', n + '.xml') for n in sheets]),
        'xl/workbook.xml': '<workbook xmlns="%s" xmlns:r="%s"><sheets>%s</sheets></workbook>' % (
            MAIN, OFFICE, ''.join('<sheet name="%s" sheetId="1" r:id="r%s"/>' % (n, n) for n in sheets))}
    parts.update(('xl/%s.xml' % n, sheet(rows)) for n, rows in sheets.items())
    with zipfile.ZipFile(name, 'w', zipfile.ZIP_DEFLATED) as z:
        for part, text in parts.items():
            z.writestr(zipfile.ZipInfo(part, WHEN), text)


head = ['id', 'unit', 'severity', 'released']
rows = [[1000 + i, 'ABC'[i % 3], 'low' if i % 2 else 'high', 'yes' if i % 5 else 'no'] for i in range(60)]
book('one.xlsx', {'Notes': [['read me']],
                  'Cases': [['Releases of 2015'], [], head] + rows + [['Total', 60]]})
book('two.xlsx', {'2014': [head] + rows[:20], '2015': [head] + rows[20:]})
book('twice.xlsx', {'Cases': [['of 2015'], head + ['unit']] + [row + ['x'] for row in rows]})
