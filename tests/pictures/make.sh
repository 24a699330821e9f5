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
convert() { # FILE
  soffice --headless "-env:UserInstallation=file://$work/office" --convert-to pdf --outdir "$work" "$1" >/dev/null 2>&1
}
convert "$work/audit.xlsx"

# The first page of a document on which a text stands.
page_of() { # DOCUMENT TEXT
  local page=1 pages
  pages=$(pdfinfo "$work/$1.pdf" | awk '/^Pages:/ { print $2 }')
  until pdftotext -f $page -l $page "$work/$1.pdf" - | grep -q "$2"; do
    page=$((page + 1))
    [ "$page" -le "$pages" ] || { echo "pictures: no page of $1 says '$2'" >&2; return 1; }
  done
  echo $page
}

# A part of a page, in per cent of its width and height, so many pixels wide.
picture() { # NAME DOCUMENT TEXT WIDTH LEFT TOP RIGHT BOTTOM
  local page points whole height
  page=$(page_of "$2" "$3")
  points=($(pdfinfo -f "$page" -l "$page" "$work/$2.pdf" | awk '/size:/ { print int($4), int($6) }'))
  whole=$(($4 * 100 / ($7 - $5)))
  height=$((whole * points[1] / points[0]))
  pdftoppm -png -singlefile -f "$page" -l "$page" -scale-to-x "$whole" -scale-to-y "$height" \
    -x $((whole * $5 / 100)) -y $((height * $6 / 100)) -W "$4" -H $((height * ($8 - $6) / 100)) "$work/$2.pdf" "$work/$1"
  pngquant --force --strip --output "$pictures/$1.png" 32 "$work/$1.png"
  [ "$(stat -c %s "$pictures/$1.png")" -lt 150000 ] || { echo "pictures: $1.png is over 150 KB" >&2; return 1; }
  echo "tests/pictures/$1.png"
}
picture summary audit 'findings to look at first' 1000 3 3 97 84
picture funnel audit 'funnel plot' 1000 4 20 55 54
picture offices audit 'against all others in records alike' 1500 2 2 98 66
