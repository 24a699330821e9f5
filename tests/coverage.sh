#!/bin/bash
# Line and branch coverage of engine/ and rules/ by what ran in build/cov (make cov): each file that falls short, then the sums.
# A branch counts that can be taken where no allocation fails: gcov counts none that leave the program.
# Usage: coverage.sh BUILD-FOLDER [LINES BRANCHES]: fails below these percentages.
set -u
cd "$1" || exit 1
find engine rules -name '*.gcda' -print0 | xargs -0 gcov -b -n 2>/dev/null | awk -v least_lines="${2:-0}" -v least_branches="${3:-0}" '
  function percent(part, of) { return of ? 100 * part / of : 100 }
  function finish() {
    if (file ~ /^(\.\/)?(engine|rules)\/.*\.[ch]$/ && !(file in seen)) {
      seen[file] = 1
      all_lines += lines; got_lines += lines_run; all_branches += branches; got_branches += branches_taken
      if (percent(lines_run, lines) < 95 || percent(branches_taken, branches) < 85)
        printf "%-40s lines %5.1f%% of %4d, branches %5.1f%% of %4d\n", file, percent(lines_run, lines), lines,
          percent(branches_taken, branches), branches | "sort"
    }
    file = ""; lines = lines_run = branches = branches_taken = 0
  }
  /^Calls executed|^No calls/ { finish() }
  /^File / { finish(); file = $0; sub(/^File ./, "", file); sub(/.$/, "", file) }
  file && /^Lines executed:/ { sub(/^Lines executed:/, ""); sub(/%/, ""); lines = $3; lines_run = $1 * lines / 100 }
  /^Taken at least once:/ { sub(/^Taken at least once:/, ""); sub(/%/, ""); branches = $3; branches_taken = $1 * branches / 100 }
  END {
    finish(); close("sort")
    printf "lines %.1f%% of %d, branches %.1f%% of %d\n", percent(got_lines, all_lines), all_lines, percent(got_branches, all_branches), all_branches
    exit percent(got_lines, all_lines) < least_lines || percent(got_branches, all_branches) < least_branches
  }'
