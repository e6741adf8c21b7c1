"""All participants' notebooks as one zip file, made while it is being sent.

Stopped servers count as well, and nothing of a participant's is executed. What they name their
files is theirs, and not to be trusted.
"""

from __future__ import annotations

import io
import itertools
import zipfile
from collections.abc import Iterator

from classroom.engine import Engine
from classroom.homes.access import Home, reading, told
from classroom.homes.pack import Wanted
from instructor.errors import PageError, engine_told
from instructor.names import SafeNames

FILE_BYTES = 10 * 2**20
HOME_BYTES = 100 * 2**20
HOME_FILES = 10_000
HOME_S = 60.0
LEFT_OUT = "LEFT-OUT.txt"


class Collection:
    """The zip file of all notebooks: NAME/folder/notebook.ipynb.

    What was left out stands in it, in the file LEFT-OUT.txt, with the reason.
    """

    def __init__(self, engine: Engine, image: str) -> None:
        self._engine = engine
        self._image = image
        self._home: Home | None = None
        self._cancelled = False

    def cancel(self) -> None:
        """End `pieces` soon, from any thread, also while it waits for a home."""
        self._cancelled = True
        if self._home:
            self._home.close()

    def pieces(self) -> Iterator[bytes]:
        """Yield the file, piece by piece.

        Raises
        ------
        PageError
            If there is no work, or the engine does not answer.
        """
        with engine_told("The engine does not know the homes; try again."):
            names = sorted(self._engine.homes())
        if not names:
            raise PageError("There is no work to collect yet: nobody has started a server.")
        outbox = _Outbox()
        left_out: list[str] = []
        with zipfile.ZipFile(outbox, "w", zipfile.ZIP_DEFLATED) as packed:
            for name in itertools.takewhile(lambda _: not self._cancelled, names):
                for path, contents in self._notebooks(name, left_out):
                    packed.writestr(path, contents)
                    yield outbox.take()
            if left_out:
                packed.writestr(LEFT_OUT, "".join(f"{line}\n" for line in left_out))
        yield outbox.take()

    def _notebooks(self, name: str, left_out: list[str]) -> Iterator[tuple[str, bytes]]:
        """Yield the notebooks of one home; add a sentence for each that is left out."""
        names = SafeNames(name)
        wanted = Wanted(name, HOME_S, HOME_BYTES, FILE_BYTES, HOME_FILES, True)
        with reading(self._engine, self._image, name, wanted) as self._home:
            for notebook in () if self._cancelled else self._home.members():
                contents = b"".join(self._home.data(notebook))
                yield names.of(notebook.name.removeprefix(f"{name}/")), contents
            left_out += told(name, self._home.account)


class _Outbox(io.RawIOBase):
    """What the zip file has written and nobody has taken yet."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def take(self) -> bytes:
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken
