#!/bin/bash
# A file includes only from its own folder or a lower one, and each outside library stays in its folder.
set -u
cd "$(dirname "$0")/.." || exit 1
folders=(engine/base rules engine/stats engine/load engine/audit reports fixtures engine/cli)
failed=0
rank() { # the place of a folder in the order; -1 if it is none
  local i
  for i in "${!folders[@]}"; do [ "${folders[$i]}" = "$1" ] && { echo "$i"; return; }; done
  echo -1
}
for folder in "${folders[@]}"; do
  own=$(rank "$folder")
  while IFS=: read -r file line text; do
    included=$(sed -E 's/.*"([^"]+)".*/\1/' <<<"$text")
    other=$(rank "$(dirname "$included")")
    if [ "$other" -lt 0 ]; then
      echo "$file:$line: includes $included, which is in no folder of the design"; failed=1
    elif [ "$other" -gt "$own" ]; then
      echo "$file:$line: $folder is below $(dirname "$included") and must not include $included"; failed=1
    fi
  done < <(grep -nE '^#include "' "$folder"/*.[ch])
done
# library header, and the only folder that may use it
while read -r header only; do
  while IFS=: read -r file line _; do
    [[ "$(dirname "$file")" == "$only" ]] || { echo "$file:$line: only $only may use <$header>"; failed=1; }
  done < <(grep -nE "^#include <$header" engine/*/*.[ch] rules/*.[ch] reports/*.[ch] fixtures/*.[ch])
done <<'LIST'
gsl/gsl_[a-df-z] engine/stats
xlsxwriter reports
csv.h engine/load
yaml.h rules
sql engine/load
LIST
# The names of outside libraries stay out of public headers.
if grep -nE '^#include <(gsl|xlsxwriter|csv|yaml|jansson|sql|openssl|zlib)' engine/base/*.h engine/stats/*.h engine/load/*.h engine/audit/*.h rules/*.h engine/cli/*.h; then
  echo "a header includes an outside library"; failed=1
fi
[ "$failed" -eq 0 ] && echo "layers: in order"
exit "$failed"
