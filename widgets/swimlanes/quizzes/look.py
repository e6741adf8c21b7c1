"""The look of a quiz; colours come from the JupyterLab theme."""

from __future__ import annotations

from collections.abc import Sequence

from swimlanes.checks.verdict import Verdict, marked
from swimlanes.markup import NOTHING, Markup, join, markup, stylesheet
from swimlanes.quizzes.kinds import Option

STYLE = stylesheet("quizzes/look.css")


def heading(text: str, code: str, instruction: str) -> Markup:
    """Return what is asked, with the style that all parts of the quiz need."""
    return markup(
        '{}<p><strong>{}</strong></p>{}<p class="swimlanes-instruction">{}</p>',
        STYLE,
        marked(text),
        line_of_code(code) if code else NOTHING,
        instruction,
    )


def line_of_code(line: str) -> Markup:
    """Return a line of code as it is, with its indentation."""
    return markup("<pre>{}</pre>", line)


def said(verdict: Verdict | None) -> Markup:
    """Return the verdict in a region that is there, empty, before there is one."""
    return verdict._repr_html_() if verdict else markup('<div role="status"></div>')


def others(options: Sequence[Option]) -> Markup:
    """Return why each of these options is right or wrong, folded."""
    items = join(
        markup(
            "<li><b>{}</b><em>{}</em><br>{}</li>",
            "✓" if option.right else "✗",
            option.text,
            marked(option.because),
        )
        for option in options
    )
    return markup("<details><summary>And the other options?</summary><ul>{}</ul></details>", items)
