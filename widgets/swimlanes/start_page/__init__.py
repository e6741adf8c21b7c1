"""What the start page shows: the lessons, how far one got, what the class is told, a way back."""

from __future__ import annotations

from swimlanes.start_page.page import StartPage, contents

__all__ = ["StartPage", "contents"]
