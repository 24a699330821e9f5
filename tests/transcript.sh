# shellcheck shell=bash
# Run a transcript of shell commands and print it again with what they did now; sourced by tests.
#
# A transcript is text in which
#   '$ command'     starts a command, and lines that begin with '> ' continue it
#   '! text'        is a line of its standard error
#   '[2]'           is its exit status, when that is not 0
#   '# text'        is a comment
#   anything else   is a line of its standard output
# Standard output comes first, then standard error, then the status. An empty line stands before
# each comment and command. All commands of a transcript run one after another, each in a shell of
# its own, in the folder the caller is in. A test is a transcript that does not change.

transcript_command() { # TEXT: run it, print what it did
  local status=0
  bash -c "$1" >.out 2>.err </dev/null || status=$?
  sed -e '$a\' .out
  sed -e 's/^/! /' -e '$a\' .err
  [ "$status" -eq 0 ] || echo "[$status]"
  rm -f .out .err
}

transcript_run() { # FILE
  local line command='' before=start
  while IFS= read -r line; do
    if [[ $before == command && $line == '>'* ]]; then
      echo "$line"
      command+=$'\n'${line#>}
      continue
    fi
    [[ $before != command ]] || transcript_command "$command"
    case $line in
      '#'* | '$ '*) [[ $before == start || $before == comment ]] || echo ;;&
      '#'*) before=comment; echo "$line" ;;
      '$ '*) before='command'; echo "$line"; command=${line#\$ } ;;
      *) [[ $before == start || $before == comment ]] || before=output ;;
    esac
  done <"$1"
  [[ $before != command ]] || transcript_command "$command"
}
