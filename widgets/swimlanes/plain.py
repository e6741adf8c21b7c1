"""The plain Python code that does what a run did, for participants to copy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from swimlanes.measure import Plan, Work
from swimlanes.modes import start_methods

LONGEST_LINE = 88
MOST_LITERALS = 64
"""More unequal inputs than this are not written out one by one."""


def plain_code(work: Work, plan: Plan) -> str:
    """Return plain Python that does this work in this way, without any measuring.

    Parameters
    ----------
    work, plan : Work, Plan
        What is done, and how.

    Returns
    -------
    str
        A whole program for a script, and for a notebook's cell as well. A function that was
        defined in a notebook is called by its name and not repeated.

    Examples
    --------
    >>> from swimlanes.measure import make_plan, make_work
    >>> print(plain_code(make_work("query", tasks=16), make_plan("threads", 2)))
    from multiprocessing.pool import ThreadPool
    from swimlanes.workloads import query
    <BLANKLINE>
    inputs = [0.05] * 16
    <BLANKLINE>
    if __name__ == "__main__":
        with ThreadPool(2) as pool:
            results = pool.map(query, inputs, chunksize=2)
    """
    way, inputs = _way(work, plan), _inputs(work)
    imports = dict.fromkeys([*way.imports, *_function_import(work), *inputs.imports])
    parts = [
        "\n".join(imports),
        way.definitions,
        f"inputs = {inputs.expression}{way.preparation}",
        f'if __name__ == "__main__":\n{_indented(_main(way))}',
    ]
    return "\n\n".join(filter(None, parts))


class _Way(NamedTuple):
    """How a mode is written: its imports, its pool if it has one, and what gives the results."""

    imports: Sequence[str]
    pool: str
    results: str
    definitions: str = ""
    preparation: str = ""


class _Inputs(NamedTuple):
    """An expression for the inputs, and the imports that it needs."""

    expression: str
    imports: Sequence[str] = ()


def _main(way: _Way) -> str:
    if not way.pool:
        return f"results = {way.results}"
    return f"with {way.pool} as pool:\n{_indented(f'results = {way.results}')}"


def _way(work: Work, plan: Plan) -> _Way:
    name, chunksize = work.function.__name__, plan.settled_chunksize(len(work.inputs))
    if plan.mode == "serial":
        return _Way([], "", f"list(map({name}, inputs))")
    if plan.mode == "interpreters":
        return _Way(
            ["from concurrent.futures import InterpreterPoolExecutor"],
            f"InterpreterPoolExecutor({plan.workers})",
            f"list(pool.map({name}, inputs))",
        )
    if plan.mode == "nested":
        return _nested(name, plan, chunksize)
    if plan.mode == "cluster":
        return _cluster(name, plan)
    results = _call(plan.schedule, name, "inputs", chunksize)
    if plan.mode == "processes":
        return _Way([_pool_import(plan)], f"{_pool(plan)}({plan.workers})", results)
    remark = ["# For a Python without the GIL, such as python3.14t."]
    imports = [*remark * (plan.mode == "free-threaded"), _FROM_THREADS]
    return _Way(imports, f"ThreadPool({plan.workers})", results)


_FROM_THREADS = "from multiprocessing.pool import ThreadPool"


def _nested(name: str, plan: Plan, chunksize: int) -> _Way:
    size = chunksize * plan.threads
    return _Way(
        imports=[_pool_import(plan), _FROM_THREADS],
        pool=f"{_pool(plan)}({plan.workers}, initializer=start_threads)",
        results=f"[result for batch in {_call(plan.schedule, 'run_batch', 'batches', 1)} "
        "for result in batch]",
        definitions=f"""
def start_threads():
    global threads
    threads = ThreadPool({plan.threads})


def run_batch(batch):
    return threads.map({name}, batch, chunksize={chunksize})
""",
        preparation=f"\nbatches = [inputs[i : i + {size}] for i in range(0, len(inputs), {size})]",
    )


def _cluster(name: str, plan: Plan) -> _Way:
    where = (
        repr(plan.cluster) if plan.cluster else f"n_workers={plan.workers}, threads_per_worker=1"
    )
    return _Way(
        ["from dask.distributed import Client"],
        f"Client({where})",
        f"pool.gather(pool.map({name}, inputs, pure=False))",
    )


def _call(schedule: str, function: str, inputs: str, chunksize: int) -> str:
    call = f"pool.{schedule}({function}, {inputs}, chunksize={chunksize})"
    return call if schedule == "map" else f"list({call})"


def _is_default(plan: Plan) -> bool:
    return plan.start_method == start_methods()[0]


def _pool_import(plan: Plan) -> str:
    return f"from multiprocessing import {'Pool' if _is_default(plan) else 'get_context'}"


def _pool(plan: Plan) -> str:
    return "Pool" if _is_default(plan) else f'get_context("{plan.start_method}").Pool'


def _function_import(work: Work) -> list[str]:
    module = getattr(work.function, "__module__", None)
    if module in (None, "builtins", "__main__"):
        return []
    return [f"from {module} import {work.function.__name__}"]


def _inputs(work: Work) -> _Inputs:
    first, count = work.inputs[0], len(work.inputs)
    if all(value == first for value in work.inputs):
        return _Inputs(f"[{_literal(first)}] * {count}")
    if work.lengths and count > MOST_LITERALS:
        return _generated(work)
    if count > MOST_LITERALS:
        return _Inputs("...  # your inputs")
    return _Inputs(_list(list(map(_literal, work.inputs))))


def _generated(work: Work) -> _Inputs:
    """Return an expression for many inputs of a named workload: a size, times a factor each."""
    return _Inputs(
        f"[\n    WORKLOADS[{work.name!r}].make_input(task, {work.size!r} * factor)\n"
        f"    for task, factor in enumerate(weights({work.lengths!r}, {len(work.inputs)}))\n]",
        ["from swimlanes.workloads import WORKLOADS, weights"],
    )


def _list(literals: list[str]) -> str:
    line = f"[{', '.join(literals)}]"
    if len(line) <= LONGEST_LINE:
        return line
    return "[\n" + "".join(f"    {literal},\n" for literal in literals) + "]"


def _literal(value: Any) -> str:  # noqa: ANN401 - an input is anything
    if isinstance(value, bytes) and not any(value):
        return f"bytes({len(value)})"
    return repr(value)


def _indented(text: str) -> str:
    return "\n".join("    " + line for line in text.splitlines())
