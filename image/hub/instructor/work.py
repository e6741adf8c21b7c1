"""All participants' notebooks as one zip file, made while it is being sent.

The homes are read through a container that never runs, so that stopped servers count as well and
nothing of a participant's is executed. What they name their files is theirs, and not to be trusted.
"""

from __future__ import annotations

import io
import re
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath

from classroom.backup import mounted
from classroom.engine import Engine
from instructor.errors import PageError, engine_told

FILE_LIMIT = 10 * 2**20
PERSON_LIMIT = 100 * 2**20
HOME_LIMIT = 2 * 2**30
"""How much of a home is looked through."""
LEFT_OUT = "LEFT-OUT.txt"
LONGEST_PART = 100


def collect(engine: Engine, image: str) -> Iterator[bytes]:
    """Return the zip file of all notebooks, piece by piece: NAME/folder/notebook.ipynb.

    What was left out stands in it, in the file LEFT-OUT.txt, with the reason.

    Raises
    ------
    PageError
        If there is no work, or the engine does not answer.
    """
    outbox = _Outbox()
    with engine_told("A home went away while it was being read; collect again."):
        homes = engine.homes()
        if not homes:
            raise PageError("There is no work to collect yet: nobody has started a server.")
        left_out: list[str] = []
        with (
            zipfile.ZipFile(outbox, "w", zipfile.ZIP_DEFLATED) as packed,
            mounted(engine, image, homes, "ro") as container,
        ):
            for name in sorted(homes):
                stream, _ = engine.client.api.get_archive(container, f"/work/{name}")
                for path, contents in notebooks(stream, left_out):
                    packed.writestr(path, contents)
                    yield outbox.take()
            if left_out:
                packed.writestr(LEFT_OUT, "".join(f"{line}\n" for line in left_out))
    yield outbox.take()


def notebooks(stream: Iterator[bytes], left_out: list[str]) -> Iterator[tuple[str, bytes]]:
    """Yield the notebooks in the tar of one home, as safe path and contents.

    Parameters
    ----------
    stream : iterator of bytes
        The tar file; its members begin with the participant's name.
    left_out : list of str
        Gets a sentence for each notebook, and each rest of a home, that is left out.
    """
    source = _Stream(stream)
    taken = 0
    paths: set[str] = set()
    with tarfile.open(fileobj=source, mode="r|") as archive:
        for entry in archive:
            if source.read_bytes > HOME_LIMIT:
                left_out.append(f"{entry.name}: the home is too large, the rest was not read.")
                return
            if not _is_notebook(entry):
                continue
            if entry.size > FILE_LIMIT or taken + entry.size > PERSON_LIMIT:
                left_out.append(f"{_safe(entry.name)}: too large ({entry.size:,} bytes).")
                continue
            taken += entry.size
            path = _unused(_safe(entry.name), paths)
            yield path, archive.extractfile(entry).read()


def _is_notebook(entry: tarfile.TarInfo) -> bool:
    """Return whether it is a plain file of theirs; hidden folders hold copies and caches."""
    parts = PurePosixPath(entry.name).parts
    hidden = any(part.startswith(".") for part in parts)
    return entry.isreg() and not hidden and entry.name.endswith(".ipynb")


def _safe(path: str) -> str:
    """Return a path that every system can unpack, and that leads nowhere else."""
    parts = (re.sub(r'[\x00-\x1f\x7f<>:"\\|?*]', "_", part) for part in path.split("/"))
    return "/".join(part[-LONGEST_PART:] for part in parts if part not in ("", ".", ".."))


def _unused(path: str, used: set[str]) -> str:
    """Return `path`, or with a number where another name became the same."""
    stem = path.removesuffix(".ipynb")
    number = 1
    while path in used:
        number += 1
        path = f"{stem}-{number}.ipynb"
    used.add(path)
    return path


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


class _Stream(io.RawIOBase):
    """Chunks as a file to read from, which counts."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = b""
        self.read_bytes = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        pieces = [self._rest]
        while sum(map(len, pieces)) < size:
            chunk = next(self._chunks, b"")
            if not chunk:
                break
            pieces.append(chunk)
        whole = b"".join(pieces)
        self._rest = whole[size:]
        self.read_bytes += min(size, len(whole))
        return whole[:size]
