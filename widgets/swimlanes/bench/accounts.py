"""Whether the account of a run adds up, in every mode and workload that there is here."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from swimlanes import measure, modes
from swimlanes.records import Run
from swimlanes.workloads import WORKLOADS

TASKS, TASK_MS, TASK_BYTES = 16, 10, 100_000
# NumPy is not installed for the one, and does not load in the other.
WITHOUT_NUMPY = ("free-threaded", "interpreters")


def account_remainder() -> float:
    """Return the largest remainder of all accounts, as a share of the area n × T, at least 0."""
    accounts = (run.account for run in _runs())
    return max(abs(account.remainder_s) / account.area_s for account in accounts)


def _runs() -> Iterator[Run]:
    for mode, workload in product(modes.MODES, WORKLOADS):
        missing = workload == "matrix-product" and mode in WITHOUT_NUMPY
        if not missing and not modes.why_unavailable(mode):
            yield measure.run(
                workload,
                mode=mode,
                workers=2,
                tasks=TASKS,
                task_ms=TASK_MS,
                task_bytes=TASK_BYTES,
            )
