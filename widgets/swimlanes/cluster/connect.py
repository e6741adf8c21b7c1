"""Ways to a Dask cluster: one that is there, or one that is started on this machine."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterator
from typing import Any

import dask
from distributed import Client, LocalCluster, Security, rpc

from swimlanes.modes import Trouble

CONNECT_S = 5.0
# Dask's client waits for ever for a scheduler that has stopped, so questions have a limit.
ANSWER_S = 5.0
# What both sides must have alike, since functions and results travel by pickle.
_ALIKE = ("swimlanes", "distributed", "cloudpickle")


@contextlib.contextmanager
def connection(address: str) -> Iterator[Client]:
    """Yield a connection to the scheduler at `address`.

    With an address that begins with ``tls://`` the certificates are those of Dask's own settings.
    After an error the connection is not closed: a scheduler that does not answer would not notice,
    and the process ends anyway.
    """
    with _or_no_scheduler(address):
        client = Client(address, timeout=CONNECT_S, set_as_default=False)
    yield client
    client.close()


def knock(address: str) -> None:
    """See that a scheduler is there: a client would wait for ever for a silent one."""
    with _or_no_scheduler(address):
        asyncio.run(asyncio.wait_for(_ask_who_is_there(address), CONNECT_S))


@contextlib.contextmanager
def _or_no_scheduler(address: str) -> Iterator[None]:
    """Raise a sentence if nobody answers there, or not in Dask's language."""
    try:
        yield
    except (OSError, ValueError, TypeError, TimeoutError) as error:
        raise Trouble(
            f"No Dask scheduler answers at {address} ({type(error).__name__}: {error}). Check that "
            "it runs and that the address is right, such as tcp://10.0.0.2:8786; without an "
            "address a cluster is started here."
        ) from error


async def _ask_who_is_there(address: str) -> None:
    certificates = Security().get_connection_args("client")
    async with rpc(address, timeout=CONNECT_S, connection_args=certificates) as scheduler:
        await scheduler.identity()


@contextlib.contextmanager
def started_here(workers: int, folder: str) -> Iterator[str]:
    """Start a cluster on this machine, one process for each worker; yield its address."""
    dask.config.set({"temporary-directory": folder})
    with LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        host="127.0.0.1",
        # None would mean the usual port, which somebody else may have.
        dashboard_address="127.0.0.1:0",
        local_directory=folder,
    ) as cluster:
        yield cluster.scheduler_address


def be_quiet() -> None:
    """Hide Dask's log: our own sentences say what goes wrong."""
    dask.config.set({"logging": {"distributed": "critical"}})
    logging.getLogger("distributed").setLevel(logging.CRITICAL)


def scheduler_lost(address: str) -> Trouble:
    """Return what says that the connection broke."""
    return Trouble(
        f"The Dask scheduler at {address} was lost in the middle of the run. See whether it still "
        "runs, and run again."
    )


def workers_of(client: Client) -> dict[str, dict[str, Any]]:
    """Return what the scheduler knows of its workers, by address, if it is there and answers."""
    scheduler = client.scheduler
    if scheduler is None:  # as it is after a connection broke
        raise scheduler_lost("its address")
    try:
        told = client.sync(scheduler.identity, n_workers=-1, callback_timeout=ANSWER_S)
    except (OSError, TimeoutError) as error:
        raise scheduler_lost(str(scheduler.address)) from error
    found: dict[str, dict[str, Any]] = told["workers"]
    return found


def check_versions(client: Client, workers: list[str]) -> None:
    """Refuse a cluster whose software is not this one's."""
    tell = _versions(_ALIKE)
    ours = tell()
    _compare("scheduler", client.run_on_scheduler(tell), ours)
    for address, theirs in client.run(tell, workers=workers).items():
        _compare(f"worker {address}", theirs, ours)


def _compare(who: str, theirs: dict[str, str], ours: dict[str, str]) -> None:
    for package in ours:
        if theirs.get(package) != ours[package]:
            there = f"{package} {theirs[package]}" if theirs.get(package) else f"no {package}"
            raise Trouble(
                f"The Dask {who} has {there}, and this Python has {package} {ours[package]}: "
                "values cannot travel between them safely. Start the workers from the same image "
                "or environment."
            )


def _versions(packages: tuple[str, ...]) -> Callable[[], dict[str, str]]:
    """Return a function that tells the versions; it travels whole, to where we may be missing."""

    def tell() -> dict[str, str]:
        import sys
        from importlib.metadata import PackageNotFoundError, version

        found = {"Python": "{}.{}".format(*sys.version_info)}
        for package in packages:
            try:
                found[package] = version(package)
            except PackageNotFoundError:
                found[package] = ""
        return found

    return tell
