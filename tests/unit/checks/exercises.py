"""Answers to all exercises, by the name of their check, and what kind of verdict belongs to each.

Functions stand here as people write them into a cell, because a verdict quotes their lines.
"""

import functools
import itertools
import linecache
import math
import multiprocessing
import os
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from fractions import Fraction
from multiprocessing import get_context
from multiprocessing.pool import ThreadPool
from textwrap import dedent
from typing import Any, NamedTuple

import numpy as np

from swimlanes import run, usable_cores
from swimlanes.checks import (
    lesson00,
    lesson01,
    lesson02,
    lesson03,
    lesson05,
    lesson06,
    lesson07,
    lesson09,
    lesson10,
)
from swimlanes.checks.exercises import exercise


class Answer(NamedTuple):
    """An answer, the kind of verdict that belongs to it, and words that are in its message."""

    kind: str
    value: Any
    says: str = ""
    limit_s: float = 60.0
    prints: str = ""


# What the cells above an exercise make.
ABOVE = {
    "Pool": get_context("forkserver").Pool,
    "ThreadPool": ThreadPool,
    "ThreadPoolExecutor": ThreadPoolExecutor,
    "VARIABLES": lesson07.VARIABLES,
    "cores": int(usable_cores()),
    "functools": functools,
    "math": math,
    "multiprocessing": multiprocessing,
    "np": np,
    "os": os,
    "product": itertools.product,
    "run": run,
    "starmap": itertools.starmap,
    "statistics": statistics,
    "time": time,
}
_numbers = itertools.count(1)


def cell(source, **names):
    """Run a cell, and return what its last definition or assignment makes."""
    source, file = dedent(source).strip() + "\n", f"<cell {next(_numbers)}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    namespace = {**ABOVE, **names, "__name__": "__main__"}
    before = set(namespace)
    exec(compile(source, file, "exec"), namespace)
    return [value for name, value in namespace.items() if name not in before][-1]


def given(mark, solved=False, **names):
    """Return the answer that stands in an exercise's cell, or in its solution's."""
    source = exercise(mark).solution if solved else exercise(mark).given
    kept = [line for line in source.splitlines() if not line.startswith("checks.")]
    return cell("\n".join(kept), **names)


def classified(wanted):
    """Return answers to an exercise that asks for one answer to each item."""
    right = {item: answer for item, (answer, _) in wanted.items()}
    first, *_, last = right
    answer = right[first]
    if isinstance(answer, bool):
        other, odd, said = np.bool_, repr(answer), "without quotes"
    elif isinstance(answer, str):
        other, odd, said = lambda word: f" {word.replace('_', ' ').upper()} ", 3, "one of the words"
    else:
        other, odd, said = np.float64, f"{answer} s", f"without quotes: `{answer}`"
    wrong = next(value for value in (*right.values(), 77) if value != answer)
    return [
        Answer("open", dict.fromkeys(right, ...), "write your answer where"),
        Answer("open", {**right, last: ...}, f"Still open is “{last}”"),
        Answer("right", {item: other(value) for item, value in right.items()}),
        Answer("type", list(right.values()), "should be a dictionary"),
        Answer("type", {item: value for item, value in right.items() if item != last}, last),
        Answer("type", {**right, first: odd}, said),
        Answer("type", {**right, first: None}, "you wrote `None`"),
        Answer("type", {**right, first: map}, "you wrote "),
        Answer("type", {**right, first: [answer]}, "you wrote a list"),
        Answer("idea", {**right, first: wrong}, f"Think again about “{first}”"),
        Answer("idea", dict.fromkeys(right, answer), " right. Think again about"),
    ]


_PAIRS = {name: pair for name, (pair, _) in lesson00.CONTAINERS.items()}

ANSWERS = {
    "container_cores": [
        Answer("open", {**_PAIRS, "--cpus 2": ...}, "Still open is “--cpus 2”"),
        Answer("open", {**_PAIRS, "--cpus 2": (16, ...)}, "a `...` is left"),
        Answer("right", {name: list(pair) for name, pair in _PAIRS.items()}),
        Answer("right", {name: np.array(pair) for name, pair in _PAIRS.items()}),
        Answer("type", [16, 16], "should be a dictionary"),
        Answer("type", {**_PAIRS, "--cpus 2": 2}, "two numbers in round brackets"),
        Answer("type", {**_PAIRS, "--cpus 2": {16, 2}}, "a set"),
        Answer("type", {**_PAIRS, "--cpus 2": ("16", 2)}, "Write `16` without quotes"),
        Answer("type", {**_PAIRS, "--cpus 2": "16, 2"}, "text"),
        Answer("type", {"no limit": (16, 16)}, "are not in your dictionary"),
        Answer("idea", {**_PAIRS, "--cpuset-cpus 0-3": (4, 4)}, "2 of 3 are right"),
        Answer("idea", dict.fromkeys(_PAIRS, (16, 16)), "1 of 3 is right"),
    ],
    "pinned_cores": [
        Answer("open", cell("def pinned_cores():\n    pass"), "does nothing yet"),
        Answer("open", cell("def pinned_cores(): ..."), "does nothing yet"),
        Answer("right", cell("pinned = lambda: np.int64(len(os.sched_getaffinity(0)))")),
        Answer(
            "right", functools.partial(cell("def f(x): return len(os.sched_getaffinity(x))"), 0)
        ),
        Answer("type", cell("def f(): return os.sched_getaffinity(0)"), "a set, `{"),
        Answer("type", cell("def f(): return str(len('ab'))"), "without `str(...)`"),
        Answer("type", cell("async def f(): return 1"), "without `async`"),
        Answer("type", cell("def f():\n    len(os.sched_getaffinity(0))"), "Write one"),
        Answer("type", cell("def f():\n    return print(3)"), "after `return`", prints="3"),
        Answer("type", cell("def f(): return os.sched_getaffinity"), "a function"),
        Answer("type", cell("def f(cores): return cores"), "with no argument"),
        Answer("type", 2, "a number"),
        Answer(
            "unrun",
            cell("del os\ndef f(): return len(os.sched_getaffinity(0))"),
            "`os` comes from the cell with `import os`",
        ),
        Answer("error", cell("def f():\n    n = 0\n    return 1 / n"), "in line 3, `return 1 / n`"),
        Answer("error", cell("def f():\n    return nosuchname"), "does not know `nosuchname`"),
        Answer("error", cell("def f():\n    while True: pass"), "had not ended", limit_s=0.5),
        Answer("idea", cell("def f(): return 12345"), "did not see the pinning"),
    ],
    "mean_and_largest": [
        Answer(
            "right",
            cell("""
            def f(numbers):
                squares = [number**2 for number in numbers]
                return [statistics.mean(squares), max(squares)]
        """),
        ),
        Answer(
            "right",
            cell("""
            def f(numbers, power=2):
                squares = np.array(numbers) ** power
                return np.array([squares.mean(), squares.max()])
        """),
        ),
        Answer(
            "error",
            cell("""
            def f(numbers):
                squares = (number**2 for number in numbers)
                return sum(squares) / len(numbers), max(squares)
        """),
            "can be gone through only once",
        ),
        Answer(
            "error",
            cell("""
            def f(numbers):
                squares = map(lambda number: number**2, numbers)
                return sum(squares) / len(squares), max(squares)
        """),
            "A list has one",
        ),
        Answer(
            "idea",
            cell("""
            def f(numbers):
                squares = map(lambda number: number**2, numbers)
                return sum(squares) / len(numbers), max(squares, default=0)
        """),
            "the largest of the squares is 36",
        ),
        Answer("idea", cell("def f(numbers): return sum(numbers) / len(numbers), max(numbers)")),
        Answer(
            "idea", cell("def f(n): return max(x * x for x in n), np.mean(np.square(n))"), "swapped"
        ),
        Answer("type", cell("def f(numbers): return max(numbers)"), "not two numbers"),
        Answer("type", cell("def f(numbers): return '12.5', 36"), "text, `'12.5'`"),
        Answer("type", cell("def f(numbers):\n    print(*numbers)"), "Write one", prints="1 2 3 6"),
        Answer("type", cell("def f(): return 1"), "with 1 argument"),
        Answer(
            "error", cell("def f(numbers):\n    return numbers[9]"), "line 2, `return numbers[9]`"
        ),
        Answer("type", (12.5, 36), "should be a function"),
    ],
    "sweep": [
        Answer(
            "type",
            cell("""
            def f(model, first, second):
                for a in first:
                    for b in second:
                        return model(a, b)
        """),
            "a number, `15`, and not an iterator",
        ),
        Answer(
            "error",
            cell("def f(model, first, second): return product(model, first, second)"),
            "`product` takes the two lists alone",
        ),
        Answer(
            "right",
            cell("""
            def f(model, first, second):
                yield from [model(a, b) for a in first for b in second]
        """),
        ),
        Answer(
            "right",
            cell("""
            def f(model, first, second):
                return (model(a, b) for a in first for b in second)
        """),
        ),
        Answer(
            "right",
            cell("""
            def f(model, first, second):
                for a in first:
                    for b in second:
                        yield model(a, b)
        """),
        ),
        Answer(
            "right",
            cell("""
            def f(model, first, second):
                return map(lambda pair: model(*pair), product(first, second))
        """),
        ),
        Answer(
            "error",
            cell("""
            def f(model, first, second):
                return map(model, product(first, second))
        """),
            "`starmap` makes two arguments of it",
        ),
        Answer(
            "error",
            cell("""
            def f(model, first, second):
                return starmap(model(1, 5), product(first, second))
        """),
        ),
        Answer(
            "idea",
            cell("""
            def f(model, first, second):
                return [model(a, b) for a in first for b in second]
        """),
            "made 6 of 6 results before anybody asked",
        ),
        Answer(
            "idea",
            cell("""
            def f(model, first, second):
                return (model(a, b) for b in second for a in first)
        """),
            "the first two are (1, 5) and (2, 5)",
        ),
        Answer(
            "idea", cell("def f(model, first, second): return map(model, first, second)"), "6 pairs"
        ),
        Answer(
            "idea", cell("def f(m, first, second): return product(first, second)"), "not call `mod"
        ),
        Answer("type", cell("def f(model, first, second): return {1}"), "a set, `{1}`"),
        Answer("type", cell("def f(model): return model"), "with 3 arguments"),
        Answer(
            "unrun",
            cell("del starmap\ndef f(m, a, b): return starmap(m, product(a, b))"),
            "`starmap` comes from the cell",
        ),
        Answer(
            "error",
            cell("""
            def f(model, first, second):
                while True:
                    print("again")
                yield
        """),
            "had not ended",
            limit_s=5.0,
            prints="again",
        ),
    ],
    "ask_all": [
        Answer(
            "idea",
            cell("""
            def f(ask, questions):
                with ThreadPool(len(questions)) as pool:
                    return pool.map(ask, questions, chunksize=len(questions))
        """),
            "If you did, leave `chunksize` out",
        ),
        Answer(
            "error",
            cell("def f(ask, questions): return ask(questions)"),
            "`ask` takes one question at a time",
        ),
        Answer(
            "error",
            cell("""
            def f(ask, questions):
                with ThreadPool(len(questions)) as pool:
                    answers = pool.imap(ask, questions)
                return list(answers)
        """),
            "After its `with` block, a pool is gone",
            limit_s=0.5,
        ),
        Answer(
            "error",
            cell("""
            def f(ask, questions):
                from swimlanes import run
                return list(run(ask, questions, mode="threads", workers=4).results)
            """),
            "Use what such a run uses: a `ThreadPool`",
        ),
        Answer(
            "right",
            cell("""
            def f(ask, questions):
                with ThreadPoolExecutor(32) as pool:
                    return tuple(pool.map(ask, questions))
        """),
        ),
        Answer(
            "idea",
            cell("def f(ask, questions): return ThreadPool(4).map(ask, questions)"),
            "With 5 questions, one had to wait until another one was answered: only 4 threads",
        ),
        Answer(
            "idea",
            cell("def f(ask, questions): return ThreadPool(8).map(ask, questions)"),
            "With 24 questions, 16 had to wait",
        ),
        Answer(
            "idea",
            cell("""
            def f(ask, questions):
                with ThreadPool(len(questions)) as pool:
                    return [pool.apply(ask, (question,)) for question in questions]
        """),
            "wait for an answer before it asks the next question?",
        ),
        Answer(
            "right",
            cell("def f(ask, questions): return ThreadPool(len(questions)).map(ask, questions)"),
            "First with 5 questions, then with 24",
        ),
        Answer(
            "right",
            cell("""
            def f(ask, questions):
                with ThreadPool(len(questions)) as pool:
                    waiting = [pool.apply_async(ask, (question,)) for question in questions]
                    return np.array([each.get() for each in waiting])
        """),
        ),
        Answer(
            "idea", cell("def f(ask, questions): return list(map(ask, questions))"), "only 1 thread"
        ),
        Answer(
            "idea",
            cell("""
            def f(ask, questions):
                with ThreadPool(len(questions)) as pool:
                    return list(pool.imap_unordered(ask, questions))
        """),
            "another order",
        ),
        Answer(
            "idea", cell("def f(ask, questions): return questions"), "The answers to the questions"
        ),
        Answer(
            "type", cell("def f(ask, questions): return map(ask, questions)"), "`list(...)` around"
        ),
        Answer(
            "type",
            cell("def f(ask, questions): return ThreadPool(4).map_async(ask, questions)"),
            "`get` waits",
        ),
        Answer("type", cell("def f(questions): return questions"), "with 2 arguments"),
        Answer(
            "error", cell("def f(ask, q): return ThreadPool(q).map(ask, q)"), "number of threads"
        ),
        Answer(
            "error",
            cell("""
            def f(ask, questions):
                with ThreadPool(4) as pool:
                    return pool.map(ask(questions[0]), questions)
        """),
            "wants the function itself",
        ),
        Answer(
            "error",
            cell("""
            def f(ask, questions):
                with ThreadPool(4) as pool:
                    pass
                return pool.map(ask, questions)
        """),
            "Use it inside its `with` block",
        ),
        Answer(
            "error",
            cell("""
            def f(ask, questions):
                with multiprocessing.get_context("fork").Pool(4) as pool:
                    return pool.map(ask, questions)
        """),
            "use a `ThreadPool`",
        ),
        Answer(
            "unrun",
            cell("del ThreadPool\ndef f(ask, questions): return ThreadPool(4)"),
            "`ThreadPool` comes from the cell",
        ),
    ],
    "gives_gil_back": [
        Answer("right", cell("def f(signal): return np.dot(signal, signal)")),
        Answer("right", cell("def f(signal, power=2): return (signal**power).sum()")),
        Answer("right", cell("def f(signal): return signal @ signal"), "result is right"),
        Answer("right", cell("def f(signal): return np.matmul(signal, signal)"), "result is right"),
        Answer("idea", cell("def f(signal): return sum(signal**2)"), "Python's own `sum`"),
        Answer(
            "idea",
            cell("""
            def f(signal):
                total = 0
                for index in range(len(signal)):
                    total += signal[index] ** 2
                return total
        """),
            "The loop in your function",
        ),
        Answer(
            "idea",
            cell("""
            def f(signal):
                return np.sum([part @ part for part in np.split(signal, len(signal))])
        """),
            "cannot tell",
        ),
        Answer("idea", cell("def f(signal): return np.sum(signal)"), "returned 7"),
        Answer("idea", cell("def f(signal): return 21"), "The squares of 3 and 5 add up to 34"),
        Answer("type", cell("def f(signal): return signal**2"), "an array of shape (3,)"),
        Answer("type", cell("def f(signal):\n    np.sum(signal**2)"), "Write one"),
        Answer("type", cell("def f(): return 21"), "with 1 argument"),
        Answer("error", cell("def f(signal):\n    return np.summ(signal)"), "in line 2"),
        Answer("error", cell("def f(signal):\n    return np.dot(signal)"), "needs two of them"),
        Answer(
            "unrun", cell("del np\ndef f(signal): return np.sum(signal**2)"), "`import numpy as np"
        ),
        Answer("error", cell("def f(signal):\n    while True: pass"), "had not ended", limit_s=0.5),
    ],
    "on_two_processes": [
        Answer("right", cell("def f(function, inputs): return Pool(2).map(function, inputs)")),
        Answer(
            "right",
            cell("""
            def f(function, inputs):
                with Pool(2) as pool:
                    waiting = [pool.apply_async(function, (value,)) for value in inputs]
                    return tuple(each.get() for each in waiting)
        """),
        ),
        Answer(
            "idea", cell("def f(function, inputs): return list(map(function, inputs))"), "no other"
        ),
        Answer(
            "idea",
            cell("""
            def f(function, inputs):
                with Pool(2) as pool:
                    return pool.map(function, inputs, chunksize=4)
        """),
            "one worker made them",
        ),
        Answer(
            "idea",
            cell("""
            def f(function, inputs):
                with Pool(2) as pool:
                    return pool.map(function, inputs)[::-1]
        """),
            "your results belong to [1, 4, 1, 3]",
        ),
        Answer(
            "type",
            cell("""
            def f(function, inputs):
                with Pool(2) as pool:
                    return pool.imap(function, inputs)
        """),
            "an iterator",
        ),
        Answer("type", cell("def f(function, inputs): return inputs"), "are not the results"),
        Answer("type", cell("def f(function, inputs): function(1)"), "Write one"),
        Answer(
            "error",
            cell("""
            def f(function, inputs):
                with Pool(2) as pool:
                    return pool.starmap(function, inputs)
        """),
            "use `map`",
        ),
        Answer(
            "error",
            cell("""
            def f(function, inputs):
                with Pool(2) as pool:
                    return pool.map(lambda value: function(value), inputs)
        """),
            "A lambda, or a function inside another one",
        ),
        Answer(
            "error",
            cell("""
            def f(function, inputs):
                with Pool(2) as pool:
                    return pool.map(function(*inputs), inputs)
        """),
            "without brackets after it",
        ),
        Answer(
            "unrun",
            cell("del Pool\ndef f(function, inputs):\n    return Pool(2)"),
            "`Pool` comes from the cell",
        ),
    ],
    "sent_once": [
        Answer(
            "open",
            cell(
                """
            def f(words, numbers):
                with Pool(2, initializer=lookups.remember, initargs=...) as pool:
                    return pool.map(lookups.look_up, numbers)
        """,
                lookups=None,
            ),
            "A `...` is left",
        ),
        Answer(
            "type", cell("def f(words, numbers):\n    print(words)"), "Write one", prints="lane"
        ),
        Answer("type", cell("def f(words): return words"), "with 2 arguments"),
        Answer(
            "idea", cell("def f(words, numbers): return [words[n] for n in numbers]"), "nothing was"
        ),
        Answer(
            "idea",
            cell("""
            from operator import getitem
            def f(words, numbers):
                with Pool(2) as pool:
                    return pool.map(functools.partial(getitem, words), numbers)
        """),
            "they travelled 8 times",
        ),
        Answer("idea", cell("def f(words, numbers): return list(words)"), "in this order"),
        Answer(
            "unrun", cell("def f(words, numbers): return lookups.look_up"), "`lookups` comes from"
        ),
    ],
    "speedup": [
        Answer("type", cell("def f(a, b):\n    yield a / b"), "Use `return`"),
        Answer("type", cell("def f(a, b):\n    return a / b,"), "Use the one value"),
        Answer("type", cell("def f(a, b):\n    return complex(a / b)"), "of the type complex"),
        Answer(
            "error",
            cell("def f(a, b):\n    exit()"),
            "in `SystemExit`. That happened in line 2, `exit()`",
        ),
        Answer("error", cell("def f(a, b):\n    return input()"), "Nobody can type"),
        Answer(
            "right",
            cell(
                "def f(serial_s, parallel_s, digits=9): return Fraction(serial_s) / "
                "Fraction(parallel_s)",
                Fraction=Fraction,
            ),
        ),
        Answer(
            "right",
            cell("class Speedup:\n    def __call__(self, a, b): return a / b\nf = Speedup()"),
        ),
        Answer("right", cell("f = lambda serial_s, parallel_s: np.float32(serial_s / parallel_s)")),
        Answer("idea", cell("def f(a, b): return b / a * 1.0"), "upside down"),
        Answer("idea", cell("def f(a, b): return a // b"), "From 1 s to 4 s, the speedup is 0.25"),
        Answer("idea", cell("def f(a, b): return a - b"), "Your function returned 6"),
        Answer("type", cell("def f(a, b): return f'{a / b} x'"), "Write the number alone"),
        Answer(
            "type", cell("def f(a, b):\n    if a < b:\n        return a / b"), "each way through"
        ),
        Answer("type", cell("def f(a): return a"), "with 2 arguments"),
        Answer("type", 4.0, "should be a function"),
        Answer(
            "error",
            cell("def f(serial_s, parallel_s):\n    return serials / parallel_s"),
            "in line 2, `return serials / parallel_s`",
        ),
        Answer("error", cell("def f(a, b): return os._exit(3)"), "ended before your function"),
        Answer("error", cell("def f(a, b):\n    import nosuch"), "nosuch"),
        Answer("right", cell("def f(a, b):\n    print('x' * 99)\n    return a / b"), prints="xxx"),
        Answer(
            "right",
            cell("def f(a, b):\n    for i in range(99): print(i)\n    return a / b"),
            prints="more lines",
        ),
    ],
    "most_possible": [
        Answer("open", ..., "still `...`"),
        Answer("open", [1, 2, ..., 4, 4], "for 3 workers"),
        Answer("right", (1, 2.0, Fraction(3), Decimal(4), np.int64(4))),
        Answer("right", np.array([1, 2, 3, 4, 4])),
        Answer("type", [1, 2, 3, 4], "Yours holds 4"),
        Answer("type", {1, 2, 3, 4}, "a set"),
        Answer("type", iter([1, 2, 3, 4, 4]), "`list(...)` around it"),
        Answer("type", [1, 2, 3, 4, "4"], "For 5 workers you wrote text"),
        Answer("type", [True, 2, 3, 4, 4], "For 1 worker you wrote a truth value"),
        Answer("idea", [1, 2, 3, 4, 5], "need with 5 workers"),
        Answer("idea", [1, 2, 3, 4, 12 / 5], "4 of 5 are right"),
    ],
    "one_thread_each": [
        Answer("right", cell("def f(env): return env | dict.fromkeys([*VARIABLES, 'X'], '1')")),
        Answer(
            "right",
            cell("""
            import collections
            def f(env):
                return collections.ChainMap(dict.fromkeys(VARIABLES, "1"), env)
        """),
        ),
        Answer(
            "idea",
            cell("""
            def f(environment):
                environment.update(dict.fromkeys(VARIABLES, "1"))
                return environment
        """),
            "Make a copy first",
        ),
        Answer(
            "type", cell("def f(env): return {**env, **dict.fromkeys(VARIABLES, 1)}"), "in quotes"
        ),
        Answer(
            "idea",
            cell("def f(env): return dict.fromkeys(VARIABLES, '1')"),
            "COLOUR_OF_THIS_CHECK was in",
        ),
        Answer(
            "idea",
            cell("def f(env): return {**os.environ, **dict.fromkeys(VARIABLES, '1')}"),
            "not the notebook's own",
        ),
        Answer("idea", cell("def f(env): return {**env, 'OMP_NUM_THREADS': '1'}"), "is missing"),
        Answer(
            "type",
            cell("def f(env): return dict(env).update(dict.fromkeys(VARIABLES, '1'))"),
            "each way through",
        ),
        Answer("type", cell("def f(env): return list(env)"), "a list"),
        Answer("type", {}, "should be a function"),
        Answer("error", cell("def f(env):\n    return env | ['OMP_NUM_THREADS']"), "line 2"),
        Answer(
            "unrun",
            cell("del VARIABLES\ndef f(env): return dict.fromkeys(VARIABLES, '1')"),
            "`VARIABLES` comes from the cell",
        ),
    ],
    "careful_float": [
        Answer(
            "type",
            cell("def f(text): return float(text) if text[0].isdigit() else None"),
            "not a number for '-1.5'. Look at what stands after `return`",
        ),
        Answer(
            "right",
            cell("""
            def f(text):
                try:
                    number = float(text)
                except ValueError:
                    number = None
                return number
        """),
        ),
        Answer("idea", float, "it raised a ValueError"),
        Answer(
            "idea",
            cell("""
            def f(text):
                try:
                    return float(text)
                except Exception:
                    return None
        """),
            "hides it",
        ),
        Answer(
            "idea",
            cell("""
            def f(text):
                try:
                    return float(text)
                except ValueError:
                    return "None"
        """),
            "it returned text, `'None'`",
        ),
        Answer("idea", cell("def f(text): return 3"), "it returned 3"),
        Answer(
            "type",
            cell(
                "def f(text):\n    if text.replace('.', '').isdigit():\n        return float(text)"
            ),
            "and not a number for '-1.5'",
        ),
        Answer(
            "type",
            cell(
                "def f(text):\n    try:\n        float(text)\n    except ValueError:\n"
                "        print('bad')"
            ),
            "Write one",
            prints="bad",
        ),
        Answer("type", cell("def f(text): return text"), "text, `'3.5'`"),
        Answer("type", cell("def f(): return 3.5"), "with 1 argument"),
        Answer("type", 3.5, "should be a function"),
        Answer(
            "error", cell("def f(text):\n    return flot(text)"), "in line 2, `return flot(text)`"
        ),
        Answer("error", cell("def f(text):\n    time.sleep(60)"), "had not ended", limit_s=0.5),
    ],
    "deposit": [
        Answer(
            "idea",
            cell("""
            def f(account, lock, amount):
                with lock:
                    balance = account.balance
                with lock:
                    account.balance = balance + amount
        """),
            "between reading and writing",
        ),
        Answer(
            "idea",
            cell("""
            from threading import Lock
            def f(account, lock, amount):
                with Lock():
                    account.balance += amount
        """),
            "Another lock does not help",
        ),
        Answer(
            "idea",
            cell("def f(account, lock, amount):\n    with lock: account.balance += 30"),
            "A balance of 7 and a deposit of 5 make 12, and now the account holds 37",
        ),
        Answer(
            "idea",
            cell("""
            def f(account, lock, amount):
                with lock:
                    account.balance -= amount
        """),
            "holds 70",
        ),
        Answer(
            "right",
            cell("""
            def f(account, lock, amount):
                lock.acquire()
                try:
                    account.balance += amount
                finally:
                    lock.release()
        """),
        ),
        Answer(
            "right",
            cell("def f(account, lock, amount=1):\n    with lock: account.balance += amount"),
        ),
        Answer(
            "idea", cell("def f(account, lock, amount): account.balance += amount"), "without hold"
        ),
        Answer(
            "idea",
            cell("""
            def f(account, lock, amount):
                with lock:
                    balance = account.balance
                account.balance = balance + amount
        """),
            "before it writes",
        ),
        Answer(
            "idea",
            cell("""
            def f(account, lock, amount):
                lock.acquire()
                account.balance += amount
        """),
            "never given back",
        ),
        Answer(
            "idea",
            cell("def f(account, lock, amount): return account.balance + amount"),
            "holds 100. Your function writes nothing to `account.balance`",
        ),
        Answer(
            "error",
            cell("""
            def f(account, lock, amount):
                with lock, lock:
                    account.balance += amount
        """),
            "held already",
        ),
        # What is read elsewhere, too, harms nobody; what is written is looked at.
        Answer(
            "right",
            cell("""
            def f(account, lock, amount):
                with lock:
                    account.balance += amount
                return account.balance
        """),
        ),
        Answer(
            "right",
            cell("""
            def f(account, lock, amount):
                if account.balance < 0:
                    raise ValueError("overdrawn")
                with lock:
                    account.balance = account.balance + amount
        """),
        ),
        Answer(
            "right",
            cell("""
            def f(account, lock, amount):
                with lock:
                    account.balance += amount
                with lock:
                    return account.balance
        """),
        ),
        Answer(
            "idea",
            cell("""
            def f(account, lock, amount):
                balance = account.balance + amount
                with lock:
                    account.balance = balance
        """),
            "reads the balance before it holds the lock",
        ),
        Answer(
            "idea",
            cell("""
            def f(account, lock, amount):
                balance = account.balance
                with lock:
                    print(account.balance)
                    account.balance = balance + amount
        """),
            "reads the balance before it holds the lock",
        ),
        Answer(
            "idea",
            cell("""
            def f(account, lock, amount):
                print(account.balance)
                with lock:
                    balance = account.balance
                account.balance = balance + amount
        """),
            "gives the lock back before it writes",
        ),
        Answer(
            "idea",
            cell("""
            def f(account, lock, amount):
                with lock:
                    print(account.balance)
                with lock:
                    balance = account.balance
                with lock:
                    account.balance = balance + amount
        """),
            "gives the lock back between reading and writing",
        ),
        Answer(
            "idea",
            cell("""
            def f(account, lock, amount):
                with lock:
                    pass
                account.balance += amount
        """),
            "without holding the `lock`",
        ),
        Answer(
            "idea",
            cell("""
            def f(account, lock, amount):
                with lock:
                    account.balance = str(account.balance + amount)
        """),
            "now the account holds '130'",
        ),
        Answer(
            "error",
            cell("def f(account, lock, amount):\n    account.blance += amount"),
            "'Account'",
        ),
        Answer("type", cell("def f(account, amount): return 1"), "with 3 arguments"),
        Answer("type", None, "should be a function, and this is `None`"),
    ],
    "any_executor": [
        Answer(
            "right",
            cell("""
            def f(Executor, numbers):
                with Executor(2) as executor:
                    return sum(executor.map(lambda number: number**0.5, numbers))
        """),
            "Processes and interpreters would not get the function",
        ),
        Answer(
            "right",
            cell("""
            def f(Executor, numbers):
                with Executor() as executor:
                    futures = [executor.submit(math.sqrt, number) for number in numbers]
                    return np.float64(sum(future.result() for future in futures))
        """),
        ),
        Answer(
            "idea",
            cell("""
            def f(Executor, numbers):
                with ThreadPoolExecutor(2) as executor:
                    return sum(executor.map(math.sqrt, numbers))
        """),
            "did not use the `Executor`",
        ),
        Answer(
            "idea", cell("def f(Executor, n): return sum(Executor(2).map(math.sqrt, n))"), "stays"
        ),
        Answer(
            "idea",
            cell("""
            def f(Executor, numbers):
                with Executor(2) as executor:
                    return sum(map(math.sqrt, numbers))
        """),
            "got 0 tasks",
        ),
        Answer(
            "error",
            cell("""
            def f(Executor, numbers):
                with Executor as executor:
                    return sum(executor.map(math.sqrt, numbers))
        """),
            "is a class. Call it",
        ),
        Answer(
            "type",
            cell("""
            def f(Executor, numbers):
                with Executor(2) as executor:
                    return list(executor.map(math.sqrt, numbers))
        """),
            "a list, `[2.0, 5.0, 7.0, 10.0]`",
        ),
        Answer(
            "type",
            cell("""
            def f(Executor, numbers):
                with Executor(2) as executor:
                    return executor.map(math.sqrt, numbers)
        """),
            "`sum(...)` adds up",
        ),
        Answer(
            "idea",
            cell("""
            def f(Executor, numbers):
                with Executor(2) as executor:
                    return sum(executor.map(math.sqrt, [1, 4, 9]))
        """),
            "add up to 24, and your function returned 6",
        ),
        Answer("type", cell("def f(numbers): return 6"), "with 2 arguments"),
        Answer(
            "unrun",
            cell("""
            del math
            def f(Executor, numbers):
                with Executor(2) as executor:
                    return sum(executor.map(math.sqrt, numbers))
        """),
            "`math` comes from",
        ),
    ],
    "far_speedup": [
        Answer(
            "right",
            cell(
                "f = lambda n, task, latency: n / (1 + Decimal(latency) / Decimal(task))",
                Decimal=Decimal,
            ),
        ),
        Answer(
            "right", cell("def f(n, task, latency): return np.array(n * task / (task + latency))")
        ),
        Answer(
            "idea", cell("def f(n, task, latency): return task / (task + latency)"), "You have sev"
        ),
        Answer(
            "idea", cell("def f(n, task, latency): return (task + latency) / (n * task)"), "upside"
        ),
        Answer("idea", cell("def f(n, task, latency): return n"), "without a latency"),
        Answer("idea", cell("def f(n, t, latency): return n * t / latency"), "it should be 0.8"),
        Answer("type", cell("def f(n, t, latency): return [n * t]"), "a list, `[8.0]`"),
        Answer("type", cell("def f(n, t): return n * t"), "with 3 arguments"),
        Answer("error", cell("def f(n, t, latency):\n    return n * task / t"), "`task`"),
        Answer(
            "error",
            cell("def f(n, t, latency):\n    time.sleep(60)"),
            "had not ended",
            limit_s=0.5,
        ),
    ],
}
for _check, _wanted in {
    "problems": lesson01.PROBLEMS,
    "last_one_done": lesson02.LAST_DONE,
    "which_map": lesson02.WAYS,
    "second_thread_helps": lesson03.HELPS,
    "can_travel": lesson05.CAN_TRAVEL,
    "journeys": lesson05.JOURNEYS,
    "scaling_kinds": lesson06.SCALING_KINDS,
    "computing_threads": lesson07.COMPUTING_THREADS,
    "at_the_same_time": lesson09.AT_THE_SAME_TIME,
    "choices": lesson09.CHOICES,
    "shortest_tasks": lesson10.SHORTEST_MS,
    "machines": lesson10.MACHINES,
}.items():
    ANSWERS[_check] = classified(_wanted)

RUNS = ("full_lanes", "even_ends", "crowded")
for _check in RUNS:
    ANSWERS[_check] = [
        Answer("open", ..., "Still open"),
        Answer("type", None, "this is `None`"),
        Answer("type", 'run("count-down", workers=2)', "without quotes around it"),
        Answer("type", cell("from swimlanes import run as f"), "a call has round brackets"),
        Answer("type", 8, "a number"),
        Answer("type", [1.0], "a list"),
        Answer("type", (value for value in ()), "a generator"),
    ]
