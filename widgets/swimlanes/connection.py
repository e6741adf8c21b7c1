"""Whether a page and its Python hear each other: a click arrives, and a page that is alone says so.

A page cannot ask: what is shown brings no script along. So the kernel gives a sign of life again
and again, and each one begins an animation anew that would show a notice after a while. With no
more signs the notice appears, whatever the reason: the kernel has ended, another page has restarted
it, the server or the network is gone.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from swimlanes.markup import NOTHING, markup, stylesheet
from swimlanes.shown import Shown

BEAT_S, SELDOM_S = 0.5, 4.0
"""Time between two signs of life, and the same while a cell runs or a panel measures.

A sign costs the browser about 15 ms of a core, and the browser may share the cores that are
measured; the kernel and the server take less than 1 ms each. `connection.css` shows the notice
1.4 s after the last sign, and 10 s after it while something is measured.
"""
REST_S = 600.0
"""Without a request for so long the signs stop: an idle kernel must look idle to its server."""
STYLE = stylesheet("connection.css")
"""The look of the notice; what holds it needs the class ``swimlanes-connected``."""

_NOTICE = (
    "Not connected: Python has not answered for a moment, so the buttons here may do nothing. "
    "Wait a little: it may only be busy. If this notice stays, run this cell again "
    "(Shift+Enter); if that does not help, reload the page."
)
_SIGN = markup('<div data-sign><p role="alert">{}</p></div>', _NOTICE)
_PULSE, _BEAT, _SELDOM = "swimlanes-pulse", "swimlanes-beat", "swimlanes-seldom"
"""Classes: of the notice, the one that comes and goes with each sign, and of seldom signs."""


class Pulse(Shown):
    """A notice that a page shows when it hears no more from the kernel.

    Attributes
    ----------
    used_s : float
        When somebody last asked the kernel for something, by the monotonic clock.
    """

    def __init__(self) -> None:
        super().__init__()
        self.add_class(_PULSE)
        self.used_s = time.monotonic()
        self._beaten_s, self._seldom, self._turn = 0.0, False, False

    def beat(self, seldom: bool = False) -> None:
        """Give a sign of life, unless they are to be seldom and the last one was not long ago."""
        now_s = time.monotonic()
        if seldom and self._seldom and now_s - self._beaten_s < SELDOM_S:
            return
        self._beaten_s, self._seldom, self._turn = now_s, seldom, not self._turn
        self.value = _SIGN
        # Classes, and not the element made anew: that costs the browser much more.
        self._dom_classes = (_PULSE, *[_BEAT] * self._turn, *[_SELDOM] * seldom)

    def rest(self) -> None:
        """Expect no more signs."""
        self.value = NOTHING


def pulse() -> Pulse:
    """Return the notice for whatever shows buttons; all of a kernel share one, and its signs."""
    global _shared
    if _shared is None or _shared.comm is None:  # none yet, or all widgets were closed
        _shared = Pulse()
        kernel = _kernel()
        if kernel is not None:
            _keep_clicks(kernel)
            _measured.follow(kernel.shell)
            _shared.beat()
            threading.Thread(
                target=_live, args=(_shared, kernel), name="swimlanes-pulse", daemon=True
            ).start()
    return _shared


_shared: Pulse | None = None


class _Measuring:
    """Whether times are being measured: while a cell runs, and while a panel says so."""

    def __init__(self) -> None:
        self.cell = False
        self.panels = 0
        self._lock = threading.Lock()

    def __bool__(self) -> bool:
        return self.cell or self.panels > 0

    def follow(self, shell: Any) -> None:  # noqa: ANN401
        """Hear of the cells that a shell runs; IPython takes the same listener once."""
        shell.events.register("pre_run_cell", self._begin)
        shell.events.register("post_run_cell", self._end)

    def _begin(self, _info: object) -> None:
        self.cell = True

    def _end(self, _result: object) -> None:
        self.cell = False

    def count(self, change: int) -> None:
        """Count the panels that measure."""
        with self._lock:
            self.panels += change


_measured = _Measuring()


@contextmanager
def measuring() -> Iterator[None]:
    """Let signs of life be seldom for a while, because a panel measures."""
    _measured.count(+1)
    try:
        yield
    finally:
        _measured.count(-1)


def _live(shared: Pulse, kernel: Any) -> None:  # noqa: ANN401
    """Beat as long as somebody uses the kernel."""
    last = None
    while shared.comm is not None:
        request = kernel.get_parent().get("header", {}).get("msg_id")
        if request != last:
            last, shared.used_s = request, time.monotonic()
        if time.monotonic() - shared.used_s < REST_S:
            shared.beat(seldom=bool(_measured))
        else:
            shared.rest()
        time.sleep(BEAT_S)


def _kernel() -> Any:  # noqa: ANN401
    """Return the kernel that runs this, None where there is none."""
    try:
        from ipykernel.kernelbase import Kernel  # only a kernel has it
    except ImportError:
        return None
    return Kernel.instance() if Kernel.initialized() else None


def sender() -> str:
    """Return which page sent what the kernel handles now, nothing where there is no kernel."""
    kernel = _kernel()
    return "" if kernel is None else kernel.get_parent().get("header", {}).get("session", "")


def _keep_clicks(kernel: Any) -> None:  # noqa: ANN401
    """Take what comes for a subshell that is gone, and all that a page sends in its order.

    A page sends clicks to a subshell of the kernel, and ipykernel to the one that a widget last
    spoke from. When another page has restarted the kernel, or has ended its subshell, nobody is
    there: ipykernel writes "Unknown subshell_id" into the log and drops the click. And where two
    widgets spoke from two subshells, a click is dealt with beside the value that came before it.
    """
    from ipykernel.comm.comm import BaseComm  # only a kernel has it

    route = getattr(BaseComm, "_reply_subshell_for", None)
    if route is None or hasattr(route, "keeps_clicks") or kernel.shell_channel_thread is None:
        return

    def living(comm: Any, data: Any, asked: str | None) -> str | None:  # noqa: ANN401
        if _shared is not None:
            _shared.used_s = time.monotonic()  # what a subshell does, the main shell does not tell
        there = kernel.shell_channel_thread.manager.list_subshell()
        return next((one for one in (asked, route(comm, data, asked)) if one in there), None)

    living.keeps_clicks = True  # type: ignore[attr-defined]
    BaseComm._reply_subshell_for = living  # type: ignore[method-assign]
