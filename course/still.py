"""What stands for a widget where there is no kernel: on a web page, on a slide."""

from __future__ import annotations

import re

from swimlanes.quizzes.reading import ordering, question

QUIZ = re.compile(r"quizzes\.(ask|arrange)\(\"([^\"]+)\"\)")
PANEL = re.compile(r"ControlPanel\(([^)]*)\)")


def stand_in(source: str) -> str:
    """Return Markdown for the widget that a cell shows; empty if it shows none.

    A quiz keeps its question and its options; its answer stays in the notebook's widget.
    """
    if quiz := QUIZ.search(source):
        read = question if quiz[1] == "ask" else ordering
        return f"```text\n{read(quiz[2])}\n```"
    if panel := PANEL.search(source):
        settings = ", ".join(f"`{setting.strip()}`" for setting in panel[1].split(","))
        return f"Here JupyterLab shows the control panel, set to {settings}. Press **Run** in it."
    return ""
