"""What the scheduler notes, by its clock: when it sent a chunk, and when it heard the answer."""

from __future__ import annotations

import time
from functools import partial
from typing import Any, NamedTuple

from distributed import SchedulerPlugin


class Stamp(NamedTuple):
    """What the scheduler knows of a chunk.

    Attributes
    ----------
    kind : str
        ``graph`` (all chunks have come), ``done``, or ``lost`` with the worker that had it.
    key : str
        The chunk's.
    sent_ns, heard_ns : int
        When it went to a worker, and when the scheduler heard what became of it; ns.
    """

    kind: str
    key: str = ""
    sent_ns: int = 0
    heard_ns: int = 0


class Stamps(SchedulerPlugin):
    """Notes on the scheduler when chunks of a run come and go.

    When the client who asked for that is gone, also after being stopped, nothing of it stays. The
    topic begins the chunks' keys, takes the stamps, and is the name of the run's plugins.
    """

    def __init__(self, topic: str, client: str) -> None:
        self.name = topic
        self._topic = topic
        self._client = client
        self._sent_ns: dict[str, int] = {}

    async def start(self, scheduler: Any) -> None:  # noqa: ANN401 - Dask has no type for it here
        """Remember the receiver."""
        self._scheduler = scheduler

    def remove_client(self, scheduler: Any, client: str) -> None:  # noqa: ANN401
        """Leave, and have the workers' plugins leave, with the one who asked for them."""
        if client == self._client:
            scheduler.remove_plugin(self.name)
            leave = partial(scheduler.unregister_worker_plugin, None, self.name)
            scheduler.loop.add_callback(leave)

    def update_graph(self, scheduler: object, *, keys: set[Any], **_: object) -> None:
        """Tell that the chunks have come."""
        if any(str(key).startswith(self._topic) for key in keys):
            self._tell(Stamp("graph", heard_ns=time.monotonic_ns()))

    def transition(self, key: object, start: str, finish: str, *_: object, **__: object) -> None:
        """Tell what became of a chunk."""
        chunk, now = str(key), time.monotonic_ns()
        if not chunk.startswith(self._topic):
            return
        if finish == "processing":
            self._sent_ns[chunk] = now
        elif start == "processing":
            kind = "done" if finish == "memory" else "lost"
            self._tell(Stamp(kind, chunk, self._sent_ns.pop(chunk, now), now))

    def _tell(self, stamp: Stamp) -> None:
        self._scheduler.log_event(self._topic, tuple(stamp))
