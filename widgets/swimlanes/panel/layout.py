"""Where the parts of the panel stand."""

from __future__ import annotations

import ipywidgets as widgets

from swimlanes.panel.session import Session


def arrange(session: Session) -> list[widgets.Widget]:
    """Return the header, the controls beside the pictures, and the folds below, in this order."""
    body = widgets.HBox([session.controls, session.view.arranged()])
    body.add_class("swimlanes-body")
    folds = (session.code.fold, session.tables.fold, session.archive.fold)
    buttons = widgets.HBox([fold.button for fold in folds])
    buttons.add_class("swimlanes-folds")
    return [session.view.header, body, buttons, *(fold.content for fold in folds)]
