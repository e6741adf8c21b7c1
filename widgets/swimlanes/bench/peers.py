"""Pools to compare with, each in the fewest lines its own manual would write.

A peer is timed in a fresh process: `main` reads a request, as `swimlanes.bench.turns` sends it.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from swimlanes.bench.turns import fresh_process
from swimlanes.workloads import count_down

FUNCTIONS: dict[str, Callable[[Any], Any]] = {"count_down": count_down, "abs": abs}

Map = Callable[[Callable[[Any], Any], Iterable[Any]], list[Any]]


@contextmanager
def serial(workers: int) -> Iterator[Map]:
    """Lend the builtin ``map``: the baseline of all the others."""
    yield lambda function, inputs: list(map(function, inputs))


@contextmanager
def pool(workers: int) -> Iterator[Map]:
    """Lend ``multiprocessing.Pool.map``."""
    from multiprocessing import Pool

    with Pool(workers) as processes:
        yield processes.map


@contextmanager
def executor(workers: int) -> Iterator[Map]:
    """Lend ``concurrent.futures.ProcessPoolExecutor.map``."""
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(workers) as processes:
        yield lambda function, inputs: list(processes.map(function, inputs))


@contextmanager
def joblib(workers: int) -> Iterator[Map]:
    """Lend ``joblib.Parallel`` on its processes, which are those of loky."""
    from joblib import Parallel, delayed

    with Parallel(n_jobs=workers) as parallel:
        yield lambda function, inputs: parallel(delayed(function)(value) for value in inputs)


@contextmanager
def dask(workers: int) -> Iterator[Map]:
    """Lend ``distributed.Client.map`` on local processes of one thread each."""
    from distributed import Client, LocalCluster

    # No dashboard, whose port may be taken. Not "pure", or equal inputs are computed only once.
    with (
        LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        yield lambda function, inputs: client.gather(client.map(function, inputs, pure=False))


@contextmanager
def ipyparallel(workers: int) -> Iterator[Map]:
    """Lend ``ipyparallel``'s ``map_sync`` over all engines of a local cluster."""
    from ipyparallel import Cluster

    with Cluster(n=workers) as clients:
        yield clients[:].map_sync


@dataclass(frozen=True)
class Peer:
    """A pool to compare with: its module, which is imported before the clock starts.

    `lend` starts so many workers and lends their ``map``; `batching` says how many of k tasks each
    of n workers gets at a time, by default.
    """

    library: str
    lend: Callable[[int], AbstractContextManager[Map]]
    batching: str


PEERS = {
    "serial map": Peer("builtins", serial, "k"),
    "Pool.map": Peer("multiprocessing.pool", pool, "k/4n"),
    "concurrent.futures": Peer("concurrent.futures.process", executor, "1"),
    "joblib (loky)": Peer("joblib", joblib, "adapts"),
    "Dask distributed": Peer("distributed", dask, "1"),
    "ipyparallel": Peer("ipyparallel", ipyparallel, "k/n"),
}
OURS = "swimlanes.run"


def time_peer(
    name: str, workers: int, function: Callable[[Any], Any], inputs: list[Any]
) -> dict[str, float]:
    """Return how long a peer takes.

    ``first_result_s`` goes from asking for the pool to the result of one task that does nothing,
    ``map_s`` is the map alone, on a pool that is up, and ``total_s`` all, with the pool's end.
    """
    peer = PEERS[name]
    import_module(peer.library)
    start = time.monotonic()
    with peer.lend(workers) as map_:
        map_(abs, [0])
        up = time.monotonic()
        map_(function, inputs)
        mapped = time.monotonic()
    total_s = time.monotonic() - start
    return {"first_result_s": up - start, "map_s": mapped - up, "total_s": total_s}


def time_ours(workers: int, function: Callable[[Any], Any], inputs: list[Any]) -> dict[str, float]:
    """Return the same of `swimlanes.run`, which starts a pool for every run."""
    from swimlanes.measure import run

    start = time.monotonic()
    run(abs, [0], workers=workers)
    first = time.monotonic()
    record = run(function, inputs, workers=workers)
    total_s = time.monotonic() - first
    return {"first_result_s": first - start, "map_s": record.map_s, "total_s": total_s}


def time_afresh(name: str, workers: int, function: str, inputs: Iterable[Any]) -> dict[str, float]:
    """Return the times of a peer, or of ours, in a fresh process; see `FUNCTIONS`."""
    request = {"name": name, "workers": workers, "function": function, "inputs": list(inputs)}
    return fresh_process(__name__, request)


def main() -> None:
    """Time what standard input asks for and print the times."""
    request = json.load(sys.stdin)
    work = request["workers"], FUNCTIONS[request["function"]], request["inputs"]
    times = time_ours(*work) if request["name"] == OURS else time_peer(request["name"], *work)
    print(json.dumps(times))
