#!/bin/bash
# Records as people have them: files that were once misread (../shared/cases, each with what is right in its README), and what
# evenhand makes of them with rules written by hand. Skipped where those files are not.
set -u
cd "$(dirname "$0")/../.." || exit 1
cases=$PWD/../shared/cases
[ -d "$cases" ] || { echo "../shared/cases is not there"; exit 77; }
program=${EVENHAND:?the program to test}
case $program in /*) ;; *) program=$PWD/$program ;; esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
say() { echo "$1"; failed=1; }

# rules NAME [sed expression]: a case's own rules without what init guessed for `missing`, changed as the expression says.
rules() { sed -e '/^missing: /d' -e "${2:-}" "$cases/$1" >"$work/rules.yaml"; }
# holds WHAT TEXT FILE...: the audit of the files says the text; WHAT names it where it does not.
audit() { "$program" audit "$work/rules.yaml" "$@" >"$work/out" 2>&1; tr -s ' \n' ' ' <"$work/out" >"$work/flat"; }
holds() {
  local what=$1 text=$2
  shift 2
  audit "$@"
  grep -qF -- "$text" "$work/flat" || { say "$what: does not say \"$text\":"; head -25 "$work/out"; }
}
lacks() { ! grep -qF -- "$2" "$work/flat" || { say "$1: says \"$2\":"; head -25 "$work/out"; }; }
as_base() { # WHAT FILE...: the figures of the clean file
  local what=$1
  shift
  holds "$what" "600 audited" "$@"
  holds "$what" "East differs from peers by +16.8 points" "$@"
  holds "$what" "Brown, R differs from peers by +23.9 points" "$@"
  holds "$what" "2 findings from 16 tests" "$@"
}

rules 00-base/rules.yaml
as_base "the clean file" "$cases/00-base/base.csv"

# Blanks that nobody sees, in every place, and letters in two parts.
rules 03-invisible-blanks/rules.yaml
as_base "U+00A0" "$cases/03-invisible-blanks/nbsp.csv"
for blank in '\xe2\x80\x8b' '\xef\xbb\xbf' '\xe3\x80\x80' '\xe2\x80\xaf' '\xc2\xad' '\xe2\x81\xa0 '; do
  sed "3~3s/,East,/,$blank""East$blank,/; 2~5s/released/$blank&/; 2~4s/Brown, R/Brown,${blank}R/" "$cases/00-base/base.csv" >"$work/blanks.csv"
  case $blank in '\xef\xbb\xbf' | '\xe2\x80\x8b' | '\xc2\xad') sed -i "s/Brown,$blank/Brown, /" "$work/blanks.csv" ;; esac
  as_base "U+ $blank" "$work/blanks.csv"
done
sed 's/Brown, R/Bj\xc3\xb6rk, R/; 2~3s/Bj\xc3\xb6rk/Bjo\xcc\x88rk/' "$cases/00-base/base.csv" >"$work/nfd.csv"
holds "letters in two parts" "rk, R differs from peers by +23.9 points" "$work/nfd.csv"
holds "letters in two parts" "12 units, 12 testable" "$work/nfd.csv"
sed '1s/Office/Off\xc2\xadice\xc2\xa0/; 1s/Decision Date/"Decision\xc2\xa0Date  "/' "$cases/00-base/base.csv" >"$work/headers.csv"
as_base "blanks in headers" "$work/headers.csv"

# Blanks within quotes.
rules 05-blanks-within-quotes/rules.yaml
as_base "every value padded" "$cases/05-blanks-within-quotes/all-padded.csv"
as_base "some values padded" "$cases/05-blanks-within-quotes/some-padded.csv"

# Not recorded, in other words. Where no list can hold the word, the rules do.
rules 04-not-recorded-in-other-words/rules.yaml
for word in '(blank)' '(b)(5)' '(b)(6), (b)(7)(C)' '\\N' 'NULL' '#REF!' '#N\/A' 'n\/a' 'NOT RECORDED' 'Not recorded ' 'unknown' '[redacted]' 'k.A.'; do
  sed "s/(blank)\$/\"$word\"/" "$cases/04-not-recorded-in-other-words/blank.csv" >"$work/word.csv"
  holds "the outcome is $word" "East differs from peers by +18.2 points" "$work/word.csv"
  lacks "the outcome is $word" "North differs"
done
rules 04-not-recorded-in-other-words/rules.yaml '$a missing: [none, "9999"]'
for file in none 9999; do
  holds "$file" "East differs from peers by +18.2 points" "$cases/04-not-recorded-in-other-words/$file.csv"
  lacks "$file" "North differs"
done
rules 04-not-recorded-in-other-words/rules.yaml
holds "the officers are withheld" "1 unit, none testable" "$cases/04-not-recorded-in-other-words/redact.csv"

# Lines that common readers read: read, and counted; without a word, or refused, they were a third of what people have.
rules 00-base/rules.yaml
base=$work/base.csv
tr -d '\r' <"$cases/00-base/base.csv" >"$base"
forgiven() { # WHAT NOTE FILE...: as base, and the account says the note; libcsv alone reads the same
  local what=$1 note=$2
  shift 2
  as_base "$what" "$@"
  grep -qF -- "$note" "$work/flat" || { say "$what: does not note \"$note\":"; head -25 "$work/out"; }
  "$program" audit "$work/rules.yaml" "$@" --parser libcsv >"$work/slow" 2>&1
  cmp -s "$work/slow" "$work/out" || { say "$what: libcsv alone reads it otherwise"; diff "$work/out" "$work/slow" | head; }
}
forgiven "6'02\"" "quotes within fields, read as text, in 600 records" "$cases/10-quotes-in-unquoted-fields/height.csv"
forgiven '="0100001"' '="...", read as the text within, in 600 records' "$cases/10-quotes-in-unquoted-fields/exceltext.csv"
sed '2,$s/^\([0-9]*\)/"=""\1"""/' "$base" >"$work/excel.csv"
forgiven 'quoted ="0100001"' "in 600 records" "$work/excel.csv"
awk -F'\t' -v OFS='\t' '{ $1 = $1; print $0, NR == 1 ? "Note" : NR % 7 ? "a 6\" knife" : "the \"Blue\" room" }' <(sed 's/"\([A-Za-z]*\), \([A-Z]\)"/\1, \2/; s/,\([^ ]\)/\t\1/g' "$base") >"$work/copy.tsv"
forgiven "PostgreSQL's COPY" "quotes within fields, read as text, in 600 records" "$work/copy.tsv"
forgiven "a comma at the end" "empty fields behind the last column, left out, in 600 records" "$cases/11-one-field-more-than-the-header/trail.csv"
forgiven "R's row names" "the first, which is taken for the name of the row" "$cases/11-one-field-more-than-the-header/rownum.csv"
awk 'NR == 1 { print $0 ",Note"; next } NR % 3 { print; next } { print $0 ",seen" }' "$base" >"$work/ragged.csv"
forgiven "notes at the end of some" "the last fields missing, taken as not recorded, in 400 records" "$work/ragged.csv"
forgiven "sep=;" "line 1 names the delimiter" "$cases/13-header-not-where-expected/sep.csv"
{ printf '# Exported 2016-01-04, North, South, East, and West\n# by JM\n'; cat "$base"; } >"$work/comments.csv"
forgiven "comments" "the header is line 3; 2 lines before it are left out" "$work/comments.csv"
sed 's/$/\n/' "$base" >"$work/blank.csv"
forgiven "blank lines" "601 blank lines passed over" "$work/blank.csv"
tr '\n' '\r' <"$base" >"$work/cr.csv"
as_base "CR alone" "$work/cr.csv"
{ printf '\xef\xbb\xbf\xef\xbb\xbf'; sed '1s/[^,]*/"&"/' "$base"; } >"$work/boms.csv"
as_base "two byte order marks" "$work/boms.csv"
sed 's/,medium,/,med\x00ium,/' "$base" >"$work/nul.csv"
forgiven "NUL within text" "NUL bytes, taken out, in 208 records" "$work/nul.csv"
as_base "UTF-16 without a mark" "$cases/20-given-directly/utf16le.csv"
iconv -f UTF-8 -t UTF-16BE "$base" >"$work/be.csv"
as_base "UTF-16BE without a mark" "$work/be.csv"
# One in a hundred may be forgiven in silence; more is a doubt.
sed '2,5s/$/,/' "$base" >"$work/few.csv"
"$program" profile "$work/few.csv" 2>&1 | grep -q 'not quite in the form' && say "4 of 600 are a doubt"
sed '2,9s/$/,/' "$base" >"$work/more.csv"
"$program" profile "$work/more.csv" 2>&1 | tr -s ' \n' ' ' | grep -qF '8 of 600 lines are not quite in the form' || say "8 of 600 are no doubt"
# What would shift the columns stays out.
sed '2,$s/"//g' "$base" >"$work/shifted.csv"
audit "$work/shifted.csv"
grep -qF "no record can be used" "$work/flat" && grep -qF -- "--skip-lines N" "$work/flat" || { say "names with commas that are not quoted:"; head -5 "$work/out"; }
sed '3,12s/,No,\|,Yes,/,/' "$base" >"$work/fewer.csv"
holds "ten records lack a field in the middle" "too few fields" "$work/fewer.csv"

# Thousands written with a point, or a comma.
rules 02-dot-thousands/rules.yaml
holds "points" "may be 1200 or 1.2" "$cases/02-dot-thousands/dots.csv"
"$program" profile "$cases/02-dot-thousands/dots.csv" --rules "$work/rules.yaml" >"$work/flat" 2>&1
lacks "a profile of points" "sufficient"
for form in eu '{decimal: ",", thousands: "."}' '{thousands: [".", " "], decimal: ","}'; do
  rules 02-dot-thousands/rules.yaml "\$a numbers: $form"
  holds "points, numbers: $form" "North differs from peers by -694" "$cases/02-dot-thousands/dots.csv"
done
rules 02-dot-thousands/rules.yaml '$a numbers: plain'
holds "points, numbers: plain" "1 differs from its peers" "$cases/02-dot-thousands/dots.csv"
rules 02-dot-thousands/rules.yaml
holds "no points" "North differs from peers by -694" "$cases/02-dot-thousands/plain.csv"
# comparisons NAME FILE: those of the audit's JSON, to NAME.
comparisons() {
  "$program" audit "$work/rules.yaml" "$2" -q --json "$work/$1.json" || say "$2: no audit"
  python3 -c 'import json, sys; print(json.dumps(json.load(open(sys.argv[1]))["comparisons"]))' "$work/$1.json" >"$work/$1"
}
rules 19-unreadable-thousands/rules.yaml
comparisons plain "$cases/19-unreadable-thousands/plain.csv"
holds "commas" "235 values of bail" "$cases/19-unreadable-thousands/commas.csv"
for form in us '{thousands: ","}'; do
  rules 19-unreadable-thousands/rules.yaml "\$a numbers: $form"
  comparisons commas "$cases/19-unreadable-thousands/commas.csv"
  cmp -s "$work/plain" "$work/commas" || say "commas, numbers: $form: other findings than without commas"
done
sed 's/,500,/,"($500.00)",/; s/,900,/,$900,/' "$cases/19-unreadable-thousands/commas.csv" >"$work/money.csv"
holds "money of which nobody spoke" "153 values of bail" "$work/money.csv"
rules 19-unreadable-thousands/rules.yaml '$a numbers: us'
holds "money" "600 audited" "$work/money.csv"
lacks "money" "Not readable"

# Years of two digits: nobody is born after the decision.
for file in four two; do
  sed 's/across: officer, within: office/across: age_band/; s/similarly_situated: .*/similarly_situated: []/' \
    "$cases/01-two-digit-birth-years/$file-digits.yaml" >"$work/rules.yaml"
  comparisons "$file" "$cases/01-two-digit-birth-years/$file-digits.csv"
done
cmp -s "$work/four" "$work/two" || say "years of two digits make other ages than those of four"
cp "$cases/01-two-digit-birth-years/four-digits.yaml" "$work/rules.yaml"
tr -d '\r' <"$cases/01-two-digit-birth-years/four-digits.csv" | sed '2~3s#,[0-9]*/[0-9]*/[0-9]*,\([a-z]*\)$#,01/01/2039,\1#' >"$work/unborn.csv"
holds "births after the decision" "160 values of age" "$work/unborn.csv"
"$program" profile "$work/unborn.csv" --rules "$work/rules.yaml" 2>&1 | tr -s ' \n' ' ' >"$work/flat"
grep -q 'not sufficient' "$work/flat" || say "births after the decision do not count in the verdict"

# Leading zeros that a spreadsheet took, of officers and of case numbers.
rules 07-leading-zeros-lost/rules.yaml '$a ids: {officer: digits 4}'
holds "officers without zeros" "0029 differs from peers by +23.9 points" "$cases"/07-leading-zeros-lost/zeros_201[45].csv
holds "officers without zeros" "12 units, 12 testable" "$cases"/07-leading-zeros-lost/zeros_201[45].csv
sed 's/^01/1/' "$cases/00-base/base.csv" >"$work/twice.csv"
rules 00-base/rules.yaml '$a ids: {case: digits 7}'
holds "case numbers without zeros" "600 audited" "$cases/00-base/base.csv" "$work/twice.csv"

# Letters in an old encoding, in one file of two.
rules 20-given-directly/rules.yaml '$a encoding: cp850'
holds "DOS letters" "600 audited" "$cases/20-given-directly/cp850.csv"
sed 's/Brown, R/\xa3uczak, R/' "$cases/00-base/base.csv" >"$work/latin2.csv"
rules 00-base/rules.yaml '$a encoding: latin2'
holds "letters of ISO 8859-2" "$(printf '\305\201uczak, R differs from peers by +23.9')" "$work/latin2.csv"

# Dates in other forms; of two that clash, evenhand asks which.
dates() { # FILE FORM...
  local file=$1
  shift
  rules 14-dates-not-recognised/rules.yaml "s/^dates: .*/dates: $1/"
  sed -i '/^comparisons:/a\  - {across: office, within: month}' "$work/rules.yaml"
  printf 'derive:\n  month: {month: date}\n' >>"$work/rules.yaml"
  holds "$file" "Decisions of 2014-01-01 to 2015-11-30" "$cases/14-dates-not-recognised/$file.csv"
  lacks "$file" "unreadable"
}
dates tz '"%Y-%m-%dT%H:%M:%S%z"'
dates sas '"%d%b%Y"'
dates serial excel
dates esmonth '"%d de %B de %Y"'
dates twoforms '["%d.%m.%Y", "%m\/%d\/%Y"]'
rules 14-dates-not-recognised/rules.yaml 's/^dates: .*/dates: ["%m\/%d\/%Y", "%d\/%m\/%Y"]/'
holds "two forms that clash" "both fit 03/04/2014" "$cases/14-dates-not-recognised/mixdm.csv"

# The header is not where it is expected, or comes twice; totals and notes stand among the records.
rules 00-base/rules.yaml
forgiven "title lines" "the header is line 4; 3 lines before it are left out" "$cases/13-header-not-where-expected/title.csv"
forgiven "groups of columns above" "the header is line 2; 1 line before it is left out" "$cases/13-header-not-where-expected/twohead.csv"
forgiven "units below" "1 line below the header is no record but more of it" "$cases/13-header-not-where-expected/units.csv"
{ head -n 1 "$base"; echo '----,----,----,----,----,----,----,----'; tail -n +2 "$base"; printf '\n(600 rows affected)\n'; } >"$work/dashes.csv"
forgiven "a rule of dashes" "1 line below the header is no record but more of it" "$work/dashes.csv"
forgiven "a note" "1 one cell only, as notes and headings have" "$work/dashes.csv"
forgiven "a total" "1 a total of other rows" "$cases/13-header-not-where-expected/totals.csv"
{ head -n 201 "$base"; echo 'North Total,,,,,,200,'; cat "$base"; } | awk 'NR < 203 || NR == 203 || NR > 403' >"$work/merged.csv"
forgiven "subtotals" "1 a total of other rows" "$work/merged.csv"
forgiven "the header again" "1 the names of the columns once more" "$work/merged.csv"
for name in title twohead units totals; do
  rm -f "$work/init.yaml"
  "$program" init "$cases/13-header-not-where-expected/$name.csv" -o "$work/init.yaml" >/dev/null 2>&1 &&
    "$program" audit "$work/init.yaml" "$cases/13-header-not-where-expected/$name.csv" 2>/dev/null | grep -q '600 audited' || say "$name: what init writes does not audit"
done

# The same in other languages and forms; the header once more in capitals, below it the kinds of its columns.
rules 00-base/rules.yaml
for label in 'Total général' 'Sous-total' 'Gesamtsumme:' 'Suma total' 'Totaal' 'Total (600)' 'n = 600' 'Average'; do
  { cat "$base"; echo "$label,,,,,,7200000,"; } >"$work/total.csv"
  forgiven "$label" "1 a total of other rows" "$work/total.csv"
done
{ head -n 301 "$base"; head -n 1 "$base" | tr a-z A-Z; tail -n +302 "$base"; } >"$work/again.csv"
forgiven "the header in capitals" "1 the names of the columns once more" "$work/again.csv"
for kinds in 'VARCHAR2(7),VARCHAR2(9),VARCHAR2(30),DATE,CHAR(6),CHAR(3),"NUMBER(9,2)",CHAR(8)' ',,,yyyy-mm-dd,,,USD,' '1,2,3,4,5,6,7,8'; do
  { head -n 1 "$base"; echo "$kinds"; tail -n +2 "$base"; } >"$work/kinds.csv"
  forgiven "$kinds" "1 line below the header is no record but more of it" "$work/kinds.csv"
done

# All that in a workbook.
sheet_of() { python3 tests/cli/sheet_of.py "$1" "$work/book.xlsx" || say "no workbook of $1"; }
{ head -n 1 "$base"; echo '(no.),(name),(name),(date),(level),(Y/N),(USD),(text)'; tail -n +2 "$base"; } >"$work/kinds.csv"
sheet_of "$work/kinds.csv"
forgiven "units in a sheet" "1 line below the header is no record but more of it" "$work/book.xlsx"
sheet_of "$work/again.csv"
forgiven "the header in a sheet again" "1 the names of the columns once more" "$work/book.xlsx"
sheet_of "$work/total.csv"
forgiven "an average in a sheet" "row 602 was left out: it holds totals" "$work/book.xlsx"

# The form for recording decisions, which has two sheets beside its records.
"$program" template rules/template.yaml -o "$work/form.xlsx" >/dev/null
"$program" profile "$work/form.xlsx" 2>&1 | grep -q 'has a header but no records' || say "the form's sheets are not told apart"

# Where the rules say it: a header of two lines, in all files or in those of an input; what looks like a total is kept.
rules 00-base/rules.yaml '$a header: {line: 4}'
forgiven "the header's line" "the header is line 4, as the rules say; 3 lines before it are left out" "$cases/13-header-not-where-expected/title.csv"
two() { # the names that two lines make, in the rules
  sed -e 's/"Officer"/"Who \/ Officer"/; s/"Decision Date"/"When \/ Decision Date"/; s/"Office"/"Where \/ Office"/' \
    -e 's/"Prior Record"/"Case facts \/ Prior Record"\n  Severity: "Case facts \/ Severity"\n  Outcome: "Result \/ Outcome"/'
}
rules 00-base/rules.yaml '$a header: {line: 1, of: 2}'
two <"$work/rules.yaml" >"$work/two.yaml" && cp "$work/two.yaml" "$work/rules.yaml"
forgiven "two lines of names" "the header is line 1 with the next, as the rules say" "$cases/13-header-not-where-expected/twohead.csv"
rules 00-base/rules.yaml '$a inputs: [{name: two, files: "two*", header: {line: 1, of: 2}, totals_rows: keep}, {name: rest}]'
two <"$work/rules.yaml" >"$work/two.yaml" && cp "$work/two.yaml" "$work/rules.yaml"
forgiven "two lines of names in an input" "the header is line 1 with the next, as the rules say" "$cases/13-header-not-where-expected/twohead.csv"
"$program" explain "$work/rules.yaml" | tr -s ' \n' ' ' >"$work/flat"
for text in 'Lines 1 and 2 of each file name the columns: "Upper / lower".' 'Rows that look like totals of other rows are records like any other.'; do
  grep -qF -- "$text" "$work/flat" || say "explain does not say \"$text\""
done
rules 00-base/rules.yaml '$a header: {line: 900}'
holds "a header that is not there" "has no header at line 900; correct \`header\`" "$base"
rules 00-base/rules.yaml '$a totals_rows: keep'
holds "totals are kept" "601 records read from 1 file: 601 audited" "$cases/13-header-not-where-expected/totals.csv"
rules 00-base/rules.yaml '$a header: {line: 1, of: 2}'
holds "two rows of a sheet" "only the headers of text are joined of two lines" "$cases/sheets/files/p-libxlsxwriter.xlsx"

exit $failed
