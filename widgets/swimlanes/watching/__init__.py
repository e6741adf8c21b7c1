"""Plain code becomes lanes: whatever pools, processes and threads a program starts are seen."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from swimlanes.watching.block import Watch

__all__ = ["watch"]


def watch() -> Watch:
    """See the pools, executors, processes and threads of a block of plain code.

    In a notebook their lanes show live below the cell. Elsewhere nothing shows.

    Returns
    -------
    Watch
        To be used as ``with swimlanes.watch() as seen:``. Afterwards ``seen.run`` is a run like
        those of `swimlanes.run`, and ``seen.sentences`` say what was seen.

    Examples
    --------
    >>> from multiprocessing.pool import ThreadPool
    >>> import swimlanes
    >>> with swimlanes.watch() as seen, ThreadPool(2) as pool:
    ...     pool.map(abs, [-1, -2, -3])
    [1, 2, 3]
    >>> seen.run.tasks_count
    3
    """
    # Workers that are watched import this package, too, and need only its queues.
    from swimlanes.watching.block import Watch

    try:
        from IPython import get_ipython
    except ImportError:
        return Watch("block")
    if not is_notebook(get_ipython()):
        return Watch("block")
    from swimlanes.watching.page import Page

    return Watch("block", Page().show)


def is_notebook(shell: object) -> bool:
    """Return whether a shell of IPython is that of a notebook, which shows pictures."""
    return getattr(shell, "kernel", None) is not None
