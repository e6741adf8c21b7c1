"""Workers of Dask, which may be on other machines; `swimlanes.cluster` starts or meets them."""

from __future__ import annotations

from importlib.util import find_spec

from swimlanes.modes.mode import Mode, Wanted, Way

SETTING = "SWIMLANES_CLUSTER"


class Dask(Mode):
    """Dask's workers."""

    name = "cluster"
    worker = "Dask worker"
    counted = "Dask workers"
    colour, dash, marker = "slate", "12 3 3 3", "hexagon"
    elsewhere = True
    around_s = 3.0

    def why_unavailable(self) -> str:
        """Return how to install Dask."""
        if find_spec("distributed") is not None:
            return ""
        return "Dask is not installed here: python -m pip install 'dask[distributed]'."

    def plain(self, wanted: Wanted) -> Way:
        """Return a client, which knows no chunks and calls the initializer by itself."""
        own = f"n_workers={wanted.workers}, threads_per_worker=1"
        arguments = ", ".join([wanted.initializer, *map(repr, wanted.initargs)])
        return Way(
            ["from dask.distributed import Client"],
            f"Client({repr(wanted.cluster) if wanted.cluster else own})",
            f"pool.gather(pool.map({wanted.function}, inputs, pure=False))",
            first=wanted.initializer and f"pool.run({arguments})",
        )


MODE = Dask()
