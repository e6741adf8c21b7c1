"""Names of the package in the text of a page lead to what the reference says of them."""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.nodes import make_refnode

REFERENCE = "reference/"
NAME = re.compile(r"(?:swimlanes\.)?([\w.]+)(?:\(.*\))?")
PLACES = ("swimlanes.", "swimlanes.workloads.")
"""Where a name that stands alone comes from; the lessons import from nowhere else."""


def setup(app: Sphinx) -> dict[str, bool]:
    """Have Sphinx call `link` for each page."""
    app.connect("doctree-resolved", link)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def link(app: Sphinx, page: nodes.document, name: str) -> None:
    """Make links of all names of the package on a page."""
    if name.startswith(REFERENCE):
        return
    known = app.env.domains.python_domain.objects
    for literal in list(page.findall(nodes.literal)):
        found = NAME.fullmatch(literal.astext())
        full = [place + found[1] for place in PLACES if place + found[1] in known] if found else []
        if full and not isinstance(literal.parent, nodes.reference):
            home = known[full[0]]
            to = make_refnode(app.builder, name, home.docname, home.node_id, literal.deepcopy())
            literal.replace_self(to)
