"""What is read is written for readers whose second language is English."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXTS = sorted(
    {
        *ROOT.glob("*.md"),
        *(ROOT / "course").rglob("*.md"),
        *(ROOT / "image").rglob("*.md"),
        *(ROOT / "image").rglob("*.html"),
        *(ROOT / "widgets").rglob("*.toml"),
    }
)
SOURCES = sorted({*(ROOT / "widgets").rglob("*.py"), *(ROOT / "image").rglob("*.py")})
HARD = {
    "a clause without its noun": r"\b[Ww]hom\b",
    "an inversion": r"\b(Workers|Processes|Threads) started so\b|\b[Ss]o must\b"
    r"|\b([Ww]hat|[Ww]hy|[Hh]ow|[Ww]hether)\b[^.:;]*, this (run|check) cannot tell"
    r"|\bMeasured was\b",
    "a plural in brackets": r"[a-z]\(s\)",
    "an order to end somebody else's programs": r"\b[Cc]lose (them and|(the |other )?pro)",
    "a count of one in the plural": r"\b1 (workers|tasks|cores|lanes|calls|threads|CPUs)\b",
}


def said(source):
    """Return the texts in a program, docstrings included, and its comments."""
    text = source.read_text()
    values = (node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant))
    comments = re.findall(r"(?<=# ).*", text)
    return "\n".join([*(value for value in values if isinstance(value, str)), *comments])


@pytest.mark.parametrize("kind", HARD)
def test_no_text_has_a_sentence_that_is_read_twice(kind):
    texts = {path: path.read_text() for path in TEXTS} | {path: said(path) for path in SOURCES}
    found = {str(path.relative_to(ROOT)): re.findall(HARD[kind], texts[path]) for path in texts}
    assert {path: hits for path, hits in found.items() if hits} == {}
