import pytest
from IPython.testing.globalipapp import start_ipython

from swimlanes.errors import TaskError


def test_a_notebook_shows_the_sentence_and_no_page_of_calls(capsys):
    shell = start_ipython()
    shell.run_cell("from swimlanes import run; run(workers=0)")
    shown = capsys.readouterr().out
    assert "RequestError: The number of workers must be" in shown
    assert "Traceback" not in shown
    assert len(shown.strip().splitlines()) == 1


def test_the_detail_is_shown_below():
    error = TaskError("It failed.", "line 1\nline 2")
    assert error._render_traceback_() == ["TaskError: It failed.", "line 1", "line 2"]
    with pytest.raises(TaskError, match=r"^It failed\.\nline 1\nline 2$"):
        raise error
