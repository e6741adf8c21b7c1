"""Slips with name and password: as text for a terminal, as a page to print and cut."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from classroom.roster import Slip

TEMPLATES = Path(__file__).parents[1] / "templates"


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
