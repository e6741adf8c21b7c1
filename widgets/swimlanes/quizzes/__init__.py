"""Quizzes in a notebook: questions to answer and lines to put in order.

They are our own: the packages there are write the answers into the notebook or have no orderings,
and none is known to work with keyboard and screen reader.

Their texts are data, one file for each lesson: ``questions/04.toml`` holds what the lesson 04
shows with ``quizzes.ask("04/where-it-runs")`` and ``quizzes.arrange("04/pool-lines")``::

    [where-it-runs]
    question = "Where does `f` run when you call `pool.map(f, inputs)`?"
    code = "..."        # optional: lines of code, shown below the question

    [[where-it-runs.options]]
    text = "in the worker processes"
    because = "`map` sends the inputs there and collects the results."
    right = true

    [[where-it-runs.options]]
    text = "in the notebook's own process"
    because = "That one only hands out and collects."

    [pool-lines]
    task = "Put the lines in order: two workers take the square roots."
    lines = ["with Pool(2) as pool:", "    roots = pool.map(sqrt, inputs)", "print(roots)"]
    hint = "Can the pool work before it is there?"
    because = "The `with` block makes the pool, uses it, and ends it."

A course's own quizzes stand in the file that its ``course.toml`` names with ``quizzes``, or in the
files of a folder: what ``questions.toml`` holds is ``quizzes.ask("questions/where-it-runs")``.

With one right option there is one to choose, with more there are boxes to tick. ``because`` tells
why an option is right or wrong, and is read after choosing it. The lines stand in the right order,
of which there must be only one; what is shown at first is shuffled, the same way each time.
``code`` between backticks looks like code, except in the text of an option.
"""

from __future__ import annotations

from swimlanes.quizzes.cards import Answering, Arrangement
from swimlanes.quizzes.reading import ordering, question

__all__ = ["Answering", "Arrangement", "arrange", "ask"]


def ask(name: str) -> Answering:
    """Show a question with its options.

    Parameters
    ----------
    name : str
        Lesson and name, such as ``"04/where-it-runs"``.

    Returns
    -------
    Answering
        The widget, to be the last value of a cell.

    Raises
    ------
    QuizError
        If there is no such question, or its file breaks a rule.
    """
    return Answering(question(name))


def arrange(name: str) -> Arrangement:
    """Show lines to be put in order.

    Parameters
    ----------
    name : str
        Lesson and name, such as ``"04/pool-lines"``.

    Returns
    -------
    Arrangement
        The widget, to be the last value of a cell; ``checks.arranged`` judges it.

    Raises
    ------
    QuizError
        If there are no such lines, or their file breaks a rule.
    """
    return Arrangement(ordering(name))
