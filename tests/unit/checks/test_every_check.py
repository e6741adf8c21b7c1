"""Whatever the answer is, a check reports: it never raises, hangs or leaves anything behind."""

import itertools
import multiprocessing
import os
import sys
import threading

import pytest

from swimlanes import checks
from swimlanes.checks.verdict import Verdict

pytestmark = pytest.mark.usefixtures("nothing_left", "short_limit")

NO_CHECKS = {"Verdict", "hint", "solution"}
CHECKS = [getattr(checks, name) for name in checks.__all__ if name not in NO_CHECKS]
every_check = pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)


class Hostile:
    """Raises whatever is asked of it."""

    def fail(self, *_):
        raise RuntimeError("hostile")

    __eq__ = __ne__ = __lt__ = __gt__ = __repr__ = __str__ = __bool__ = __len__ = __iter__ = fail
    __getattr__ = __getitem__ = __contains__ = __float__ = __int__ = __index__ = __format__ = fail
    __add__ = __mul__ = __truediv__ = __sub__ = __round__ = __abs__ = fail
    __hash__ = None


class HostileDict(dict):
    """A dictionary that cannot be read."""

    def fail(self, *_):
        raise RuntimeError("hostile")

    get = items = keys = values = __getitem__ = __iter__ = __contains__ = fail


class Leaving:
    """Ends the program when it is looked at."""

    def leave(self, *_):
        sys.exit("leaving")

    __eq__ = __repr__ = __len__ = __iter__ = __getitem__ = __bool__ = leave
    __hash__ = None


class HostileClass:
    """Lies about its class, and fails when asked for it."""

    @property
    def __class__(self):
        raise RuntimeError("hostile")


def never_closed(*_):
    pool = multiprocessing.get_context("fork").Pool(2)
    pool.apply(os.getpid)
    threading.Thread(target=threading.Event().wait, daemon=True).start()


def endless(*_):
    while True:
        pass


def deep(*arguments):
    return deep(*arguments)


VALUES = {
    "ellipsis": ...,
    "None": None,
    "number": 7,
    "huge number": 10**5000,
    "nan": float("nan"),
    "complex": 1j,
    "text": "word",
    "long text": "word " * 100_000,
    "bytes": b"\xff",
    "empty list": [],
    "list of gaps": [..., ...],
    "mixed list": [1, "two", None, ..., [3]],
    "long list": list(range(100_000)),
    "tuple": (1, 2),
    "set": {1, 2},
    "empty dictionary": {},
    "dictionary": {"a": 1, None: [2]},
    "endless iterator": itertools.count(),
    "class": int,
    "module": os,
    "hostile": Hostile(),
    "hostile list": [Hostile()],
    "hostile dictionary": HostileDict(a=1),
    "hostile class": HostileClass(),
    "leaving": Leaving(),
    "leaving list": [Leaving()],
}
FUNCTIONS = {
    "raises": lambda *_: 1 / 0,
    "returns something hostile": lambda *_: Hostile(),
    "is endless": endless,
}
# Whatever they do, they do in a process of their own: it is enough to try them on one check.
MORE_FUNCTIONS = {
    "exits": lambda *_: sys.exit(3),
    "dies": lambda *_: os._exit(3),
    "asks": lambda *_: input("Your answer? "),
    "returns a gap": lambda *_: ...,
    "returns a function": lambda *_: lambda: 4,
    "prints much": lambda *_: print("x" * 1_000_000),
    "recurses": deep,
    "leaves a pool": never_closed,
    "wants other arguments": lambda *, key: key,
}


@every_check
def test_it_is_guarded(check):
    assert hasattr(check, "__wrapped__"), "put @self_check(...) on it"


@every_check
def test_any_value_is_answered(check):
    for name, value in VALUES.items():
        assert_not_yet(name, check, value)


@every_check
def test_a_filled_dictionary_or_list_is_answered(check):
    """Fill every gap, whatever its name, with something odd."""
    for name, filler in VALUES.items():
        assert_not_yet(name, check, Everything(filler))
        for length in range(1, 7):
            assert_not_yet(name, check, [filler] * length)
            assert_not_yet(name, check, (filler,) * length)


@every_check
def test_any_function_is_answered(check):
    for name, function in FUNCTIONS.items():
        assert_not_yet(name, check, function)


@pytest.mark.parametrize("function", MORE_FUNCTIONS)
def test_more_functions_are_answered(function):
    assert_not_yet(function, checks.speedup, MORE_FUNCTIONS[function])


@every_check
def test_no_answer_at_all_is_answered(check):
    assert_not_yet("none", check)


class Everything(dict):
    """A dictionary that has each key, with the same value."""

    def __init__(self, value):
        self.value = value

    def __getitem__(self, key):
        return self.value

    def get(self, key, default=None):
        return self.value


def assert_not_yet(name, check, *answer):
    """Assert that the check reports, and finds the answer with this name wrong."""
    try:
        verdict = check(*answer)
    except BaseException as error:
        # Without a traceback: pytest would look at the answer, and fail as well.
        pytest.fail(f"{name}: {check.__name__} raised {type(error).__name__}", pytrace=False)
    assert type(verdict) is Verdict, name
    assert not verdict.ok, name
    assert 10 < len(verdict.message) < 700, name
    assert repr(verdict).startswith("○ Not yet. "), name
    assert verdict._repr_html_(), name
