"""The plain Python code that does what a run did, for participants to copy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from swimlanes import modes
from swimlanes.measure import Plan, Work
from swimlanes.measure.work import name_of
from swimlanes.modes.mode import Wanted, Way, indented, lines

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
    way, inputs = modes.of(plan.mode).plain(_wanted(work, plan)), _inputs(work)
    imports = dict.fromkeys([*way.imports, *_function_imports(work), *inputs.imports])
    parts = [
        "\n".join(imports),
        way.definitions,
        f"inputs = {inputs.expression}{way.preparation}",
        f'if __name__ == "__main__":\n{indented(_main(way) + _remark_on_warmup(work))}',
    ]
    return "\n\n".join(filter(None, parts))


class _Inputs(NamedTuple):
    """An expression for the inputs, and the imports that it needs."""

    expression: str
    imports: Sequence[str] = ()


def _main(way: Way) -> str:
    steps = lines((way.first, f"results = {way.results}"))
    return f"with {way.pool} as pool:\n{indented(steps)}" if way.pool else steps


def _wanted(work: Work, plan: Plan) -> Wanted:
    return Wanted(
        function=work.function.__name__,
        initializer="" if work.initializer is None else name_of(work.initializer),
        initargs=work.initargs,
        workers=plan.workers,
        threads=plan.threads,
        schedule=plan.schedule,
        chunksize=plan.settled_chunksize(len(work.inputs)),
        start_method=plan.start_method,
        cluster=plan.cluster,
    )


def _function_imports(work: Work) -> list[str]:
    functions = filter(None, (work.function, work.initializer))
    return [
        f"from {function.__module__} import {name_of(function)}"
        for function in functions
        if getattr(function, "__module__", None) not in (None, "builtins", "__main__")
    ]


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
