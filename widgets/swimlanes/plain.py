"""The plain Python code that does what a run did, for participants to copy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from swimlanes.measure import Plan, Work
from swimlanes.measure.work import name_of
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
    imports = dict.fromkeys([*way.imports, *_function_imports(work), *inputs.imports])
    parts = [
        "\n".join(imports),
        way.definitions,
        f"inputs = {inputs.expression}{way.preparation}",
        f'if __name__ == "__main__":\n{_indented(_main(way) + _remark_on_warmup(work))}',
    ]
    return "\n\n".join(filter(None, parts))


class _Way(NamedTuple):
    """How a mode is written: its imports, its pool if it has one, and what gives the results.

    ``first`` is what is called before them.
    """

    imports: Sequence[str]
    pool: str
    results: str
    definitions: str = ""
    preparation: str = ""
    first: str = ""


class _Inputs(NamedTuple):
    """An expression for the inputs, and the imports that it needs."""

    expression: str
    imports: Sequence[str] = ()


def _main(way: _Way) -> str:
    lines = _lines((way.first, f"results = {way.results}"))
    return f"with {way.pool} as pool:\n{_indented(lines)}" if way.pool else lines


def _way(work: Work, plan: Plan) -> _Way:
    name, chunksize = work.function.__name__, plan.settled_chunksize(len(work.inputs))
    if plan.mode == "serial":
        return _Way([], "", f"list(map({name}, inputs))", first=_first_call(work))
    if plan.mode == "interpreters":
        return _Way(
            ["from concurrent.futures import InterpreterPoolExecutor"],
            _initialized(f"InterpreterPoolExecutor({plan.workers}", work),
            f"list(pool.map({name}, inputs))",
        )
    if plan.mode == "nested":
        return _nested(work, plan, chunksize)
    if plan.mode == "cluster":
        return _cluster(work, plan)
    results = _call(plan.schedule, name, "inputs", chunksize)
    if plan.mode == "processes":
        pool = _initialized(f"{_pool(plan)}({plan.workers}", work)
        return _Way([_pool_import(plan)], pool, results)
    remark = ["# For a Python without the GIL, such as python3.14t."]
    imports = [*remark * (plan.mode == "free-threaded"), _FROM_THREADS]
    return _Way(imports, _initialized(f"ThreadPool({plan.workers}", work), results)


_FROM_THREADS = "from multiprocessing.pool import ThreadPool"


def _nested(work: Work, plan: Plan, chunksize: int) -> _Way:
    size = chunksize * plan.threads
    steps = ["global threads", _first_call(work), f"threads = ThreadPool({plan.threads})"]
    return _Way(
        imports=[_pool_import(plan), _FROM_THREADS],
        pool=f"{_pool(plan)}({plan.workers}, initializer=start_threads)",
        results=f"[result for batch in {_call(plan.schedule, 'run_batch', 'batches', 1)} "
        "for result in batch]",
        definitions=f"""
def start_threads():
{_indented(_lines(steps))}


def run_batch(batch):
    return threads.map({work.function.__name__}, batch, chunksize={chunksize})
""",
        preparation=f"\nbatches = [inputs[i : i + {size}] for i in range(0, len(inputs), {size})]",
    )


def _cluster(work: Work, plan: Plan) -> _Way:
    where = (
        repr(plan.cluster) if plan.cluster else f"n_workers={plan.workers}, threads_per_worker=1"
    )
    return _Way(
        ["from dask.distributed import Client"],
        f"Client({where})",
        f"pool.gather(pool.map({work.function.__name__}, inputs, pure=False))",
        first=_on_all(work),
    )


def _on_all(work: Work) -> str:
    if work.initializer is None:
        return ""
    return f"pool.run({', '.join([name_of(work.initializer), *map(repr, work.initargs)])})"


def _call(schedule: str, function: str, inputs: str, chunksize: int) -> str:
    call = f"pool.{schedule}({function}, {inputs}, chunksize={chunksize})"
    return call if schedule == "map" else f"list({call})"


def _is_default(plan: Plan) -> bool:
    return plan.start_method == start_methods()[0]


def _pool_import(plan: Plan) -> str:
    return f"from multiprocessing import {'Pool' if _is_default(plan) else 'get_context'}"


def _pool(plan: Plan) -> str:
    return "Pool" if _is_default(plan) else f'get_context("{plan.start_method}").Pool'


def _function_imports(work: Work) -> list[str]:
    functions = filter(None, (work.function, work.initializer))
    return [
        f"from {function.__module__} import {name_of(function)}"
        for function in functions
        if getattr(function, "__module__", None) not in (None, "builtins", "__main__")
    ]


def _initialized(pool: str, work: Work) -> str:
    """Return how a pool is made, with the initializer among the arguments if there is one."""
    if work.initializer is None:
        return f"{pool})"
    initargs = f", initargs={work.initargs!r}" if work.initargs else ""
    return f"{pool}, initializer={name_of(work.initializer)}{initargs})"


def _first_call(work: Work) -> str:
    """Return the call of the initializer, if there is one."""
    if work.initializer is None:
        return ""
    return f"{name_of(work.initializer)}({', '.join(map(repr, work.initargs))})"


def _remark_on_warmup(work: Work) -> str:
    if not work.warmup:
        return ""
    return f"\n# In the run, each worker had called the function before the clock: {work.warmup} ×."


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


def _lines(parts: Iterable[str]) -> str:
    return "\n".join(filter(None, parts))


def _indented(text: str) -> str:
    return "\n".join("    " + line for line in text.splitlines())
