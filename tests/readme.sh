#!/bin/bash
# The README's examples do what it says. In a fresh folder, in the README's order:
#   ```yaml      whose first line is "# NAME" is saved as that file
#   ```console   "$ " commands are run and must print what is shown; a line "..." stands for any lines
#   ```sh        commands are run and must succeed; of `make TARGET` only that the target is there
#   ```text      is only shown: it needs a server that is not here
# and the pictures it shows must exist.
set -u
cd "$(dirname "$0")/.." || exit 1
root=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. tests/transcript.sh
mkdir -p "$work/bin" "$work/share/evenhand/rules" "$work/blocks" "$work/here"
cp "${EVENHAND:?the program to test}" "$work/bin/evenhand"
cp rules/*.yaml "$work/share/evenhand/rules/"
export PATH=$work/bin:$PATH
unset MAKEFLAGS MFLAGS MAKELEVEL
failed=0
complain() { echo "README.md: $*"; failed=1; }

# One file for each block: NUMBER.LANGUAGE
awk -v folder="$work/blocks" '
  /^```/ && !inside { inside = 1; file = sprintf("%s/%02d.%s", folder, ++count, substr($0, 4)); printf "" >file; next }
  /^```/ { inside = 0; close(file); next }
  inside { print >file }' README.md

run_shell() { # FILE: commands that must succeed
  local line words
  while IFS= read -r line; do
    case $line in
      make* | 'sudo make'*)
        read -ra words <<<"${line%%#*}"
        [ "${words[0]}" = make ] || words=("${words[@]:1}")
        make -n -C "$root" "${words[@]:1}" >"$work/out" 2>&1 ||
          complain "$line: there is no such target" ;;
      *) bash -c "$line" >"$work/out" 2>&1 </dev/null || complain "fails: $line"$'\n'"$(cat "$work/out")" ;;
    esac
  done <"$1"
}

# Does a text look as shown, where a line "..." stands for any lines?
looks_as() { # SHOWN TEXT
  local pattern
  pattern=$(sed -e 's/[^[:alnum:][:blank:]]/\\&/g' -e 's/^\\\.\\\.\\\.$/*/' <<<"$1")
  pattern=${pattern//$'\n*\n'/$'\n*'} # it may stand for no line at all
  # shellcheck disable=SC2053
  [[ $2 == $pattern ]]
}

# In the README both streams are shown, as on a terminal, and no exit status.
transcript_command() { bash -c "$1" </dev/null 2>.err | sed -e '$a\'; sed -e '$a\' .err; rm .err; }

run_console() { # FILE
  local shown actual
  shown=$(grep -v '^$' "$1")
  actual=$(transcript_run "$1" | grep -v '^$')
  looks_as "$shown" "$actual" || {
    complain "an example does not print what is shown"
    diff <(echo "$shown") <(echo "$actual")
  }
}

cd "$work/here" || exit 1
examples=0
for block in "$work"/blocks/*; do
  case $block in
    *.sh) run_shell "$block" ;;
    *.console) run_console "$block" ;;
    *.yaml) cp "$block" "$(sed -n '1s/^# //p' "$block")" || complain "a yaml block without a name" ;;
    *.text) ;;
    *) complain "a block that is neither sh, console, yaml nor text: $(head -n 1 "$block")"; continue ;;
  esac
  examples=$((examples + 1))
done
[ "$examples" -ge 5 ] || complain "only $examples examples found"
while read -r picture; do
  [ -s "$root/$picture" ] || complain "the picture $picture is not there"
done < <(grep -oE '\]\([^)]+\.png\)' "$root/README.md" | tr -d '])(' )
exit "$failed"
