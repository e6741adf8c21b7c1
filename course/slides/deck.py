"""From a notebook's cells to slides, by the slide types that the cells carry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from markdown_it.token import Token
from markup import MARKDOWN, code
from nbformat import NotebookNode
from still import quiz, stand_in


@dataclass
class Slide:
    """A slide.

    Attributes
    ----------
    title : str
        HTML of its title.
    blocks : list of str
        HTML of what stands below, one element each.
    """

    title: str
    blocks: list[str] = field(default_factory=list)


def slides_of(cells: list[NotebookNode]) -> list[Slide]:
    """Return the slides. A heading begins one, wherever it stands, and becomes its title."""
    slides: list[Slide] = []
    title = ""
    for cell in cells:
        if cell.metadata.slideshow.slide_type == "subslide":
            solved = "solution" in cell.metadata.get("tags", [])
            slides.append(Slide(f"{title}: a solution" if solved else title))
        for heading, block in blocks_of(cell):
            if heading:
                title = heading
                slides.append(Slide(title))
            else:
                slides[-1].blocks.append(block)
    return slides


def blocks_of(cell: NotebookNode) -> Iterator[tuple[str, str]]:
    """Yield a cell's elements, each as a slide's title or else as a block.

    A quiz is one block, without the code that shows it. The panel is told in words.
    """
    if asked := quiz(cell.source):
        yield "", f"<div>{MARKDOWN.render(asked)}</div>"
    elif cell.cell_type == "code":
        told = MARKDOWN.render(stand_in(cell.source))
        yield "", f"<div>{code(cell.source)}{told}</div>"
    else:
        yield from map(title_or_block, elements(cell.source))


def title_or_block(tokens: list[Token]) -> tuple[str, str]:
    """Return a heading as a title, and all else as a block."""
    if tokens[0].tag in ("h1", "h2"):
        return MARKDOWN.renderInline(tokens[1].content), ""
    return "", str(MARKDOWN.renderer.render(tokens, MARKDOWN.options, {}))


def elements(text: str) -> Iterator[list[Token]]:
    """Yield the tokens of each paragraph, list, table and so on."""
    tokens, depth = [], 0
    for token in MARKDOWN.parse(text):
        tokens.append(token)
        depth += token.nesting
        if depth == 0:
            yield tokens
            tokens = []
