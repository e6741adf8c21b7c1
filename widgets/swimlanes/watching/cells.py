"""``%%lanes`` above a cell of a notebook: the cell runs as it is, and its lanes show below it.

It is no magic that runs code: the line is taken away before the cell is compiled, and the watch
begins and ends with the cell. So output, errors, history and interrupts are those of the cell.
"""

from __future__ import annotations

from typing import Any

from IPython.display import HTML, display

from swimlanes import drawing
from swimlanes.watching.seen import Seen, timeline
from swimlanes.watching.watch import Watch

MAGIC = "%%lanes"


class Cells:
    """What watches the cells of a notebook.

    Parameters
    ----------
    shell : InteractiveShell
        Where cells are run.
    """

    def __init__(self, shell: Any) -> None:  # noqa: ANN401
        self._shell = shell
        self._watch: Watch | None = None
        shell.input_transformers_cleanup.append(_without_magic)
        shell.events.register("pre_run_cell", self._begin)
        shell.events.register("post_run_cell", self._end)

    def _begin(self, info: Any) -> None:  # noqa: ANN401
        if not _is_watched(info.raw_cell):
            return
        self._handle = display(HTML(""), display_id=True)
        self._watch = Watch(self._show)
        self._watch.__enter__()

    def _end(self, _: object) -> None:
        if self._watch is None:
            return
        watch, self._watch = self._watch, None
        watch.__exit__(None, None, None)
        self._show(watch.seen)

    def _show(self, seen: Seen) -> None:
        self._handle.update(HTML(drawing.lanes(timeline(seen), "swimlanes-cell")))


def _is_watched(cell: str) -> bool:
    return cell.lstrip().startswith(MAGIC)


def _without_magic(lines: list[str]) -> list[str]:
    """Leave an empty line, so that all others keep their numbers."""
    if lines and _is_watched(lines[0]):
        return ["\n", *lines[1:]]
    return lines
