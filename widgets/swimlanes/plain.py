"""The plain Python code that does what a run did, for participants to copy."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Sequence
from inspect import ismethod
from typing import Any, NamedTuple

from swimlanes import modes
from swimlanes.measure import Plan, Work
from swimlanes.measure.work import name_of
from swimlanes.modes.mode import Wanted, Way, indented, lines

LONGEST_LINE = 88
MOST_LITERALS = 64
"""More unequal inputs than this are not written out one by one."""
LONGEST_LITERAL = 1000
"""Nor is an input that takes more characters."""


def plain_code(work: Work, plan: Plan) -> str:
    """Return plain Python that does this work in this way, without any measuring.

    Parameters
    ----------
    work, plan : Work, Plan
        What is done, and how.

    Returns
    -------
    str
        A whole program for a script, and for a notebook's cell as well. It prints the
        time and the beginning of the results. A function that was defined in a notebook is called
        by its name and not repeated; a comment says where it belongs. Dots stand for functions and
        inputs that cannot be written down.

    Examples
    --------
    >>> from swimlanes.measure import make_plan, make_work
    >>> print(plain_code(make_work("query", tasks=16), make_plan("threads", 2)))
    from multiprocessing.pool import ThreadPool
    from swimlanes.workloads import query
    from time import perf_counter
    <BLANKLINE>
    inputs = [0.05] * 16
    <BLANKLINE>
    if __name__ == "__main__":
        start = perf_counter()
        with ThreadPool(2) as pool:
            results = pool.map(query, inputs, chunksize=2)
        print(f"{perf_counter() - start:.3f} s")
        print("results:", str(results)[:200])
    """
    function = _named(work.function, "function")
    beginning = _NOTHING if work.initializer is None else _named(work.initializer, "initializer")
    wanted = _wanted(work, plan, function.name, beginning.name)
    way, inputs = modes.of(plan.mode).plain(wanted), _inputs(work)
    imports = [*way.imports, *function.imports, *beginning.imports, *inputs.imports, _CLOCK]
    parts = [
        lines(dict.fromkeys(imports)),
        lines((function.definition, beginning.definition)),
        way.definitions,
        f"inputs = {inputs.expression}{way.preparation}",
        f'if __name__ == "__main__":\n{indented(_told(_main(way)) + _remark_on_warmup(work))}',
    ]
    return "\n\n".join(filter(None, parts))


_CLOCK = "from time import perf_counter"
_MOST_SHOWN = 200
"""Characters of the results that the code prints: they may be large."""


def _told(steps: str) -> str:
    """Return steps that also print how long they took and what came of them."""
    took = 'print(f"{perf_counter() - start:.3f} s")'
    results = f'print("results:", str(results)[:{_MOST_SHOWN}])'
    return lines(("start = perf_counter()", steps, took, results))


class _Named(NamedTuple):
    """A function by its name in the code, and what brings that name there."""

    name: str
    imports: Sequence[str] = ()
    definition: str = ""


_NOTHING = _Named("")


def _named(function: Callable[..., object], role: str) -> _Named:
    """Return a function's name; one without a name that works there is called by its role."""
    name, module = name_of(function), getattr(function, "__module__", None)
    if module == "__main__" and name.isidentifier() and not ismethod(function):
        return _Named(name, definition=f"# Define {name} here, as in your notebook.")
    if getattr(sys.modules.get(module or ""), name, None) is not function:
        return _Named(role, definition=f"{role} = ...  # your {role}")
    return _Named(name, [] if module == "builtins" else [f"from {module} import {name}"])


class _Inputs(NamedTuple):
    """An expression for the inputs, and the imports that it needs."""

    expression: str
    imports: Sequence[str] = ()


def _main(way: Way) -> str:
    steps = lines((way.first, f"results = {way.results}"))
    return f"with {way.pool} as pool:\n{indented(steps)}" if way.pool else steps


def _wanted(work: Work, plan: Plan, function: str, initializer: str) -> Wanted:
    return Wanted(
        function=function,
        initializer=initializer,
        initargs=work.initargs,
        workers=plan.workers,
        threads=plan.threads,
        schedule=plan.schedule,
        chunksize=plan.settled_chunksize(len(work.inputs)),
        start_method=plan.start_method,
        cluster=plan.cluster,
    )


def _remark_on_warmup(work: Work) -> str:
    if not work.warmup:
        return ""
    return f"\n# In the run, each worker had called the function before the clock: {work.warmup} ×."


def _inputs(work: Work) -> _Inputs:
    count = len(work.inputs)
    if _equal(work) and (literal := _literal(work.inputs[0])):
        return _Inputs(f"[{literal}] * {count}")
    if work.lengths and count > MOST_LITERALS:
        return _generated(work)
    literals = list(map(_literal, work.inputs)) if count <= MOST_LITERALS else [""]
    return _Inputs(_list(literals) if all(literals) else "...  # your inputs")


def _equal(work: Work) -> bool:
    """Return whether all inputs are equal; one's own, for which ``==`` may be anything, as code."""
    first = work.inputs[0]
    if work.lengths:
        return all(value == first for value in work.inputs)
    literal = _literal(first)
    return all(value is first or _literal(value) == literal for value in work.inputs)


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
    """Return a value as code, or nothing if that is too long or would not give the value."""
    if isinstance(value, bytes) and not any(value):
        return f"bytes({len(value)})"
    try:
        literal = repr(value)
        fits = len(literal) <= LONGEST_LITERAL and bool(ast.literal_eval(literal) == value)
    except Exception:  # no literal, or an object of somebody's, with a bug
        return ""
    return literal if fits else ""
