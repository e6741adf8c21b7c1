"""``%%lanes`` above a cell of a notebook: the cell runs as it is, and its lanes show below it.

It is no magic that runs code: the line is taken away before the cell is compiled, and the watch
begins and ends with the cell. So output, errors, history and interrupts are those of the cell.
"""

from __future__ import annotations

import re
from typing import Any

from swimlanes.errors import RequestError
from swimlanes.watching import is_notebook

TYPE_CHECKING = False
if TYPE_CHECKING:
    from swimlanes.watching.block import Watch

_MAGIC = re.compile(r"\s*%%lanes\b[ \t]*([^\n#]*)")
_FURTHER_BELOW = re.compile(r"^[ \t]*%%lanes\b[ \t]*\w*[ \t]*(#.*)?$", re.MULTILINE)


class Cells:
    """What watches the cells of a notebook that ask for it.

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
        asked = _MAGIC.match(info.raw_cell or "")
        if asked is None:
            if _FURTHER_BELOW.search(info.raw_cell or ""):
                print("%%lanes shows nothing here: write it into the first line of the cell.")
            return
        # Every notebook of the image has this, and few cells ask for it.
        from swimlanes.watching.block import Watch
        from swimlanes.watching.page import Page, print_at_end

        try:
            watch = Watch("cell", Page().show if is_notebook(self._shell) else print_at_end)
            watch.__enter__()
        except RequestError as error:
            print(error)
            return
        self._watch = watch
        name = asked[1].strip()
        if name.isidentifier():
            self._shell.user_ns[name] = watch
        elif name:
            print(
                "Behind %%lanes may stand one name, for what was seen, such as %%lanes seen, but "
                f"not {name!r}."
            )

    def _end(self, _: object) -> None:
        watch, self._watch = self._watch, None
        if watch is not None:
            watch.__exit__(None, None, None)


def _without_magic(lines: list[str]) -> list[str]:
    """Leave an empty line, so that all others keep their numbers; none above another magic."""
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    if lines and _MAGIC.match(lines[first]):
        below = lines[first + 1 :]
        return below if "".join(below[:1]).startswith("%%") else [*lines[:first], "\n", *below]
    return lines
