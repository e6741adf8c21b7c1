"""Markdown, code and formulas as HTML that needs no script: for slides and for paper."""

from __future__ import annotations

from docutils.utils.math.latex2mathml import tex2mathml
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer


def code(source: str, language: str = "python", _attributes: str = "") -> str:
    """Return a program with its words in colours; nothing for other languages."""
    if language != "python":
        return ""
    return f'<pre class="code">{highlight(source, PythonLexer(), FORMATTER)}</pre>\n'


def code_styles(theme: str) -> str:
    """Return the style sheet of `code` for the theme light or dark."""
    style = HtmlFormatter(style=f"a11y-high-contrast-{theme}")
    return str(style.get_style_defs(".code"))


def formula(content: str, options: dict[str, bool]) -> str:
    """Return a formula as MathML, which browsers draw and screen readers speak."""
    return str(tex2mathml(content, as_block=options["display_mode"]))


FORMATTER = HtmlFormatter(nowrap=True)
MARKDOWN = MarkdownIt("commonmark", {"highlight": code}).enable("table")
MARKDOWN.use(dollarmath_plugin, renderer=formula)
