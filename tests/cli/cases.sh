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

exit $failed
