"""Print the cheat sheet as one page, ``build/cheat-sheet.pdf``: ``python course/cheat-sheet``."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))

from markup import MARKDOWN, code_styles
from playwright.sync_api import sync_playwright

HERE = Path(__file__).resolve().parent
SOURCE = HERE.parent / "cheat-sheet.md"
PDF = HERE.parents[1] / "build" / "cheat-sheet.pdf"


def main() -> None:
    """Print the sheet."""
    program = shutil.which("chromium")
    if not program:
        sys.exit("Chromium prints the cheat sheet and is not here; apt-get install chromium.")
    PDF.parent.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page()
        page.set_content(sheet(SOURCE.read_text(encoding="utf-8")))
        page.pdf(path=PDF, prefer_css_page_size=True, print_background=True)
        browser.close()


def sheet(source: str) -> str:
    """Return the sheet's Markdown as a page to print: each section a box, in three columns."""
    title, *sections = source.split("\n## ")
    boxes = "".join(
        f"<section>{MARKDOWN.render(f'## {section}')}</section>" for section in sections
    )
    styles = code_styles("light") + (HERE / "sheet.css").read_text(encoding="utf-8")
    return (
        f'<!doctype html><html lang="en"><title>{title.removeprefix("# ").strip()}</title>'
        f"<style>{styles}</style>{MARKDOWN.render(title)}<main>{boxes}</main></html>"
    )


def box(section: str) -> str:
    """Return a section of the sheet, whose heading has lost its mark."""
    return f"<section>{MARKDOWN.render(f'## {section}')}</section>"


if __name__ == "__main__":
    main()
