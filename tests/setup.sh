#!/bin/sh
# Install the Debian packages named as arguments that are missing. Does nothing when all are there.
set -eu
if ! command -v dpkg-query >/dev/null 2>&1; then
  exit 0 # not Debian: the compiler will say what is missing
fi
missing=
for package in "$@"; do
  state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$state" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
if [ "$(id -u)" -eq 0 ]; then
  as_root=
elif command -v sudo >/dev/null 2>&1; then
  as_root=sudo
  [ -t 2 ] || as_root='sudo -n' # nobody is there to type a password
else
  echo "setup: these Debian packages are missing, and only root can install them:$missing" >&2
  exit 1
fi
echo "setup: installing$missing"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
install_missing() {
  # shellcheck disable=SC2086
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >"$log" 2>&1 </dev/null
}
# The package lists may be old or empty: fetch them when the first try fails.
install_missing || { $as_root apt-get update -qq >"$log" 2>&1 </dev/null && install_missing; } || {
  cat "$log" >&2
  echo "setup: the packages could not be installed" >&2
  exit 1
}
