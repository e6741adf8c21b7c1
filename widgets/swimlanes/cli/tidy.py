"""Tidies a terminal whose rows a process had reserved and that was killed: run as a program.

``python tidy.py PID``: standard input is a pipe on which the process says that it has tidied itself
before it ends; standard output is the terminal. Nothing but the standard library: it has to start
fast, and it is nobody's child, so that no script that waits for its children meets it.
"""

from __future__ import annotations

import os
import select
import sys

SAVE, RESTORE = "\x1b7", "\x1b8"
TIDY = f"{SAVE}\x1b[r{RESTORE}\x1b[0m\x1b[J"
"""All rows scroll again, and those below the cursor are empty."""


def main(pid: int) -> None:
    """Wait for the process's end."""
    if os.fork():
        os._exit(0)
    try:
        process = [os.pidfd_open(pid)]
    except ProcessLookupError:
        process = []
    ready = select.select([0, *process], [], [])[0] if process else []
    if 0 not in ready or not os.read(0, 1):
        os.write(1, TIDY.encode())


if __name__ == "__main__":
    main(int(sys.argv[1]))
