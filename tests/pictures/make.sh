#!/bin/bash
# Make the README's pictures of a workbook anew: tests/pictures/make.sh (needs LibreOffice, poppler-utils, pngquant).
# The records are ICE's of November 2016, from a folder `shared` beside the project.
set -eu
cd "$(dirname "$0")/../.."
pictures=$PWD/tests/pictures
records=$PWD/../shared/data/ice/ice_decisions_2016-11.csv
[ -e "$records" ] || { echo "pictures: $records is not there" >&2; exit 1; }
make -s
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
build/release/evenhand audit --quiet --as-of 2026-01-31 ice-encounters-foia "$records" -o "$work/audit.xlsx"
soffice --headless "-env:UserInstallation=file://$work/office" --convert-to pdf --outdir "$work" "$work/audit.xlsx" >/dev/null 2>&1

# The first page on which a text stands, down to so many per cent of its height, without the margins.
picture() { # NAME TEXT WIDTH PERCENT
  local page=1 pages points
  pages=$(pdfinfo "$work/audit.pdf" | awk '/^Pages:/ { print $2 }')
  until pdftotext -f $page -l $page "$work/audit.pdf" - | grep -q "$2"; do
    page=$((page + 1))
    [ "$page" -le "$pages" ] || { echo "pictures: no page says '$2'" >&2; return 1; }
  done
  points=($(pdfinfo -f $page -l $page "$work/audit.pdf" | awk '/size:/ { print int($4), int($6) }'))
  local height=$(($3 * points[1] / points[0])) margin=$(($3 * 28 / points[0]))
  pdftoppm -png -singlefile -f $page -l $page -scale-to-x "$3" -scale-to-y "$height" \
    -x "$margin" -y "$margin" -W $(($3 - 2 * margin)) -H $((height * $4 / 100 - margin)) "$work/audit.pdf" "$work/$1"
  pngquant --force --strip --output "$pictures/$1.png" 32 "$work/$1.png"
  [ "$(stat -c %s "$pictures/$1.png")" -lt 150000 ] || { echo "pictures: $1.png is over 150 KB" >&2; return 1; }
  echo "tests/pictures/$1.png"
}
picture summary 'findings to look at first' 1000 80
picture offices 'against all others in records alike' 1500 62
