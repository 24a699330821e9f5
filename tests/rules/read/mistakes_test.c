/* Wrong rules files, and what is said of each: every problem with its line and column, in order. */
#include <string.h>

#include "rules/rules.h"
#include "tests/test.h"

#define HEAD "evenhand: 1\ncolumns: {case: id, date: d}\n"
#define COMPARISONS "comparisons: [{across: o}]\n"
#define TAIL "measures: {m: {event: a = 'b'}}\n" COMPARISONS
#define FILE_TEXT(text) text, sizeof(text) - 1

static const struct {
  const char *text;
  size_t length;
  const char *problems;
} mistakes[] = {
    {FILE_TEXT(""), "1:1: the file is empty; begin it with `evenhand: 1`\n"},
    {FILE_TEXT("just text\n"),
     "1:1: a rules file is a mapping with `evenhand`, `columns`, `measures`, `comparisons` and "
     "so on, and this is a text; does it hold records? The rules come first\n"},
    {FILE_TEXT("- a list\n"),
     "1:1: a rules file is a mapping with `evenhand`, `columns`, `measures`, `comparisons` and "
     "so on, and this is a list; does it hold records? The rules come first\n"},
    {FILE_TEXT("evenhand: 1\n"
               "\tcolumns: {}\n"),
     "2:1: a tab cannot stand here; indent with blanks\n"},
    {FILE_TEXT("evenhand: 1\n"
               "title: \"never closed\n"),
     "2:8: this quote is never closed; close it, or double a quote inside the text\n"},
    {FILE_TEXT("evenhand: 1\n"
               "title: this: that\n"),
     "2:12: this is not YAML (mapping values are not allowed in this context); check "
     "the indentation; a text that holds `: ` must stand in quotes, or below `key: >` "
     "on a line of its own\n"},
    {FILE_TEXT("evenhand: 1\n"
               "measures: {m: {event: a in ('b', 'c')}}\n"),
     "2:37: this is not YAML (did not find expected ',' or '}', for the bracket of "
     "line 2); close the bracket; a condition with a comma cannot stand inside { }: "
     "write it on a line of its own\n"},
    {FILE_TEXT("evenhand: 1\n"
               "measures:\n"
               "  m:\n"
               "    event: 'b' = a\n"),
     "4:16: this is not YAML (did not find expected key); check the indentation; a "
     "condition begins with a name or a parenthesis, not with a quote\n"},
    {FILE_TEXT("evenhand: 1\n"
               "comparisons: [{across: o}\n"),
     "3:1: this is not YAML (did not find expected ',' or ']', for the bracket of line "
     "2); close the bracket, and put commas between the items\n"},
    {FILE_TEXT("title: \303\251 \377\n"),
     "1:10: byte 0xff is not UTF-8 text; save the file as UTF-8\n"},
    {FILE_TEXT("title: x\000y\n"), "1:9: a NUL byte cannot stand in a rules file; remove it\n"},
    {FILE_TEXT("title: x\007y\n"),
     "1:9: control character U+0007 cannot stand in a rules file; remove it\n"},
    {FILE_TEXT("\377\376t\000"), "1:1: the file is UTF-16; save it as UTF-8\n"},
    {FILE_TEXT("? [a]\n"
               ": b\n"),
     "1:3: a key must be a text, not a list, a mapping or an alias\n"},
    {FILE_TEXT("a: [[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]\n"),
     "1:23: this is nested more than 20 levels deep; rules need about five\n"},
    {FILE_TEXT("columns: {case: id}\n" TAIL),
     "1:1: the file does not say which version of the rules language it is in; add "
     "`evenhand: 1`\n"},
    {FILE_TEXT("evenhand: 2\n"
               "columns: {case: id}\n" TAIL),
     "1:11: `evenhand` takes the version of the rules language; this program reads "
     "version 1; this is `2`\n"},
    {FILE_TEXT("evenhand: 1\n" TAIL),
     "1:1: `columns` names no case; add `case: ` and the header of the case number, so "
     "that files can be pulled\n"},
    {FILE_TEXT("evenhand: 1\n"
               "columns: {date: d}\n" TAIL),
     "2:1: `columns` names no case; add `case: ` and the header of the case number, so "
     "that files can be pulled\n"},
    {FILE_TEXT("evenhand: 1\n"
               "columns: id\n" TAIL),
     "2:10: `columns` takes a mapping of names to headers, such as `case: case_id`; "
     "this is `id`\n"},
    {FILE_TEXT(HEAD "comparisons: [{across: o}]\n"),
     "1:1: there are no `measures`; say what is to be compared, such as `released: "
     "{event: outcome = 'released'}`\n"},
    {FILE_TEXT(HEAD "measures: {m: {event: a = 'b'}}\n"),
     "1:1: there are no `comparisons`; say which units are compared, such as `- "
     "{across: field_office}`\n"},
    {FILE_TEXT(HEAD "measures: {}\n"
                    "comparisons: []\n"),
     "3:11: `measures` takes names of 1 to 200 measures, each with an `event`, a `category` or a "
     "`value`; this is "
     "empty\n"
     "4:14: `comparisons` takes a list of 1 to 200 comparisons, such as `- {across: "
     "field_office}`; this is empty\n"},
    {FILE_TEXT(HEAD "measures: {m: {event: a = 'b'}}\n"
                    "comparisons: [{across: o}]\n"
                    "---\n"
                    "evenhand: 1\n"),
     "6:1: a rules file is one document; remove the `---` before this one, or its text\n"},
    {FILE_TEXT("evenhand: 1\n"
               "columns: {case: id}\n"
               "policies: [{name: A, from: 2011-06-17}]\n" TAIL),
     "3:1: `policies` needs to know when a case was decided; add `date: ` and its "
     "header under `columns`\n"},
    {FILE_TEXT("evenhand: 1\n"
               "columns: {case: id}\n"
               "records: {one_per: p, choose: last}\n" TAIL),
     "3:23: first and last go by date; add `date: ` and its header under `columns`\n"},
    {FILE_TEXT(HEAD "titel: x\n" TAIL),
     "3:1: a rules file has no key `titel`; did you mean `title`?\n"},
    {FILE_TEXT(HEAD "xyzzy: x\n" TAIL),
     "3:1: a rules file has no key `xyzzy`; it knows `evenhand`, `title`, `about`, `columns`, "
     "`inputs`, `joins`, `missing`, `encoding`, `header`, `totals_rows`, `numbers`, `dates`, "
     "`ids`, `split`, `derive`, "
     "`individuals`, `records`, `policies`, `similarly_situated`, `adjust_for`, `on_missing`, "
     "`after_decision`, "
     "`measures`, "
     "`dependent_within`, `comparisons`, `monitor`, `goals`, `workload`, `flag`, `robustness`, "
     "`review`, "
     "`publication`, `totals`, `expect` or `reliability`\n"},
    {FILE_TEXT(HEAD TAIL "robustness: maybe\n"),
     "5:13: `robustness` takes `none`, or `definitions:` and a list such as [{name: as the union "
     "defines it, similarly_situated: [priority]}]; this is `maybe`\n"},
    {FILE_TEXT(HEAD TAIL
               "robustness:\n  definitions: [{name: x}, {name: y, similarly_situated: [z]},"
               " {name: y, within: []}]\n"),
     "6:17: this definition says nothing else than the rules: give it a `similarly_situated` of "
     "fewer factors, or `within: []`\n"
     "6:58: `z` is among no measure's similarly_situated: a definition leaves factors out; columns "
     "that nobody names are tried by themselves\n"
     "6:64: there is a definition `y` already\n"},
    {FILE_TEXT(
         HEAD
         "reliability: {event_not_known: 5%, unusable_lines: [9%, 5%], lines: [1%, 2%]}\n" TAIL),
     "3:32: `event_not_known` takes two shares, the smaller first: above the first the records are "
     "usable with a caveat, above the second not sufficient, such as [5%, 20%]; this is `5%`\n"
     "3:52: `unusable_lines` takes two shares, the smaller first: above the first the records are "
     "usable with a caveat, above the second not sufficient, such as [5%, 20%]; this is a list of "
     "2\n"
     "3:62: `reliability` has no key `lines`; it knows `unusable_lines`, `repeated_cases`, "
     "`repeated_persons`, `event_not_known`, `factors_not_recorded`, `units_not_recorded`, "
     "`malformed_values`, `under_recorded`, `totals_differ` or `expectations_failed`\n"},
    {FILE_TEXT(HEAD "title: x\n"
                    "title: y\n" TAIL),
     "4:1: `title` stands here twice (before: line 3); keep one, or give it another "
     "name\n"},
    {FILE_TEXT(HEAD "title:\n" TAIL), "3:7: `title` takes a text; nothing stands here\n"},
    {FILE_TEXT(HEAD "title: [a]\n" TAIL), "3:8: `title` takes a text; this is a list of 1\n"},
    {FILE_TEXT(HEAD "about: &a x\n" TAIL),
     "3:8: rules have no anchors (&a): write the value out where it is needed\n"},
    {FILE_TEXT(HEAD "title: !!str x\n" TAIL),
     "3:8: rules have no tags (tag:yaml.org,2002:str): remove it\n"},
    {FILE_TEXT(HEAD "about: *a\n" TAIL),
     "3:8: rules have no aliases (*a): write the value out here\n"},
    {FILE_TEXT(HEAD "numbers: uk\n" TAIL),
     "3:10: `numbers` takes `us`, `eu`, `swiss` or `plain`; this is `uk`\n"},
    {FILE_TEXT(HEAD "numbers: {decimal: \";\", thousand: \",\"}\n" TAIL),
     "3:20: `decimal` takes the sign before a fraction: \".\" or \",\"; this is `;`\n"
     "3:25: `numbers` has no key `thousand`; did you mean `thousands`?\n"},
    {FILE_TEXT(HEAD "numbers: {thousands: [\".\", x], currency: maybe, parentheses: yes}\n" TAIL),
     "3:23: `.` cannot stand between thousands and before the fraction as well; say `decimal`, "
     "too\n"
     "3:28: `thousands` takes the sign between thousands, or several in a list: \",\", \".\", "
     "\"'\", \"_\" or \" \"; this is `x`\n"
     "3:42: `currency` takes `no`, `yes`, `false` or `true`; this is `maybe`\n"
     "3:62: `parentheses` takes `no` or `negative`; this is `yes`\n"},
    {FILE_TEXT(HEAD "inputs:\n  - {name: A, files: a*, numbers: eu}\n  - {name: B}\n" TAIL),
     "5:5: another input says how its numbers are written (`numbers`), and this one does not; add "
     "`numbers: plain` (1200.50), or what is so here\n"},
    {FILE_TEXT(HEAD "ids: {o: 5, a: digits 99, x: digits 4}\nderive: {x: {month: date}}\n" TAIL),
     "3:10: `o` takes how many digits the ids have, as in `digits 5` (1 to 30); this is `5`\n"
     "3:16: `a` takes how many digits the ids have, as in `digits 5` (1 to 30); this is `digits "
     "99`\n"
     "3:27: `ids` takes columns of the records, and `x` is derived; name the column that it comes "
     "from\n"},
    {FILE_TEXT(HEAD "ids: {d2: digits 4}\nrecords: {keep: d2 > 3}\n" TAIL),
     "4:17: `d2` is read as a number, and `ids` are texts; take it out of `ids`\n"},
    {FILE_TEXT(HEAD "header: {line: 0, of: 3}\n" TAIL),
     "3:16: `line` takes a whole number from 1 to 1000, in digits only; this is `0`\n"
     "3:23: `of` takes a whole number from 1 to 2, in digits only; this is `3`\n"},
    {FILE_TEXT(HEAD "header: {of: 2, lines: 3}\n" TAIL),
     "3:9: `header` needs `line: ` and the number of the line that names the columns, as in {line: "
     "3}\n"
     "3:17: `header` has no key `lines`; did you mean `line`?\n"},
    {FILE_TEXT(HEAD "header: 3\ntotals_rows: drop\n" TAIL),
     "3:9: `header` takes a mapping with `line` or `of`; this is `3`\n"
     "4:14: `totals_rows` takes `leave out` or `keep`; this is `drop`\n"},
    {FILE_TEXT(HEAD "encoding: cp99999\n" TAIL),
     "3:11: `cp99999` is no encoding that is known here; such are cp850, cp437, latin2, "
     "iso-8859-15, cp1250, koi8-r, macintosh and shift_jis\n"},
    {FILE_TEXT(HEAD "encoding: UTF-16LE\n" TAIL),
     "3:11: `UTF-16LE` is found without being said; `encoding` names what stands for letters "
     "elsewhere, such as cp850 or latin2\n"},
    {FILE_TEXT(HEAD "ids: 5\n" TAIL),
     "3:6: `ids` takes columns and their digits, as in {officer: digits 5}; this is `5`\n"},
    {FILE_TEXT(HEAD "after_decision: [bail]\nderive: {band: {bands: [5], of: bail}}\n"
                    "similarly_situated: [band]\n" TAIL),
     "3:17: `bail` is known only after the decision, and `m` compares people who are alike in "
     "`band`: leave it out here, or there\n"},
    {FILE_TEXT(HEAD "missing:\n" TAIL),
     "3:9: `missing` takes a list of texts, such as [\"\", NA]; nothing stands here\n"},
    {FILE_TEXT(HEAD "missing: {a: b}\n" TAIL),
     "3:10: `missing` takes a list of texts, such as [\"\", NA]; this is a mapping "
     "(key: value)\n"},
    {FILE_TEXT(HEAD "missing: [NA, [x]]\n" TAIL),
     "3:15: `missing` takes texts (an empty one is written \"\"); this is a list of 1\n"},
    {FILE_TEXT(HEAD "dates: \"%Y-%m\"\n" TAIL),
     "3:8: `%Y-%m` is no form of dates; it needs a year (%Y or %y), a month (%m, %b or "
     "%B) and a day (%d), as in %Y-%m-%d or %m/%d/%Y; or it is excel, unix or unix-ms\n"},
    {FILE_TEXT(HEAD "dates: [\"%m/%d/%Y\", \"%Y-%m-%d\", \"%d/%m/%Y\"]\n" TAIL),
     "3:33: `%m/%d/%Y` and `%d/%m/%Y` both fit 03/04/2014, as 2014-03-04 and as 2014-04-03: keep "
     "the one that is meant, and give files that are written in the other an input of their own "
     "(`inputs`)\n"},
    {FILE_TEXT(HEAD "dates: []\n" TAIL),
     "3:8: `dates` takes at least one form, such as \"%Y-%m-%d\"; this is empty\n"},
    {FILE_TEXT(HEAD "derive: [a]\n" TAIL),
     "3:9: `derive` takes a mapping of new names to derivations; this is a list of 1\n"},
    {FILE_TEXT(HEAD "derive: {date: {month: e}}\n" TAIL),
     "3:10: `date` is a name already (line 2); give this one another\n"},
    {FILE_TEXT(HEAD "derive: {case: {month: e}, or: {month: e}, 2nd: {month: e}}\n" TAIL),
     "3:10: `case` is a name already (line 2); give this one another\n"
     "3:28: `or` is a word of the conditions and cannot name a column; choose another "
     "name\n"
     "3:44: `2nd` cannot be a name: use letters, digits and _, and begin with a letter\n"},
    {FILE_TEXT(HEAD "derive: {x: {}}\n" TAIL),
     "3:13: `x` takes a derivation, such as {month: date}; this is empty\n"},
    {FILE_TEXT(HEAD "derive: {x: month}\n" TAIL),
     "3:13: `x` takes a mapping with `years_between`, `days_between`, `bands`, "
     "`month`, `quarter`, `year`, `fiscal_year`, `first_of` or `recode`; this is "
     "`month`\n"},
    {FILE_TEXT(HEAD "derive: {x: {moth: d}}\n" TAIL),
     "3:14: `x` has no key `moth`; did you mean `month`?\n"},
    {FILE_TEXT(HEAD "derive: {x: {month: d, year: d}}\n" TAIL),
     "3:24: `x` is derived by `month` already; give `year` a name of its own\n"},
    {FILE_TEXT(HEAD "derive: {x: {month: d, off: 1}}\n" TAIL),
     "3:24: `month` has no key `off` beside it; remove it\n"},
    {FILE_TEXT(HEAD "derive: {x: {years_between: [d]}}\n" TAIL),
     "3:29: `years_between` takes two dates, the earlier one first, such as "
     "[birth_date, date]; this is a list of 1\n"},
    {FILE_TEXT(HEAD "derive: {x: {years_between: [d, date]}}\n" TAIL),
     "3:33: both dates are the same, so this would always be 0; name two columns\n"},
    {FILE_TEXT(HEAD "derive: {x: {month: d}, y: {year: x}}\n" TAIL),
     "3:35: `year` takes a date of the records, and `x` is derived; name a date column\n"},
    {FILE_TEXT(HEAD "derive: {x: {bands: [16, 16, 8], of: n}}\n" TAIL),
     "3:26: `bands` must ascend, and 16 follows 16; put them in order, each once\n"
     "3:30: `bands` must ascend, and 8 follows 16; put them in order, each once\n"},
    {FILE_TEXT(HEAD "derive: {x: {bands: [old], of: n}}\n" TAIL),
     "3:22: `bands` takes a number, such as 16 or 0.5; this is `old`\n"},
    {FILE_TEXT(HEAD "derive: {x: {bands: [], of: n}}\n" TAIL),
     "3:21: `bands` takes a list of the numbers that begin a band, such as [16, 21, "
     "31]; this is empty\n"},
    {FILE_TEXT(HEAD "derive: {x: {bands: [1]}}\n" TAIL),
     "3:14: `bands` needs `of: ` and the column to be cut into bands\n"},
    {FILE_TEXT(HEAD "derive: {x: {month: d}, y: {bands: [1], of: x}}\n" TAIL),
     "3:45: `bands` are of a number, and `x` is a text; name a column of numbers\n"},
    {FILE_TEXT(HEAD "derive: {x: {bands: [1], off: n}}\n" TAIL),
     "3:14: `bands` needs `of: ` and the column to be cut into bands\n"
     "3:26: `bands` has no key `off` beside it; did you mean `of`?\n"},
    {FILE_TEXT(HEAD "derive: {x: {bands: [1], of: x}}\n" TAIL),
     "3:30: `x` is derived from itself; name another column here\n"},
    {FILE_TEXT(HEAD "derive: {x: {bands: [1], of: y}, y: {days_between: [b, d]}}\n" TAIL),
     "3:30: `y` is derived further down (line 3); move its derivation above this one\n"},
    {FILE_TEXT(HEAD "derive: {x: {bands: [1], of: 'no name'}}\n" TAIL),
     "3:30: `no name` is no name; a header with blanks or signs needs a name under "
     "`columns`\n"},
    {FILE_TEXT(HEAD "derive:\n"
                    "  x:\n"
                    "    first_of:\n"
                    "      - a: otherwise\n"
                    "      - b: c = 'd'\n" TAIL),
     "7:9: nothing gets past the `otherwise` above, so this can never hold; move it "
     "above that\n"},
    {FILE_TEXT(HEAD "derive: {x: {first_of: {a: otherwise}}}\n" TAIL),
     "3:24: `first_of` takes a list, each item being `- label: condition`; this is a "
     "mapping (key: value)\n"},
    {FILE_TEXT(HEAD "derive: {x: {first_of: [a]}}\n" TAIL),
     "3:25: `first_of` takes one `label: condition` in each item\n"},
    {FILE_TEXT(HEAD "derive: {x: {first_of: [{a: b = 'c', d: otherwise}]}}\n" TAIL),
     "3:25: `first_of` takes one `label: condition` in each item; begin each label's "
     "line with `- `\n"},
    {FILE_TEXT(HEAD "derive: {x: {first_of: [\"\": otherwise]}}\n" TAIL),
     "3:25: the label is empty; give this group a name\n"},
    {FILE_TEXT(HEAD "derive: {x: {first_of: [a: ]}}\n" TAIL),
     "3:28: a label of `first_of` takes a condition, such as outcome = 'released'; "
     "nothing stands here\n"},
    {FILE_TEXT(HEAD "derive: {x: {recode: c}}\n" TAIL),
     "3:14: `recode` needs `to: ` and the labels, as in {to: {drugs: ['35A']}}\n"},
    {FILE_TEXT(HEAD "derive: {x: {recode: c, to: {}}}\n" TAIL),
     "3:29: `to` takes labels with their texts, as in {drugs: ['35A']}; this is empty\n"},
    {FILE_TEXT(HEAD "derive: {x: {recode: c, to: {a: [b], d: [e, b]}}}\n" TAIL),
     "3:45: `b` is recoded above already (line 3); keep one\n"},
    {FILE_TEXT(HEAD "derive: {x: {recode: c, to: {a: ['']}}}\n" TAIL),
     "3:34: an empty text stands for \"not recorded\" under `missing`, so it is never "
     "recoded; remove it here or there\n"},
    {FILE_TEXT(HEAD "derive: {x: {recode: c, to: {a: []}, otherwise: }}\n" TAIL),
     "3:33: `a` takes the texts that become it, such as ['13A', '13B']; this is empty\n"
     "3:49: `otherwise` takes a text; nothing stands here\n"},
    {FILE_TEXT(HEAD "records: {kep: a = 'b'}\n" TAIL),
     "3:11: `records` has no key `kep`; did you mean `keep`?\n"},
    {FILE_TEXT(HEAD "records: {keep: a = }\n" TAIL),
     "3:20: the condition ends too early: expected a text in quotes, a number, a date "
     "or a column\n"},
    {FILE_TEXT(HEAD "records: {keep: otherwise}\n" TAIL),
     "3:17: `otherwise` is the last choice of a `first_of` only; write a condition\n"},
    {FILE_TEXT(HEAD "records: {one_per: person}\n" TAIL),
     "3:20: `columns` does not say which column is the person; add `person: ` and its "
     "header there\n"},
    {FILE_TEXT(HEAD "records: {one_per: case}\n" TAIL),
     "3:20: each case stays only once anyway; `one_per` takes the person\n"},
    {FILE_TEXT(HEAD "derive: {x: {month: d}}\n"
                    "records: {one_per: x}\n" TAIL),
     "4:20: `one_per` takes a column of the records, and `x` is derived; name another\n"},
    {FILE_TEXT(HEAD "records: {one_per: p, choose: latest}\n" TAIL),
     "3:31: `choose` takes `first` or `last`; this is `latest`\n"},
    {FILE_TEXT(HEAD "records: {repeated: both}\n" TAIL),
     "3:21: `repeated` takes `first`, `last`, `any`, `worst`, `refuse` or `trust`; this is "
     "`both`\n"},
    {FILE_TEXT(HEAD "records: {repeated: worst}\n" TAIL),
     "3:21: `worst` needs to know what is worse; add `worst: ` with a column and its values, the "
     "worst first, such as {outcome: [removed, detained, released]}\n"},
    {FILE_TEXT(HEAD "records: {repeated: worst, worst: [removed]}\n" TAIL),
     "3:35: `worst` takes a column and its values, the worst first, such as {outcome: [removed, "
     "detained, released]}; this is a list of 1\n"},
    {FILE_TEXT(HEAD "records: {worst: {a: [x]}}\n" TAIL),
     "3:11: nothing asks which is the worst; write `repeated: worst`, or remove `worst`\n"},
    {FILE_TEXT(HEAD "records: {order_by: case}\n" TAIL),
     "3:21: records of one case have the same case number, so it orders nothing; name the column "
     "that tells which came first\n"},
    {FILE_TEXT(HEAD "derive: {x: {month: d}}\n"
                    "records: {order_by: x}\n" TAIL),
     "4:21: `order_by` takes a column of the records, and `x` is derived; name another\n"},
    {FILE_TEXT(HEAD "records: {repeated: any}\n"
                    "similarly_situated: []\nmeasures: {m: {category: a}}\n"
                    "comparisons: [{across: b}]\n"),
     "3:21: `any` joins the events of a case, and `m` asks for no event; take `first`, `last` or "
     "`worst`\n"},
    {FILE_TEXT(HEAD "records: {choose: last}\n" TAIL),
     "3:11: there is nothing to choose from without `one_per`; add it, or remove "
     "`choose`\n"},
    {FILE_TEXT(HEAD "policies: {name: A}\n" TAIL),
     "3:11: `policies` takes a list of 1 to 200 policies, such as {name: June "
     "memorandum, from: 2011-06-17}; this is a mapping (key: value)\n"},
    {FILE_TEXT(HEAD "policies: [{name: A}]\n" TAIL),
     "3:12: a policy needs `from: ` and the day it began, such as 2011-06-17\n"},
    {FILE_TEXT(HEAD "policies: [{from: 2011-06-17}]\n" TAIL),
     "3:12: a policy needs `name: ` and what it is called\n"},
    {FILE_TEXT(HEAD "policies: [{name: A, from: June 2011}]\n" TAIL),
     "3:28: `from` takes a day of the calendar, such as 2011-06-17; this is `June 2011`\n"},
    {FILE_TEXT(HEAD "policies: [{name: A, from: 2011-02-29}]\n" TAIL),
     "3:28: `from` takes a day of the calendar, such as 2011-06-17; this is "
     "`2011-02-29`\n"},
    {FILE_TEXT(HEAD "policies:\n"
                    "  - {name: A, from: 2011-06-17}\n"
                    "  - {name: B, from: 2011-06-17, supersedes: A}\n" TAIL),
     "5:45: `A` does not begin before this policy, so this cannot supersede it; check "
     "both dates\n"},
    {FILE_TEXT(HEAD "policies:\n"
                    "  - {name: June, from: 2011-06-17}\n"
                    "  - {name: B, from: 2012-06-17, supersedes: Jun}\n" TAIL),
     "5:45: there is no policy `Jun`; did you mean `June`?\n"},
    {FILE_TEXT(HEAD "policies: [{name: A, from: 2011-06-17, supersedes: A}]\n" TAIL),
     "3:52: a policy cannot supersede itself; name an earlier one\n"},
    {FILE_TEXT(HEAD "policies:\n"
                    "  - {name: A, from: 2011-01-01}\n"
                    "  - {name: B, from: 2012-01-01, supersedes: A}\n"
                    "  - {name: C, from: 2013-01-01, supersedes: [A, B]}\n" TAIL),
     "6:46: `A` is superseded by another policy already; remove one of the two\n"},
    {FILE_TEXT(HEAD "policies: [{name: A, from: 2011-01-01}, {name: A, from: 2012-01-01}]\n" TAIL),
     "3:48: two policies are named `A`; give this one another name\n"},
    {FILE_TEXT(HEAD "policies: [{name: (none), from: 2011-01-01}, {name: A + B, from: "
                    "2012-01-01}]\n" TAIL),
     "3:19: `(none)` has a meaning of its own in reports; choose another name\n"
     "3:53: ` + ` joins the names of policies in force together; write the name "
     "without it\n"},
    {FILE_TEXT(HEAD "policies: [{name: A, from: 2011-06-17}]\n"
                    "derive: {policy: {month: d}}\n" TAIL),
     "4:10: `policy` is the policy in force, since there are `policies`; give this "
     "name of `derive` another\n"},
    {FILE_TEXT(HEAD "similarly_situated: [a, a]\n" TAIL),
     "3:25: `similarly_situated` names `a` twice; once is enough\n"},
    {FILE_TEXT(HEAD "similarly_situated: [date, id]\n" TAIL),
     "3:21: `case` differs in every record, so nobody would be similarly situated; "
     "remove it from this list\n"},
    {FILE_TEXT(HEAD "similarly_situated: {a: b}\n" TAIL),
     "3:21: `similarly_situated` takes a list of names, such as [field_office, "
     "age_band]; this is a mapping (key: value)\n"},
    {FILE_TEXT(HEAD "similarly_situated: [[a]]\n" TAIL),
     "3:22: `similarly_situated` takes the name of a column; this is a list of 1\n"},
    {FILE_TEXT(HEAD "records: {one_per: p}\n"
                    "similarly_situated: [p]\n" TAIL),
     "4:21: `p` differs in every audited record, so nobody would be similarly "
     "situated; remove it from this list\n"},
    {FILE_TEXT(HEAD "on_missing: drop\n" TAIL),
     "3:13: `on_missing` takes `compare` or `exclude`; this is `drop`\n"},
    {FILE_TEXT(HEAD "flag: {false_discovery_rate: 5}\n" TAIL),
     "3:30: `false_discovery_rate` takes a share above 0 and up to 0.5, such as 0.05 "
     "or 5%; this is `5`\n"},
    {FILE_TEXT(HEAD "flag: {false_discovery_rate: 0%}\n" TAIL),
     "3:30: `false_discovery_rate` takes a share above 0 and up to 0.5, such as 0.05 "
     "or 5%; this is `0%`\n"},
    {FILE_TEXT(HEAD "flag: {smallest_difference: 10}\n" TAIL),
     "3:29: `smallest_difference` takes 0 to under 100 percentage points, such as 10 "
     "points, 10% or 0.1; this is `10`\n"},
    {FILE_TEXT(HEAD "flag: {smallest_difference: ten points}\n" TAIL),
     "3:29: `smallest_difference` takes 0 to under 100 percentage points, such as 10 "
     "points, 10% or 0.1; this is `ten points`\n"},
    {FILE_TEXT(HEAD "flag: {smallest_difference: 100 points}\n" TAIL),
     "3:29: `smallest_difference` takes 0 to under 100 percentage points, such as 10 "
     "points, 10% or 0.1; this is `100 points`\n"},
    {FILE_TEXT(HEAD "flag: {smallest_caseload: 0}\n" TAIL),
     "3:27: `smallest_caseload` takes a whole number from 1 to 1000000000, in digits "
     "only; this is `0`\n"},
    {FILE_TEXT(HEAD "flag: {smallest_caseload: 2.5}\n" TAIL),
     "3:27: `smallest_caseload` takes a whole number from 1 to 1000000000, in digits "
     "only; this is `2.5`\n"},
    {FILE_TEXT(HEAD "flag: {confidence: 95}\n" TAIL),
     "3:20: `confidence` takes a share from 50% to under 100%, such as 95% or 0.95; "
     "this is `95`\n"},
    {FILE_TEXT(HEAD "flag: {confidence: 10%}\n" TAIL),
     "3:20: `confidence` takes a share from 50% to under 100%, such as 95% or 0.95; "
     "this is `10%`\n"},
    {FILE_TEXT(HEAD "flag: {test: fisher}\n" TAIL),
     "3:14: `test` takes `exact` or `cmh`; this is `fisher`\n"},
    {FILE_TEXT(HEAD "flag: {multiplicity: bonferroni}\n" TAIL),
     "3:22: `multiplicity` takes `benjamini-hochberg`, `any-dependence` or `nested`; "
     "this is `bonferroni`\n"},
    {FILE_TEXT(HEAD "measures: {m: {event: a = 'b', flag: {family: report}}}\n" COMPARISONS),
     "3:39: the family is the whole file's; move it to the file's own `flag`\n"},
    {FILE_TEXT(HEAD "measures:\n  m: {event: a = 'b', main: yes}\n  n: {event: a = 'c', main: "
                    "yes}\n" COMPARISONS),
     "5:3: `m` is marked `main: yes`, too; a report has one main measure\n"},
    {FILE_TEXT(HEAD "measures: {m: {event: a = 'b', main: perhaps}}\n" COMPARISONS),
     "3:38: `main` takes `no` or `yes`; this is `perhaps`\n"},
    {FILE_TEXT(HEAD "flag: {family: strict}\nmeasures:\n  m: {event: a = 'b'}\n"
                    "  n: {event: a = 'c', flag: {false_discovery_rate: 1%}}\n" COMPARISONS),
     "3:16: `family: strict` needs one false_discovery_rate; remove those of the measures, or "
     "write "
     "`family: comparison`\n"},
    {FILE_TEXT(HEAD "flag: {family: whole}\n" TAIL),
     "3:16: `family` takes `report`, `comparison` or `strict`; this is `whole`\n"},
    {FILE_TEXT(HEAD "flag: {dependence: any, multiplicity: nested}\n" TAIL),
     "3:8: `dependence` and `multiplicity` say the same thing; remove `multiplicity`\n"},
    {FILE_TEXT(HEAD "flag: {seed: -1}\n" TAIL),
     "3:14: `seed` takes a whole number from 0 to 18446744073709551615, in digits "
     "only; this is `-1`\n"},
    {FILE_TEXT(HEAD "flag: {seed: 99999999999999999999}\n" TAIL),
     "3:14: `seed` takes a whole number from 0 to 18446744073709551615, in digits "
     "only; this is `99999999999999999999`\n"},
    {FILE_TEXT(HEAD "flag: {smallest_diference: 5%}\n" TAIL),
     "3:8: `flag` has no key `smallest_diference`; did you mean `smallest_difference`?\n"},
    {FILE_TEXT(HEAD "review: {confidence: 40%, tolerable_rate: 60%}\n" TAIL),
     "3:22: `confidence` takes a share from 50% to under 100%, such as 95% or 0.95; this is `40%`\n"
     "3:43: `tolerable_rate` takes a share from 0.1% to 50%, such as 5% or 0.05; this is `60%`\n"},
    {FILE_TEXT(HEAD "joins: []\n" TAIL),
     "3:8: `joins` takes a list of up to 20 tables, such as `- {file: roster.csv, on: officer_id, "
     "columns: [office]}`\n"},
    {FILE_TEXT(HEAD "joins: {file: r.csv, on: o}\n" TAIL),
     "3:8: a join needs `columns: ` and those of the table that the records are given\n"},
    {FILE_TEXT(HEAD "joins: {on: o, columns: [x]}\n" TAIL),
     "3:8: a join needs `file: ` and the name of the table\n"},
    {FILE_TEXT(HEAD "joins: {file: r.csv, columns: [x]}\n" TAIL),
     "3:8: a join needs `on: ` and the column, or up to 5 columns, that the records and the table "
     "share\n"},
    {FILE_TEXT(HEAD "joins: {file: r.csv, on: x, columns: [x]}\n" TAIL),
     "3:26: `on` takes a column of the records, or of a join further up; `x` is joined here or "
     "further down\n"},
    {FILE_TEXT(HEAD "joins: {file: r.csv, on: o, columns: [Post Code]}\n" TAIL),
     "3:39: `Post Code` cannot stand in a condition; give it a name: `columns: {a_name: Post "
     "Code}`\n"},
    {FILE_TEXT(HEAD "joins: {file: r.csv, on: o, columns: [x], between: a}\n" TAIL),
     "3:52: `between` takes the headers of two days in the table: the first, and the last on which "
     "a row is in force; this is `a`\n"},
    {FILE_TEXT(HEAD "joins: {file: r.csv, on: o, columns: [x], at: d}\n" TAIL),
     "3:43: `at` is the day that `between` is asked about; add `between: [from, until]`\n"},
    {FILE_TEXT(HEAD "split: {x: \"|\"}\n" TAIL),
     "3:12: `x` takes what stands between the values and which of them counts, as in {by: \"|\", "
     "take: "
     "first}, or {by: \"|\", take: any, of: \"Yes\"}; this is `|`\n"},
    {FILE_TEXT(HEAD "split: {x: {by: \";\"}}\n" TAIL),
     "3:12: `x` needs `by: ` (what stands between the values) and `take: ` (first, last, any, all "
     "or "
     "count)\n"},
    {FILE_TEXT(HEAD "split: {x: {by: \";\", take: any}}\n" TAIL),
     "3:28: `take: any` needs `of: ` and the value that is looked for\n"},
    {FILE_TEXT(HEAD "split: {x: {by: \";\", take: first, of: y}}\n" TAIL),
     "3:35: `take: first` looks for no value; leave out `of`\n"},
    {FILE_TEXT(HEAD "split: {case: {by: \";\", take: first}}\n" TAIL),
     "3:9: `case` tells records apart; a record that is of several must be parted before it is "
     "audited\n"},
    {FILE_TEXT(HEAD "workload: {name: w}\n" TAIL),
     "3:11: `workload` takes a list of 1 to 50, such as `- {name: detention stays, measure: "
     "detained, "
     "unit_cost: 4500 dollars}`; this is a mapping (key: value)\n"},
    {FILE_TEXT(HEAD "workload: [{name: w, measure: m}]\n" TAIL),
     "3:12: a workload needs `name: `, `measure: ` and `unit_cost: ` such as 4500 dollars\n"},
    {FILE_TEXT(HEAD "workload: [{name: w, measure: m, unit_cost: 4500}]\n" TAIL),
     "3:45: `unit_cost` takes a number above 0 and what it is counted in, such as 4500 dollars or "
     "3.5 "
     "hours; this is `4500`\n"},
    {FILE_TEXT(HEAD "workload: [{name: w, measure: m, unit_cost: 5 hours, across: x}]\n" TAIL),
     "3:62: no comparison has this measure across these units, all together; add one under "
     "`comparisons`, since what is found there is what this is about\n"},
    {FILE_TEXT(HEAD "publication: {office: us}\n" TAIL),
     "3:15: `publication` has no key `office`; it knows `department`, `contact`, `period` or "
     "`statement`\n"},
    {FILE_TEXT(HEAD "publication: {contact: [us]}\n" TAIL),
     "3:24: `contact` takes a text; this is a list of 1\n"},
    {FILE_TEXT(HEAD "review: {rate: 5%}\n" TAIL),
     "3:10: `review` has no key `rate`; it knows `confidence` or `tolerable_rate`\n"},
    {FILE_TEXT(HEAD "flag: strict\n" TAIL),
     "3:7: `flag` takes a mapping with `false_discovery_rate`, `smallest_difference`, "
     "`smallest_caseload`, `confidence`, `test`, `family`, `dependence`, `multiplicity` or `seed`; "
     "this is `strict`\n"},
    {FILE_TEXT(HEAD "totals: {name: x}\n" TAIL),
     "3:9: `totals` takes a list of control totals, each with `name`, `where` and "
     "`expected`; this is a mapping (key: value)\n"},
    {FILE_TEXT(HEAD "totals: [{name: x, where: a = 'b', expected: 12,757}]\n" TAIL),
     "3:49: a control total has no key `757`; inside { } a comma begins a new key: "
     "write numbers without commas, and a condition with a comma on a line of its own\n"},
    {FILE_TEXT(HEAD "totals: [{}]\n" TAIL),
     "3:10: a control total needs `expected: ` and the figure\n"
     "3:10: a control total needs `name: ` and where the figure comes from\n"
     "3:10: a control total needs `where: ` and the condition of the records it counts\n"},
    {FILE_TEXT(HEAD "totals: [{name: x, where: a = 'b', expected: many}]\n" TAIL),
     "3:46: `expected` takes a whole number from 0 to 1000000000000000, in digits "
     "only; this is `many`\n"},
    {FILE_TEXT(HEAD "expect: [{}]\n" TAIL),
     "3:10: an expectation needs `column: ` and what is expected of it, or `rule: ` "
     "and a condition\n"},
    {FILE_TEXT(HEAD "expect: [{column: a}]\n" TAIL),
     "3:10: say what is expected of `a`: `never: missing`, `between: [0, 110]` or "
     "`one_of: [a, b]`\n"},
    {FILE_TEXT(HEAD "expect: [{column: a, between: [5, 1]}]\n" TAIL),
     "3:31: nothing lies between 5 and 1; write the smaller first\n"},
    {FILE_TEXT(HEAD "expect: [{column: a, between: [5]}]\n" TAIL),
     "3:31: `between` takes two numbers or two dates, such as [0, 110]; this is a list "
     "of 1\n"},
    {FILE_TEXT(HEAD "expect: [{column: a, between: [5, 2011-01-01]}]\n" TAIL),
     "3:31: `between` takes two numbers or two dates, such as [0, 110]; this is a list "
     "of 2\n"},
    {FILE_TEXT(HEAD "expect: [{column: a, never: null}]\n" TAIL),
     "3:29: `never` takes `missing`; this is `null`\n"},
    {FILE_TEXT(HEAD "expect: [{column: a, one_of: []}]\n" TAIL),
     "3:30: `one_of` takes a list of texts, such as [released, detained]; this is empty\n"},
    {FILE_TEXT(HEAD "expect: [{column: a, never: missing, one_of: [b]}]\n" TAIL),
     "3:38: `one_of` stands beside `never`; give each an item of its own\n"},
    {FILE_TEXT(HEAD "expect: [{column: a, rule: a = 'b'}]\n" TAIL),
     "3:11: `column` stands beside `rule`; give each an item of its own\n"},
    {FILE_TEXT(HEAD "expect: [{rule: }]\n" TAIL),
     "3:17: `rule` takes a condition, such as outcome = 'released'; nothing stands here\n"},
    {FILE_TEXT(HEAD "expect: [{column: date, between: [1, 2]}]\n" TAIL),
     "3:34: date is read as a date elsewhere in these rules: compare it with a date, "
     "like 2011-06-17\n"},
    {FILE_TEXT(HEAD "measures: {m: {event: a = 'b'}, m: {event: a = 'b'}}\n" COMPARISONS),
     "3:33: `m` stands here twice (before: line 3); keep one, or give it another name\n"},
    {FILE_TEXT(HEAD "measures: {m: a = 'b'}\n" COMPARISONS),
     "3:15: the measure `m` takes a mapping with `event`, `category`, `value`, `among`, "
     "`similarly_situated`, `adjust_for`, `on_missing`, `flag` or `main`; this is `a = 'b'`\n"},
    {FILE_TEXT(HEAD "measures: {m: {among: a = 'b'}}\n" COMPARISONS),
     "3:12: the measure `m` asks nothing; add `event: ` and the condition that is counted, "
     "`category: ` and the column of outcomes, or `value: ` and a column of numbers\n"},
    {FILE_TEXT(HEAD "measures: {m: {event: a = 'b', category: c}}\n" COMPARISONS),
     "3:32: the measure `m` asks `event` already; make `category` a measure of its own\n"},
    {FILE_TEXT(HEAD "measures: {m: {category: [c]}}\n" COMPARISONS),
     "3:26: `category` takes the name of a column; this is a list of 1\n"},
    {FILE_TEXT(HEAD "measures: {m: {category: c, flag: {test: exact}}}\n" COMPARISONS),
     "3:36: `test` chooses between two tests of an `event`; a category always has its own: "
     "remove it here\n"},
    {FILE_TEXT(HEAD "measures: {m: {category: id}}\n" COMPARISONS),
     "3:26: `case` differs in every record, so nothing could be compared; name another "
     "column\n"},
    {FILE_TEXT(HEAD "derive: {wait: {days_between: [met, date]}}\n"
                    "measures: {m: {category: wait}}\n" COMPARISONS),
     "4:26: `wait` is a number: ask for it as `value: wait`, or derive bands of it\n"},
    {FILE_TEXT(HEAD "measures: {m: {category: o}}\n" COMPARISONS),
     "3:26: `o` is in `across` of the comparison on line 4, so it cannot be asked for there: "
     "name another column, or remove it there\n"},
    {FILE_TEXT(HEAD "similarly_situated: [a, c]\n"
                    "measures: {m: {category: c}}\n" COMPARISONS),
     "4:26: `c` is in `similarly_situated` of the comparison on line 5, so it cannot be asked "
     "for there: name another column, or remove it there\n"},
    {FILE_TEXT(HEAD "measures: {m: {category: c}, n: {event: a = 'b'}}\n"
                    "comparisons: [{across: o, within: c, measure: n}, {across: o, each: c}]\n"),
     "3:26: `c` is in `each` of the comparison on line 4, so it cannot be asked for there: name "
     "another column, or remove it there\n"},
    {FILE_TEXT(HEAD "policies: [{name: A, from: 2011-06-17}]\n"
                    "measures: {m: {category: policy}}\n" COMPARISONS),
     "4:26: `policy` is in `policies` of the comparison on line 5, so it cannot be asked for "
     "there: name another column, or remove it there\n"},
    {FILE_TEXT(HEAD "measures: {m: {value: v}}\n" COMPARISONS),
     "3:12: the measure `m` compares a value but does not say how large a difference matters; "
     "add `flag: {smallest_difference: ...}` to it, in the value's units, such as 5 days or 500 "
     "dollars\n"},
    {FILE_TEXT(HEAD "flag: {smallest_difference: 5 points}\n"
                    "measures: {m: {value: v, flag: {confidence: 90%}}}\n" COMPARISONS),
     "4:12: the measure `m` compares a value but does not say how large a difference matters; "
     "add `flag: {smallest_difference: ...}` to it, in the value's units, such as 5 days or 500 "
     "dollars\n"},
    {FILE_TEXT(HEAD
               "measures: {m: {value: v, flag: {smallest_difference: 10 points}}}\n" COMPARISONS),
     "3:54: `smallest_difference` of a value takes a number of 0 or more in the value's units, "
     "such as 5 days, 500 dollars or 0.5; this is `10 points`\n"},
    {FILE_TEXT(HEAD "measures: {m: {value: v, flag: {smallest_difference: -1}}}\n" COMPARISONS),
     "3:54: `smallest_difference` of a value takes a number of 0 or more in the value's units, "
     "such as 5 days, 500 dollars or 0.5; this is `-1`\n"},
    {FILE_TEXT(HEAD
               "derive: {wait: {days_between: [met, date]}}\n"
               "measures: {m: {value: wait, flag: {smallest_difference: 2 weeks}}}\n" COMPARISONS),
     "4:57: `wait` is counted in days: write the difference in days\n"},
    {FILE_TEXT(
         HEAD "measures: {m: {value: v, flag: {smallest_difference: 5, test: cmh}}}\n" COMPARISONS),
     "3:57: `test` chooses between two tests of an `event`; a value always has its own: remove "
     "it here\n"},
    {FILE_TEXT(HEAD "measures: {m: {value: date, flag: {smallest_difference: 5}}}\n" COMPARISONS),
     "3:23: `date` is read as a date elsewhere in these rules, and a value is a number: derive "
     "one with days_between or years_between\n"},
    {FILE_TEXT(HEAD "derive: {p: {first_of: [high: a = 'b', low: otherwise]}}\n"
                    "measures: {m: {value: p, flag: {smallest_difference: 5}}}\n" COMPARISONS),
     "4:23: `p` holds labels like 'high', and a value is a number: ask for it as `category: "
     "p`\n"},
    {FILE_TEXT(HEAD "measures: {m: {value: v, flag: {smallest_difference: 5}}, n: {event: v = "
                    "'b'}}\n" COMPARISONS),
     "3:70: v is read as a number elsewhere in these rules: compare it with a number, without "
     "quotes\n"},
    {FILE_TEXT(HEAD "measures: {m: {event: a = 'b', flag: {seed: 2}}}\n" COMPARISONS),
     "3:39: the seed is the whole file's; move it to the file's own `flag`\n"},
    {FILE_TEXT(HEAD "measures: {m: {event: a = 'b', on_mising: exclude}}\n" COMPARISONS),
     "3:32: the measure `m` has no key `on_mising`; did you mean `on_missing`?\n"},
    {FILE_TEXT(HEAD "measures: {\"\": {event: a = 'b'}}\n" COMPARISONS),
     "3:12: the measure has no name; write what it asks about, such as `released:`\n"},
    {FILE_TEXT(HEAD "measures: {m: {event: a between 2 and 1}}\n" COMPARISONS),
     "3:33: between 2 and 1 can never hold: write the smaller first\n"},
    {FILE_TEXT(HEAD "measures: {m: {event: a in ()}}\n" COMPARISONS),
     "3:29: expected a constant: the list is empty or ends with a comma, found )\n"},
    {FILE_TEXT(HEAD "measures: {m: {event: date > 2011}}\n" COMPARISONS),
     "3:23: date is read as a date elsewhere in these rules: compare it with a date, "
     "like 2011-06-17\n"},
    {FILE_TEXT(HEAD "derive: {p: {first_of: [high: a = 'b', low: otherwise]}}\n"
                    "measures: {m: {event: p = 'hihg'}}\n" COMPARISONS),
     "4:23: p is never 'hihg': it holds labels like 'high'\n"},
    {FILE_TEXT(HEAD "measures: {m: {event: a = ''}}\n" COMPARISONS),
     "3:23: a is never '': that stands for a value that is not recorded (see missing); "
     "write `is missing` or `is not missing`\n"},
    {FILE_TEXT(HEAD "measures: {m: {event: a = 'b'}}\n"
                    "comparisons: [{acros: o}]\n"),
     "4:15: a comparison needs `across: ` and the column whose units are compared, "
     "such as officer_id\n"
     "4:16: a comparison has no key `acros`; did you mean `across`?\n"},
    {FILE_TEXT(HEAD "measures: {m: {event: a = 'b'}}\n"
                    "comparisons: [{across: [o]}]\n"),
     "4:24: `across` takes the name of a column; this is a list of 1\n"},
    {FILE_TEXT(HEAD "measures: {m: {event: a = 'b'}}\n"
                    "comparisons: [{across: id}]\n"),
     "4:24: every record is a case of its own, so `across` cannot name it; name a "
     "column that many records share, such as the office\n"},
    {FILE_TEXT(HEAD "measures: {m: {event: a = 'b'}}\n"
                    "comparisons: [{across: o, within: [p, o]}]\n"),
     "4:35: `within` names the column of `across`, so each unit would be compared with "
     "itself; remove it here\n"},
    {FILE_TEXT(HEAD "measures: {m: {event: a = 'b'}}\n"
                    "comparisons: [{across: o, each: o}]\n"),
     "4:33: `each` names the column of `across`, so each unit would be compared with "
     "itself; name another column\n"},
    {FILE_TEXT(HEAD "measures: {m: {event: a = 'b'}}\n"
                    "comparisons: [{across: o, measure: n}]\n"),
     "4:36: there is no measure `n`; name one that stands under `measures`\n"},
    {FILE_TEXT(HEAD "measures: {m: {event: a = 'b'}}\n"
                    "comparisons: [{across: o, measure: [m, m]}]\n"),
     "4:40: `m` is named twice; once is enough\n"},
    {FILE_TEXT(HEAD "measures: {m: {event: a = 'b'}}\n"
                    "comparisons: [{across: o, measure: []}]\n"),
     "4:36: `measure` takes at least one measure; leave it out to compare all; this is "
     "empty\n"},
    {FILE_TEXT(HEAD "measures: {m: {event: a = 'b'}}\n"
                    "comparisons:\n"
                    "  - {across: o, within: [p, q]}\n"
                    "  - {across: o, within: [q, p], measure: m}\n"),
     "6:5: this comparison of `m` stands on line 5 already; keep one\n"},
    {FILE_TEXT(HEAD "measures: {m: {event: a = 'b'}}\n"
                    "comparisons: {across: o}\n"),
     "4:14: `comparisons` takes a list of 1 to 200 comparisons, such as `- {across: "
     "field_office}`; this is a mapping (key: value)\n"},
    {FILE_TEXT(HEAD "measures:\n"
                    "  m:\n"
                    "    event: >-\n"
                    "      a = 'b'\n"
                    "      and c is mising\n"
                    "    among: |\n"
                    "\n"
                    "      (a = 'c'\n"
                    "      or date > 5)\n" COMPARISONS),
     "7:16: expected missing or not missing after is (compare a value with = or !=), "
     "found mising\n"
     "11:10: date is read as a date elsewhere in these rules: compare it with a date, "
     "like 2011-06-17\n"},
    {FILE_TEXT(HEAD "measures:\n"
                    "  m:\n"
                    "    event: 'a = ''b'' and c is mising'\n"
                    "    among: a = 'b'\n"
                    "      and c is mising\n" COMPARISONS),
     "5:32: expected missing or not missing after is (compare a value with = or !=), "
     "found mising\n"
     "7:16: expected missing or not missing after is (compare a value with = or !=), "
     "found mising\n"},
    {FILE_TEXT(HEAD "measures:\n"
                    "  \303\251: {event: a = '\303\251' and b}\n" COMPARISONS),
     "4:26: a column alone is no condition: say what b is, as in b = 'Y'\n"},
    {FILE_TEXT("evenhand: 1\n"
               "titel: Five mistakes\n"
               "columns: {case: id, date: d}\n"
               "derive:\n"
               "  age_band: {bands: [21, 16], of: age}\n"
               "measures:\n"
               "  released:\n"
               "    event: outcome is 'released'\n"
               "    flag: {confidence: 95}\n"
               "comparisons:\n"
               "  - {across: office, measure: relesed}\n"),
     "2:1: a rules file has no key `titel`; did you mean `title`?\n"
     "5:26: `bands` must ascend, and 16 follows 21; put them in order, each once\n"
     "8:23: expected missing or not missing after is (compare a value with = or !=), "
     "found 'released'\n"
     "9:24: `confidence` takes a share from 50% to under 100%, such as 95% or 0.95; "
     "this is `95`\n"
     "11:31: there is no measure `relesed`; did you mean `released`?\n"},
};
enum { MISTAKE_COUNT = sizeof mistakes / sizeof mistakes[0] };

/* The problems of a file as the program prints them, one on a line. */
static char *problems_of(const char *text, size_t length) {
  /* Exactly as long as the text, so that a sanitizer sees a step beyond it. */
  char *exact = eh_alloc(length, 1);
  if (length) memcpy(exact, text, length);
  struct eh_arena *arena = eh_arena_new();
  const struct eh_rules *rules;
  struct eh_problems problems = {0};
  struct eh_buffer said = {0};
  enum eh_status status = eh_rules_read(arena, "r.yaml", exact, length, &rules, &problems);
  ck_assert_int_eq(status, EH_BAD_RULES);
  ck_assert_ptr_null(rules);
  for (size_t i = 0; i < problems.count; i++) {
    const struct eh_error *problem = &problems.items[i];
    ck_assert_int_eq(problem->code, EH_BAD_RULES);
    ck_assert_str_eq(problem->file, "r.yaml");
    eh_buffer_printf(&said, "%d:%d: %s\n", (int)problem->line, (int)problem->column,
                     problem->message);
  }
  eh_problems_free(&problems);
  eh_arena_free(arena);
  free(exact);
  return said.text;
}

START_TEST(each_mistake_is_told_at_its_place) {
  char *said = problems_of(mistakes[_i].text, mistakes[_i].length);
  ck_assert_str_eq(said, mistakes[_i].problems);
  free(said);
}
END_TEST

/* Every beginning of a file is a file somebody may hand in: it is refused in good order. */
START_TEST(truncated_files_are_refused) {
  static const char text[] = HEAD
      "derive: {p: {first_of: [\"x\": \"a = 'b'\", y: otherwise]}}\n"
      "flag: {smallest_difference: 5 points}\nsimilarly_situated: [p, \303\251]\n"
      "measures:\n  m:\n    event: >\n      a in ('b',\n      'c') and d is not missing\n";
  for (size_t length = 0; length < sizeof text - 1; length++) {
    char *said = problems_of(text, length);
    ck_assert_ptr_nonnull(said);
    free(said);
  }
}
END_TEST

static char *repeated(const char *head, const char *part, size_t count, const char *tail) {
  struct eh_buffer text = {0};
  eh_buffer_puts(&text, head);
  for (size_t i = 0; i < count; i++) eh_buffer_puts(&text, part);
  eh_buffer_puts(&text, tail);
  return text.text;
}

static void expect_refusal(char *text, const char *wanted) {
  char *said = problems_of(text, strlen(text));
  ck_assert_msg(strstr(said, wanted), "no \"%s\" in %.2000s", wanted, said);
  free(said);
  free(text);
}

START_TEST(hostile_sizes_are_refused) {
  expect_refusal(repeated("title: ", "x", 1 << 20, "\n"), "1:1: the file has 1048584 bytes");
  expect_refusal(repeated("a: ", "[", 500000, "\n"), "nested more than 20 levels deep");
  expect_refusal(repeated("a: ", "{a: ", 100000, "\n"), "nested more than 20 levels deep");
  expect_refusal(repeated(HEAD TAIL "similarly_situated: [", "x, ", 200000, "y]\n"),
                 "names more than 100 columns");
  expect_refusal(repeated(HEAD TAIL "records:\n  keep: ", "(", 100000, "a\n"), "nested more than");
  expect_refusal(repeated(HEAD "measures:\n", "  m: {event: a = 'b'}\n", 300, COMPARISONS),
                 "1 to 200 measures");
}
END_TEST

/* What each of them supersedes was once written behind what the first does, beyond its memory. */
START_TEST(policies_of_one_name_are_refused) {
  for (size_t count = 2; count < 60; count++)
    expect_refusal(
        repeated("policies:\n", "- {name: b, supersedes: [a, a, a, a, a, a, a, a]}\n", count, TAIL),
        "two policies are named `b`; give this one another name");
}
END_TEST

/* No more than a thousand problems are kept, however many there are. */
START_TEST(problems_are_bounded) {
  char *text = repeated(HEAD, "k: 1\n", 5000, TAIL);
  char *said = problems_of(text, strlen(text));
  size_t lines = 0;
  for (const char *c = said; *c; c++) lines += *c == '\n';
  ck_assert_uint_eq(lines, 1000);
  free(said);
  free(text);
}
END_TEST

int main(void) {
  TCase *tcase = new_tests("mistakes");
  tcase_add_loop_test(tcase, each_mistake_is_told_at_its_place, 0, MISTAKE_COUNT);
  tcase_add_test(tcase, truncated_files_are_refused);
  tcase_add_test(tcase, hostile_sizes_are_refused);
  tcase_add_test(tcase, policies_of_one_name_are_refused);
  tcase_add_test(tcase, problems_are_bounded);
  return run_case("mistakes", tcase);
}
