"""Quizzes of a lesson made up for the tests."""

import pytest

from swimlanes.quizzes import reading

QUIZZES = """
[one]
question = "Where does `f` run?"
code = '''
with Pool(2) as pool:
    pool.map(f, inputs)
'''
[[one.options]]
text = "here, in `main`"
because = "Here the inputs are handed out."
[[one.options]]
text = "in a worker"
because = "`map` sends the inputs there."
right = true

[several]
question = "What has each worker of its own?"
options = [
    { text = "memory", because = "They share nothing.", right = true },
    { text = "a GIL", because = "Each is a Python.", right = true },
    { text = "a core.", because = "They may take turns." },
]

[lines]
task = "Put the lines in order: two workers use `sqrt`."
lines = ["with Pool(2) as pool:", "    roots = pool.map(sqrt, inputs)", "print(roots)"]
hint = "Can the pool work before it is there?"
because = "The block makes the pool, uses it, and ends it."
"""


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Return a function that writes the quizzes of the lesson 04."""
    monkeypatch.setattr(reading, "FOLDER", tmp_path)

    def put(text):
        reading.read.cache_clear()
        (tmp_path / "04.toml").write_text(text)

    yield put
    reading.read.cache_clear()


@pytest.fixture
def quizzes(write):
    """Write quizzes of each kind."""
    write(QUIZZES)
