"""Live lanes of a watched script, in rows at the bottom of the terminal that do not scroll.

What the script and its workers print goes to the terminal as ever, and scrolls in the rows above.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from io import StringIO
from itertools import groupby
from typing import Any, TextIO

import numpy as np
from rich.console import Console
from rich.text import Text

from swimlanes.brief import plural
from swimlanes.cli import tidy
from swimlanes.drawing.svg import duration
from swimlanes.markup import legible, short
from swimlanes.watching import log
from swimlanes.watching.block import Watch
from swimlanes.watching.seen import Seen, SeenLane

LEAST_ROWS = 12
"""On a smaller terminal nothing is shown."""
MOST_LANES = 8
LONGEST_NAME = 24
_DOWN = "\x1bD"
"""To the next row, the same column; what is above scrolls if there is none."""
BLOCKS, PLAIN_BLOCKS = "·█▒", ".#="
"""No call, calls that are done, and one that goes on; the latter where there are no blocks."""
_STYLES = ("dim", "green", "yellow")


class LiveLanes:
    """The rows that are reserved for lanes.

    Parameters
    ----------
    stream : text stream
        Writes to the terminal.
    """

    def __init__(self, stream: TextIO) -> None:
        self._terminal = os.dup(stream.fileno())  # the script may redirect its own
        self._encoding = stream.encoding
        self._size = os.terminal_size((0, 0))
        self._reserved = 0
        ending, self._ended = os.pipe()
        subprocess.run(
            [sys.executable, "-ISE", tidy.__file__, str(os.getpid())],
            stdin=ending,
            stdout=self._terminal,
            start_new_session=True,  # an interrupt is for the script
            check=True,
        )
        os.close(ending)

    def show(self, watch: Watch) -> None:
        """Show the lanes as they are now, or nothing any more when the script is over."""
        with suppress(OSError):  # the terminal is gone
            if watch.over:
                self._end()
            elif watch.seen.lanes:
                self._write("".join(self._redrawn(watch.seen)))

    def _end(self) -> None:
        if self._reserved:
            self._write(tidy.TIDY)
        os.write(self._ended, b"!")

    def _write(self, text: str) -> None:
        os.write(self._terminal, text.encode(self._encoding, "replace"))

    def _redrawn(self, seen: Seen) -> Iterator[str]:
        size = os.get_terminal_size(self._terminal)
        if size != self._size:
            if self._reserved:
                yield tidy.TIDY
            self._size, self._reserved = size, 0
        if size.lines < LEAST_ROWS:
            return
        rows = rendered(seen, size, _blocks(self._encoding))
        missing = len(rows) - self._reserved
        if missing > 0:
            # What is written in these rows moves up, and so does the cursor.
            yield f"{_DOWN * missing}\x1b[{missing}A"
            self._reserved = len(rows)
        above = size.lines - self._reserved
        yield f"{tidy.SAVE}\x1b[1;{above}r"
        for number, row in enumerate(rows, start=above + 1):
            yield f"\x1b[{number};1H\x1b[0m{row}\x1b[K"
        yield tidy.RESTORE


def rendered(seen: Seen, size: os.terminal_size, blocks: str = BLOCKS) -> list[str]:
    """Return what is shown on a terminal of that size, row by row."""
    most = min(MOST_LANES, size.lines // 2 - 2)
    lanes = sorted(seen.lanes, key=lambda lane: lane.end_ns is not None)[:most]  # those there are
    names = [short(legible(lane.pool.kind), LONGEST_NAME) for lane in lanes]
    counts = [str(lane.header[log.CALLS]) for lane in lanes]
    name_width, count_width = max(map(len, names)), max(map(len, counts))
    width = max(1, size.columns - name_width - count_width - 3)
    console = Console(file=StringIO(), force_terminal=True, width=size.columns, highlight=False)
    rows = [_head(seen, blocks)]
    for lane, name, count in zip(lanes, names, counts, strict=True):
        row = Text(f"{name:{name_width}} ")
        for kind, group in groupby(_kinds(seen, lane, width)):
            row.append(blocks[kind] * len(list(group)), _STYLES[kind])
        rows.append(row.append(f" {count:>{count_width}}"))
    if len(seen.lanes) > len(lanes):
        rows.append(Text(f"… and {len(seen.lanes) - len(lanes)} more"))
    return [_ansi(console, row) for row in rows]


def _head(seen: Seen, blocks: str) -> Text:
    running = sum(lane.running for lane in seen.lanes)
    passed = duration((seen.now_ns - seen.start_ns) / 1e9)
    done = plural(seen.total(log.CALLS), "call")
    return Text(f"{done} done {blocks[1]}, {running} running {blocks[2]}, {passed}", "bold")


def _kinds(seen: Seen, lane: SeenLane, width: int) -> list[int]:
    """Return for each block of a lane's row what went on in its time, as a place in `BLOCKS`."""
    span_ns = max(1, seen.now_ns - seen.start_ns)

    def block(at_ns: Any) -> Any:  # noqa: ANN401
        return np.clip((at_ns - seen.start_ns) * width // span_ns, 0, width - 1)

    changes = np.zeros(width + 1, np.int64)
    np.add.at(changes, block(lane.starts), 1)
    np.add.at(changes, block(lane.ends) + 1, -1)
    kinds = (np.cumsum(changes)[:width] > 0).astype(int)
    if lane.running:
        end_ns = lane.end_ns or seen.now_ns
        kinds[block(lane.header[log.RUN_START]) : block(end_ns) + 1] = 2
    return list(kinds)


def _ansi(console: Console, row: Text) -> str:
    with console.capture() as capture:
        console.print(row, end="", no_wrap=True, overflow="crop")
    return capture.get()


def _blocks(encoding: str) -> str:
    try:
        BLOCKS.encode(encoding)
    except UnicodeEncodeError:
        return PLAIN_BLOCKS
    return BLOCKS
