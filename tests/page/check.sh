#!/bin/bash
# Pages of releases in a browser, by the rules of accessibility. MODULES: where npm put axe-core and puppeteer-core. EVENHAND: the program.
set -euo pipefail
cd "$(dirname "$0")/../.."
modules=${MODULES:-$PWD/build/page/node_modules}
[ -x /usr/bin/chromium ] || { echo "skipped: Chromium is not here"; exit 77; }
[ -d "$modules/axe-core" ] && [ -d "$modules/puppeteer-core" ] || { echo "skipped: axe-core and puppeteer-core are not here (npm)"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tests/page/make.sh "$work"
for page in "$work"/*.html; do
  python3 tests/page/figures.py "$page" "${page%.html}.json" "${page%.html}.csv"
done
node tests/page/browser.mjs "$modules" "$work"/*.html
