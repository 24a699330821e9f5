#!/bin/bash
# What a person at the keyboard sees: every command and every mistake, held to the transcripts in
# tests/cli/transcripts (tests/transcript.sh says how they are written).
#   EVENHAND=... tests/cli/commands.sh [--update]     --update: write the transcripts anew
set -u
cd "$(dirname "$0")" || exit 1
. ../transcript.sh
update=
[ "${1:-}" = --update ] && update=yes
transcripts=$PWD/transcripts
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT

# The commands are typed as a user types them.
mkdir "$work/bin"
cp "${EVENHAND:?the program to test}" "$work/bin/evenhand"
mkdir -p "$work/share/evenhand"
cp -r ../../rules "$work/share/evenhand/rules"
rm -f "$work"/share/evenhand/rules/*.[ch]
export PATH=$work/bin:$PATH LC_ALL=C
unset TMPDIR

failed=0
for expected in "$transcripts"/*.txt; do
  name=$(basename "$expected" .txt)
  mkdir "$work/$name"
  cp "$transcripts"/*.yaml "$work/$name/"
  [ ! -d "$transcripts/$name" ] || cp "$transcripts/$name"/* "$work/$name/"
  (cd "$work/$name" && transcript_run "$expected") >"$work/now"
  if [ -n "$update" ]; then
    cp "$work/now" "$expected"
  elif ! diff -u --label "tests/cli/transcripts/$name.txt" --label 'what happens' "$expected" "$work/now"; then
    failed=1
  fi
done
exit "$failed"
