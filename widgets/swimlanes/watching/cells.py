"""``%%lanes`` above a cell of a notebook: the cell runs as it is, and its lanes show below it.

It is no magic that runs code: the line is taken away before the cell is compiled, and the watch
begins and ends with the cell. So output, errors and history are those of the cell. Only a cell that
was stopped says so in one line: where a pool waits in the standard library tells nobody anything.

``%%disturbed`` is another such line: below the cell, it says if other programs used the cores.
"""

from __future__ import annotations

import linecache
import re
import signal
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any

from swimlanes.errors import RequestError
from swimlanes.watching import is_notebook

TYPE_CHECKING = False
if TYPE_CHECKING:
    from swimlanes.watching.block import Watch
    from swimlanes.watching.record import Clocks

_MAGIC = re.compile(r"\s*%%(lanes|disturbed)\b[ \t]*([^\n#]*)")
_FURTHER_BELOW = re.compile(r"^[ \t]*%%(lanes|disturbed)\b[ \t]*\w*[ \t]*(#.*)?$", re.MULTILINE)


SOON_S = 0.05
"""How long after the watch has begun a cell stops that was to be stopped before."""


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
        self._before: Clocks | None = None
        shell.input_transformers_cleanup.append(_without_magic)
        shell.register_magic_function(_tell_of_two_signs, "line", "lanes")
        shell.events.register("pre_run_cell", self._begin)
        shell.events.register("post_run_cell", self._end)

    def _begin(self, info: Any) -> None:  # noqa: ANN401
        with _pressed_meanwhile() as presses:
            self._prepare(info)
        if presses:
            threading.Timer(SOON_S, _press).start()

    def _prepare(self, info: Any) -> None:  # noqa: ANN401
        asked = _MAGIC.match(info.raw_cell or "")
        if asked is None:
            if below := _FURTHER_BELOW.search(info.raw_cell or ""):
                print(f"%%{below[1]} shows nothing here: write it into the first line of the cell.")
        elif asked[1] == "lanes":
            self._begin_to_watch(asked[2].strip())
        else:
            from swimlanes.watching.record import Clocks

            self._before = Clocks.now()

    def _begin_to_watch(self, name: str) -> None:
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
        self._handled = self._shell.custom_exceptions, self._shell.CustomTB
        kinds, _ = self._handled
        self._shell.set_custom_exc((*kinds, KeyboardInterrupt), self._tell_of_error)
        if name.isidentifier():
            self._shell.user_ns[name] = watch
        elif name:
            print(
                "After %%lanes, you may write one name for what was seen, such as %%lanes seen, "
                f"but not {name!r}."
            )

    def _tell_of_error(
        self,
        shell: Any,  # noqa: ANN401
        kind: type[BaseException],
        error: BaseException,
        *rest: Any,  # noqa: ANN401
        **named: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401 - the traceback, as what handled errors before gives it
        if isinstance(error, KeyboardInterrupt):
            return _tell_stopped(shell, kind, error, *rest, **named)
        return self._handled[1](kind, error, *rest, **named)

    def _end(self, result: Any) -> None:  # noqa: ANN401
        with _pressed_meanwhile():  # a second press of ■ has nothing left to stop
            self._tell(result)

    def _tell(self, result: Any) -> None:  # noqa: ANN401
        error = result.error_before_exec or result.error_in_exec
        watch, self._watch = self._watch, None
        if watch is not None:
            self._shell.custom_exceptions, self._shell.CustomTB = self._handled
            watch.__exit__(None if error is None else type(error), error, None)
        before, self._before = self._before, None
        if before is not None and error is None:  # what failed has measured nothing
            from swimlanes.watching.others import disturbance

            if said := disturbance(before):
                print(said)


@contextmanager
def _pressed_meanwhile() -> Iterator[list[int]]:
    """Put presses of ■ aside: what IPython calls before and after a cell cannot stop the cell.

    IPython would show such an interrupt as an error of ours, and then run the cell all the same.
    """
    presses: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        yield presses
        return
    before = signal.signal(signal.SIGINT, lambda number, _: presses.append(number))
    try:
        yield presses
    finally:
        signal.signal(signal.SIGINT, before)


def _press() -> None:
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)


def _tell_of_two_signs(_: str) -> None:
    print("One % is missing: write %%lanes into the first line of the cell.")


def _tell_stopped(
    shell: Any,  # noqa: ANN401
    kind: type[BaseException],
    error: BaseException,
    trace: TracebackType | None,
    tb_offset: int | None = None,
) -> None:
    """Say at which line of the cell it was stopped, in place of a traceback."""
    frames = list(traceback.walk_tb(trace))
    files = [frame.f_code.co_filename for frame, _ in frames if frame.f_globals is shell.user_ns]
    lines = [line for frame, line in frames if frame.f_code.co_filename in files[:1]]
    place = ""
    if lines:
        place = f" at line {lines[-1]}: {linecache.getline(files[0], lines[-1]).strip()}"
    shell._showtraceback(kind, error, [f"KeyboardInterrupt: the cell was stopped{place}"])


def _without_magic(lines: list[str]) -> list[str]:
    """Leave an empty line, so that all others keep their numbers; none above another magic."""
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    if lines and _MAGIC.match(lines[first]):
        below = lines[first + 1 :]
        return below if "".join(below[:1]).startswith("%%") else [*lines[:first], "\n", *below]
    return lines
