"""Something new, for all who wait for it."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib

STILL_HERE_S = 15.0
"""After so long without a change, who listens hears that the wall is still there."""


class News:
    """Something for all who listen: its latest state, a mark by which one knows it again."""

    def __init__(self, first: bytes) -> None:
        self.latest, self.mark = first, _mark(first)
        self._newer = asyncio.Event()

    def tell(self, content: bytes) -> None:
        """Wake up those who wait, if this is something new."""
        if content != self.latest:
            self.latest, self.mark = content, _mark(content)
            self._newer.set()
            self._newer = asyncio.Event()

    async def newer_than(self, mark: str, within_s: float) -> bool:
        """Wait for something else than what was marked so; return whether there is."""
        if mark == self.mark:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(within_s):
                    await self._newer.wait()
        return mark != self.mark


def _mark(content: bytes) -> str:
    """Return a mark as HTTP has them for what was seen before."""
    return f'"{hashlib.sha256(content).hexdigest()[:16]}"'
