#!/usr/bin/env python3
"""Signals while a password is asked for at a terminal: the program dies of each, and what is typed shows again.

prompt.py COMMAND...: a command that asks.
"""
import os
import pty
import signal
import sys
import termios
import time


def shows_typing(terminal):
    return bool(termios.tcgetattr(terminal)[3] & termios.ECHO)


def wait_for(what, is_so):
    until = time.monotonic() + 20
    while not is_so():
        if time.monotonic() > until:
            sys.exit(f"prompt: {what}")
        time.sleep(0.02)


def ask(stop):
    """Run the command, stop it while it asks; its wait status, and whether typing shows after that."""
    pid, terminal = pty.fork()
    if pid == 0:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
            signal.signal(number, signal.SIG_DFL)
        os.execvp(sys.argv[1], sys.argv[1:])
    wait_for("no password is asked for", lambda: not shows_typing(terminal))
    stop(pid, terminal)
    status = []
    # A terminal that nobody reads would hold the program up.
    wait_for("the signal changes nothing", lambda: (status.append(os.waitpid(pid, os.WNOHANG)) or status[-1][0] != 0))
    shows = shows_typing(terminal)
    os.close(terminal)
    return status[-1][1], shows


def has_terminals():
    try:
        for descriptor in pty.openpty():
            os.close(descriptor)
    except OSError:
        return False
    return True


def main():
    if not has_terminals():
        print("the password prompt was not tried: no pseudo-terminal can be made here")
        return
    os.environ.pop("EVENHAND_PASSWORD", None)
    stops = {
        "Ctrl-C": (signal.SIGINT, lambda pid, terminal: os.write(terminal, b"\x03")),
        "half a password, then SIGTERM": (signal.SIGTERM, lambda pid, terminal: (os.write(terminal, b"half"), os.kill(pid, signal.SIGTERM))),
        "SIGHUP": (signal.SIGHUP, lambda pid, terminal: os.kill(pid, signal.SIGHUP)),
    }
    failed = False
    for name, (number, stop) in stops.items():
        status, shows = ask(stop)
        if not os.WIFSIGNALED(status) or os.WTERMSIG(status) != number:
            print(f"prompt: {name}: it ends with {status}, not of its signal")
            failed = True
        if not shows:
            print(f"prompt: {name}: what is typed stays hidden")
            failed = True
    sys.exit(failed)


main()
