"""What goes wrong with a cluster, in sentences."""

from __future__ import annotations


class ClusterTrouble(Exception):
    """The cluster cannot do the run; the sentence says why, and what to do."""


def no_scheduler(address: str, error: BaseException) -> ClusterTrouble:
    """Say that nobody answers, or not in Dask's language."""
    return ClusterTrouble(
        f"No Dask scheduler answers at {address} ({type(error).__name__}: {error}). Check that it "
        "runs and that the address is right, such as tcp://10.0.0.2:8786; without an address a "
        "cluster is started here."
    )


def too_few(address: str, found: int, asked: int) -> ClusterTrouble:
    """Say that there are not enough workers."""
    return ClusterTrouble(
        f"The cluster at {address} has {found} workers with one thread each, and {asked} were "
        "asked for. Ask for fewer, or start more: dask worker --nthreads 1."
    )


def other_versions(worker: str, package: str, theirs: str, ours: str) -> ClusterTrouble:
    """Say that a worker has another version of something that both must have."""
    there = f"{package} {theirs}" if theirs else f"no {package}"
    return ClusterTrouble(
        f"The Dask worker {worker} has {there}, and here is {package} {ours}: values cannot "
        "travel between them safely. Start the workers from the same image or environment."
    )


def scheduler_lost(address: str) -> ClusterTrouble:
    """Say that the connection broke."""
    return ClusterTrouble(
        f"The Dask scheduler at {address} was lost in the middle of the run. See whether it still "
        "runs, and run again."
    )


def workers_lost(task: str) -> ClusterTrouble:
    """Say that Dask has given up."""
    return ClusterTrouble(
        f"{task} was begun again and again, because every worker that had it was lost (as when "
        "memory runs out), so Dask gave it up. Look at that input, or give workers more memory."
    )


def nobody_left(address: str) -> ClusterTrouble:
    """Say that no worker is left for what remains."""
    return ClusterTrouble(
        f"All workers of this run at {address} are gone, so the rest of the tasks would wait for "
        "ever. Start them again and repeat."
    )
