"""The variable that cannot travel is named, however deep it is."""

import functools
import multiprocessing
import socket

import pytest

from swimlanes import run
from swimlanes.errors import RequestError

FILE = "Keep its name in the variable"


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
    assert "variable 'file', which 'helper' uses, holds an open file. Keep its name" in sentence


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


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (lambda: (n for n in "ab"), "a generator. Make a list of it"),
        (multiprocessing.Queue, "(of type 'Queue'). Forked workers of a plain pool inherit"),
        (socket.socket, "(of type 'socket'). Open files, locks and connections inside"),
    ],
)
def test_kinds_of_values(make, what):
    value = make()
    sentence = refused(lambda _: value)
    assert "variable 'value', which '<lambda>' uses, holds " in sentence
    assert what in sentence
    getattr(value, "close", bool)()
