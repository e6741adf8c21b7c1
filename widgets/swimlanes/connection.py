"""Whether a page and its Python hear each other: a click arrives, and a page that is alone says so.

A page cannot ask: what is shown brings no script along. So the kernel gives a sign of life again
and again, and each one begins an animation anew that would show a notice after a while. With no
more signs the notice appears, whatever the reason: the kernel has ended, another page has restarted
it, the server or the network is gone.
"""

from __future__ import annotations

import threading
import time
from typing import Any

from swimlanes.markup import Markup, markup, stylesheet
from swimlanes.shown import Shown

BEAT_S = 2.0
"""Time between two signs of life; `connection.css` shows the notice 4.4 s after the last one.

A sign costs the browser about 15 ms of a core, and the browser may share the cores that are
measured; the kernel and the server take less than 1 ms each.
"""
REST_S = 600.0
"""Without a request for so long the signs stop: an idle kernel must look idle to its server."""
STYLE = stylesheet("connection.css")
"""The look of the notice; what holds it needs the class ``swimlanes-connected``."""

_NOTICE = (
    "Not connected: Python has given no sign of life for a moment, so the buttons here may do "
    "nothing. Wait a little, it may only be busy. If this notice stays, run this cell again "
    "(Shift+Enter); if that does not help, reload the page."
)
_SIGN = markup('<div data-sign><p role="alert">{}</p></div>', _NOTICE)
_BEAT = "swimlanes-beat"
"""The class that comes and goes, each time as a sign of life."""


class Pulse(Shown):
    """A notice that a page shows when it hears no more from the kernel.

    Attributes
    ----------
    used_s : float
        When somebody last asked the kernel for something, by the monotonic clock.
    """

    def __init__(self) -> None:
        super().__init__()
        self.add_class("swimlanes-pulse")
        self.used_s = time.monotonic()

    def beat(self) -> None:
        """Give a sign of life."""
        self.value = _SIGN
        # A class, and not the element made anew: that costs the browser much more, and the browser
        # may share the cores that are measured.
        (self.remove_class if _BEAT in self._dom_classes else self.add_class)(_BEAT)

    def rest(self) -> None:
        """Expect no more signs."""
        self.value = Markup()


def pulse() -> Pulse:
    """Return the notice for whatever shows buttons; all of a kernel share one, and its signs."""
    global _shared
    if _shared is None or _shared.comm is None:  # none yet, or all widgets were closed
        _shared = Pulse()
        kernel = _kernel()
        if kernel is not None:
            _keep_clicks(kernel)
            _shared.beat()
            threading.Thread(
                target=_live, args=(_shared, kernel), name="swimlanes-pulse", daemon=True
            ).start()
    return _shared


_shared: Pulse | None = None


def _live(shared: Pulse, kernel: Any) -> None:  # noqa: ANN401
    """Beat as long as somebody uses the kernel."""
    last = None
    while shared.comm is not None:
        request = kernel.get_parent().get("header", {}).get("msg_id")
        if request != last:
            last, shared.used_s = request, time.monotonic()
        if time.monotonic() - shared.used_s < REST_S:
            shared.beat()
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


def _keep_clicks(kernel: Any) -> None:  # noqa: ANN401
    """Take what comes for a subshell that is gone.

    A page sends clicks to a subshell of the kernel, and ipykernel to the one that a widget last
    spoke from. When another page has restarted the kernel, or has ended its subshell, nobody is
    there: ipykernel writes "Unknown subshell_id" into the log and drops the click.
    """
    from ipykernel.comm.comm import BaseComm  # only a kernel has it

    route = getattr(BaseComm, "_reply_subshell_for", None)
    if route is None or hasattr(route, "keeps_clicks") or kernel.shell_channel_thread is None:
        return

    def living(comm: Any, data: Any, asked: str | None) -> str | None:  # noqa: ANN401
        if _shared is not None:
            _shared.used_s = time.monotonic()  # what a subshell does, the main shell does not tell
        there = kernel.shell_channel_thread.manager.list_subshell()
        return next((one for one in (route(comm, data, asked), asked) if one in there), None)

    living.keeps_clicks = True  # type: ignore[attr-defined]
    BaseComm._reply_subshell_for = living  # type: ignore[method-assign]
