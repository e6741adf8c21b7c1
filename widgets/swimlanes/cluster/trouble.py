"""What goes wrong with a cluster, in sentences."""

from __future__ import annotations

from swimlanes.modes import Trouble


def no_scheduler(address: str, error: BaseException) -> Trouble:
    """Say that nobody answers, or not in Dask's language."""
    return Trouble(
        f"No Dask scheduler answers at {address} ({type(error).__name__}: {error}). Check that it "
        "runs and that the address is right, such as tcp://10.0.0.2:8786; without an address a "
        "cluster is started here."
    )


def too_few(address: str, found: int, asked: int) -> Trouble:
    """Say that there are not enough workers."""
    return Trouble(
        f"The cluster at {address} has {found} workers with one thread each, and {asked} were "
        "asked for. Ask for fewer, or start more: dask worker --nthreads 1."
    )


def other_versions(who: str, package: str, theirs: str, ours: str) -> Trouble:
    """Say that somebody has another version of something that both must have."""
    there = f"{package} {theirs}" if theirs else f"no {package}"
    return Trouble(
        f"The Dask {who} has {there}, and here is {package} {ours}: values cannot "
        "travel between them safely. Start the workers from the same image or environment."
    )


def scheduler_lost(address: str) -> Trouble:
    """Say that the connection broke."""
    return Trouble(
        f"The Dask scheduler at {address} was lost in the middle of the run. See whether it still "
        "runs, and run again."
    )


def workers_lost(error: BaseException) -> Trouble:
    """Say that Dask has given up, because whoever had a task was lost."""
    return Trouble(
        "Every worker that began a certain task was lost (as when memory runs out), so Dask gave "
        f"it up: {str(error).partition('.')[0]}. Look at its input, or give workers more memory."
    )


def nobody_left(address: str) -> Trouble:
    """Say that no worker is left for what remains."""
    return Trouble(
        f"All workers of this run at {address} are gone, so the rest of the tasks would wait for "
        "ever. Start them again and repeat."
    )


def came_and_went(worker: str) -> Trouble:
    """Say that the record has a gap."""
    return Trouble(
        f"The Dask worker {worker} came in the middle of the run and was gone at its end, so "
        "nobody knows how its clock went. Run again while no worker comes or goes."
    )
