"""Slips with name and password: as text for a terminal, as a page to print and cut."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from classroom.roster import Slip

TEMPLATES = Path(__file__).parents[1] / "templates"


def write(folder: Path, slips: Sequence[Slip], url: str) -> str:
    """Write both files, and return their name without the ending.

    Slips that are there already may not be handed out yet: they stay, and the new ones are
    numbered: ``slips``, ``slips-2``, ``slips-3``.
    """
    name = _unused(folder)
    for ending, contents in (("txt", as_text(slips, url)), ("html", as_page(slips, url))):
        path = folder / f"{name}.{ending}"
        path.touch(mode=0o600, exist_ok=False)
        path.write_text(contents)
    return name


def as_text(slips: Sequence[Slip], url: str) -> str:
    """Return one block a slip, with room to cut between them."""
    return "\n".join(
        f"{slip.full_name}\n  address   {url}\n  user      {slip.name}\n"
        f"  password  {slip.password}\n"
        for slip in slips
    )


def as_page(slips: Sequence[Slip], url: str) -> str:
    """Return an HTML page that prints ten slips on a sheet."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined
    )
    return environment.get_template("slips.html").render(slips=slips, url=url)


def _unused(folder: Path) -> str:
    names = ("slips" if number == 1 else f"slips-{number}" for number in count(1))
    return next(name for name in names if not any(folder.glob(f"{name}.*")))
