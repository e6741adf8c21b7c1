"""What stands for a widget where there is no kernel: on a web page, on a slide."""

from __future__ import annotations

import re

from swimlanes.quizzes.reading import ordering, question

QUIZ = re.compile(r"quizzes\.(ask|arrange)\(\"([^\"]+)\"\)")
PANEL = re.compile(r"ControlPanel\(([^)]*)\)")


def stand_in(source: str) -> str:
    """Return Markdown for the widget that a cell shows; empty if it shows none."""
    if panel := PANEL.search(source):
        settings = ", ".join(f"`{setting.strip()}`" for setting in panel[1].split(","))
        return f"Here JupyterLab shows the control panel, set to {settings}. Press **Run** in it."
    return quiz(source)


def quiz(source: str) -> str:
    """Return Markdown for the quiz that a cell shows, without its answer; empty if none."""
    found = QUIZ.search(source)
    if not found:
        return ""
    if found[1] == "arrange":
        return f"```text\n{ordering(found[2])}\n```"
    asked = question(found[2])
    code = f"```python\n{asked.code}\n```\n\n" if asked.code else ""
    options = "\n".join(f"- ☐ {option.text}" for option in asked.options)
    return f"**{asked.question}**\n\n{code}{asked.instruction}\n\n{options}"
