"""The variable that cannot travel is named, however deep it is."""

import contextvars
import csv
import functools
import mmap
import multiprocessing
import socket
import sqlite3
import sys
import tempfile
import threading
import types
import weakref

import pytest

from swimlanes import run
from swimlanes.errors import RequestError


@pytest.fixture
def file():
    with open(__file__, "a") as file:
        yield file


def refused(function):
    with pytest.raises(RequestError) as caught:
        run(function, [1], mode="threads", workers=1)
    return str(caught.value)


def test_a_variable_of_a_helper(file):
    def helper():
        return file

    def task(_):
        return helper()

    sentence = refused(task)
    assert "The function 'task' cannot be sent" in sentence
    assert "variable 'file', which 'helper' uses, holds an open file. Use its name" in sentence


def test_a_variable_of_an_inner_function(file):
    files = {"log": [file]}

    def task(_):
        return [files for _ in "ab"]

    assert "variable 'files', which 'task' uses, holds an open file" in refused(task)


def test_a_default_and_an_argument(file):
    def task(_, log=file):
        return log

    assert "variable 'log', which 'task' uses" in refused(task)
    given = functools.partial(lambda log, _: log, file)
    assert "variable 'argument 1'" in refused(given)


def test_an_object_behind_a_method(file):
    class Writer:
        def __init__(self):
            self.log = file

        def write(self, _):
            return self.log

    assert "variable 'log', which 'write' uses, holds an open file" in refused(Writer().write)


def test_a_wrapped_function(file):
    @functools.cache
    def task(_):
        return file

    assert "variable 'file', which 'task' uses" in refused(task)


def module_with_a_generator():
    module = types.ModuleType("made_here")
    module.letters = (n for n in "ab")
    return module


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (lambda: (n for n in "ab"), "a generator. Make a list of it"),
        (multiprocessing.Queue, "(of type 'Queue'). Forked workers of a plain pool inherit"),
        (
            lambda: multiprocessing.Barrier(2),
            "(of type 'Barrier'). Forked workers of a plain pool inherit",
        ),
        (socket.socket, "(of type 'socket'). Send its address or its name, and connect in"),
        (lambda: sqlite3.connect(":memory:"), "(of type 'Connection'). Send its address or its"),
        (tempfile.TemporaryFile, "an open file. Use its name instead"),
        (lambda: csv.reader([]), "an iterator. Make a list of it, or make the iterator in"),
        (lambda: [{"a": (n for n in "ab")}], "a generator. Make a list of it"),
        (lambda: weakref.ref(refused), "a weak reference. Send the object that it refers to."),
        (lambda: mmap.mmap(-1, 8), "mapped memory. Use `multiprocessing.shared_memory"),
        (lambda: sys._getframe(), "a part of a traceback. Send the text"),
        (module_with_a_generator, "a module. Import it in the function."),
        (lambda: contextvars.ContextVar("x"), "(of type 'ContextVar'). Make it in the function"),
    ],
)
def test_kinds_of_values(make, what):
    value = make()
    sentence = refused(lambda _: value)
    assert "variable 'value', which '<lambda>' uses, holds " in sentence
    assert what in sentence
    getattr(value, "close", bool)()


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (lambda: (n for n in "ab"), "object). Make a list of it, or make the generator"),
        (lambda: [1, {"a": (n for n in "ab")}], "It holds a generator. Make a list of it"),
        (lambda: lambda: letters, "It holds a generator. Make a list of it"),
        (threading.Lock, "It cannot be an input. Keep it in a variable that the function uses."),
        (multiprocessing.Lock, "It cannot be an input. Keep it in a variable that the function"),
    ],
)
def test_kinds_of_inputs(make, what):
    with pytest.raises(RequestError) as caught:
        run(len, [make()], mode="threads", workers=1)
    assert str(caught.value).startswith("The input of task 0, ")
    assert what in str(caught.value)


letters = (n for n in "ab")
