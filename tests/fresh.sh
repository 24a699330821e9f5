#!/bin/bash
# Is a bare Debian 12 enough? Makes one (debootstrap, nothing in it but make), copies the committed
# project and, when they are there, the shared records beside it, and runs each target in a fresh
# copy: `make demo` and `make check` as root, then `make check` as a user who has sudo.
# Needs root, debootstrap, and a Debian 12 whose apt configuration names the mirror.
#   tests/fresh.sh [--keep] [root:TARGET | user:TARGET]...
set -eu
cd "$(dirname "$0")/.."
keep=
[ "${1:-}" = --keep ] && { keep=yes; shift; }
[ $# -gt 0 ] || set -- root:demo root:check user:check
[ "$(id -u)" -eq 0 ] || { echo "fresh: only root can make a chroot" >&2; exit 77; }
command -v debootstrap >/dev/null || { echo "fresh: install debootstrap first" >&2; exit 77; }

suite=bookworm
work=$(mktemp -d /tmp/evenhand-fresh.XXXXXX)
machine=
leave() {
  [ -z "$machine" ] || umount "$machine/proc" "$machine/dev" 2>/dev/null || true
  if [ -n "$keep" ]; then echo "fresh: kept in $work"; else rm -rf --one-file-system "$work"; fi
}
trap leave EXIT

sources() { # this machine's Debian sources of the suite, one "SITE RELEASE COMPONENT" a line
  apt-get indextargets --format '$(SITE) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' | sort -u | grep " $suite"
}
mirror=$(sources | awk -v suite=$suite '$2 == suite { print $1; exit }')
[ -n "$mirror" ] || { echo "fresh: apt's configuration names no mirror of $suite" >&2; exit 77; }

make_base() {
  debootstrap --variant=minbase --include=make "$suite" "$work/base" "$mirror" >"$work/debootstrap.log" 2>&1 ||
    { tail -n 20 "$work/debootstrap.log"; return 1; }
  sources | sed 's/^/deb /' >"$work/base/etc/apt/sources.list"
  cp /etc/resolv.conf "$work/base/etc/resolv.conf"
  rm -rf "$work/base"/var/cache/apt/archives/*.deb "$work/base"/var/lib/apt/lists/*
}

new_machine() { # NAME: a copy of the base with the project in it
  machine=$work/$1
  cp -a "$work/base" "$machine"
  mkdir -p "$machine/home/auditor/project"
  git archive HEAD | tar -x -C "$machine/home/auditor/project"
  [ ! -d ../shared ] || cp -a ../shared "$machine/home/auditor/shared"
  mount --bind /dev "$machine/dev"
  mount -t proc proc "$machine/proc"
}

run_target() { # root|user TARGET
  local command="cd /home/auditor/project && make -s $2"
  if [ "$1" = user ]; then
    chroot "$machine" sh -c 'apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq sudo' >"$work/sudo.log" 2>&1
    chroot "$machine" useradd auditor
    echo 'auditor ALL=(ALL) NOPASSWD: ALL' >"$machine/etc/sudoers.d/auditor"
    chroot "$machine" chown -R auditor: /home/auditor
    chroot "$machine" su auditor -c "$command"
  else
    chroot "$machine" sh -c "$command"
  fi
}

SECONDS=0
make_base
echo "fresh: a bare $suite in $SECONDS s"
passed=0 failed=0
for run in "$@"; do
  new_machine "${run//:/-}"
  SECONDS=0
  if run_target "${run%%:*}" "${run#*:}" >"$work/out" 2>&1; then
    passed=$((passed + 1))
    tail -n 1 "$work/out"
    echo "ok      make ${run#*:} as ${run%%:*} ($SECONDS s)"
  else
    failed=$((failed + 1))
    tail -n 60 "$work/out"
    echo "FAILED  make ${run#*:} as ${run%%:*} ($SECONDS s)"
  fi
  umount "$machine/proc" "$machine/dev"
  [ -n "$keep" ] || rm -rf --one-file-system "$machine"
  machine=
done
echo "fresh: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
