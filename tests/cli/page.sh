#!/bin/bash
# The page of a release: what it says, and that no text in it is taken for anything but text.
cd "$(dirname "$0")/../.." || exit 1
evenhand=$(realpath "${EVENHAND:-build/release/evenhand}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
complain() { echo "page: $*"; failed=1; }

EVENHAND=$evenhand tests/page/make.sh "$work" || complain "the pages cannot be made"
for page in "$work"/*.html; do
  python3 tests/page/figures.py "$page" "${page%.html}.json" "${page%.html}.csv" || complain "$page"
done
[ "$(grep -c '<script>' "$work/hostile.html")" = 1 ] || complain "a name became a script"
grep -q '<b>\|<i>' "$work/hostile.html" && complain "a name became an element"
grep -q 'href="javascript' "$work/hostile.html" && complain "a text became a script"
grep -q "$(printf '\342\200\256')" "$work/hostile.html" && complain "a character that nobody sees went into the page"
grep -q '<svg' "$work/hostile.html" || complain "nothing is drawn"
grep -q 'No table can be shown' "$work/few.html" || complain "few records make a table"

# The same bytes on any number of threads, in any folder; both files or none.
mkdir "$work/again"
"$evenhand" audit "$work/rules" "$work/records" --public --quiet --as-of 2026-01-31 --threads 1 --html "$work/again/department.html" || complain "not again"
cmp -s "$work/department.html" "$work/again/department.html" || complain "the page depends on threads or its folder"
cmp -s "$work/department.csv" "$work/again/department.csv" || complain "the figures depend on threads or their folder"
mkdir "$work/taken.csv"
"$evenhand" audit "$work/rules" "$work/records" --public --quiet --html "$work/taken.html" 2>"$work/said" && complain "wrote over a folder"
[ -e "$work/taken.html" ] && complain "a page without its figures"

refuses() { # WORDS OPTIONS...
  local words=$1
  shift
  "$evenhand" audit "$work/rules" "$work/records" "$@" >"$work/said" 2>&1 && complain "took $*"
  grep -qF -- "$words" "$work/said" || complain "$* says: $(cat "$work/said")"
}
refuses 'it goes with --public' --html x.html
refuses 'ends in .html' --public --html -
refuses 'ends in .html' --public --html "$work/page"
refuses 'two results would go to' --public --html "$work/x.html" --json "$work/x.csv"
exit $failed
