"""All participants' work as one file, and back.

The file is a gzipped tar: `classroom.json` says whose work it is, `work/NAME/` is what was in the
home of NAME. The engine reads and writes the volumes through a container that never runs.
"""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from classroom.engine import Engine
from classroom.errors import ClassroomError
from classroom.words import counted

MANIFEST = "classroom.json"
CHUNK = 1 << 20


def back_up(engine: Engine, image: str, out: BinaryIO) -> list[str]:
    """Write the work of all participants to `out`; return their names.

    Servers may be running. A file that is being written is taken as it is at that moment.

    Raises
    ------
    ClassroomError
        If nobody has any work yet.
    """
    homes = engine.homes()
    if not homes:
        raise ClassroomError(
            f"The class {engine.class_name!r} has no work to back up: nobody has started a server."
        )
    with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=6) as packed:
        packed.write(_manifest(sorted(homes)))
        with mounted(engine, image, homes, "ro") as container:
            stream, _ = engine.client.api.get_archive(container, "/work", chunk_size=CHUNK)
            for chunk in stream:
                packed.write(chunk)
    return sorted(homes)


def restore(engine: Engine, image: str, source: BinaryIO) -> list[str]:
    """Bring back what `back_up` wrote; return the names. Files made since then stay.

    Raises
    ------
    ClassroomError
        If the file is no backup, or servers are running whose files would change under them.
    """
    if running := sorted(seat.name for seat in engine.seats() if seat.running):
        raise ClassroomError(
            f"{counted(len(running), 'server is', 'servers are')} running ({', '.join(running)}); "
            "stop them first, on your page or with: make hub-stop"
        )
    packed = gzip.GzipFile(fileobj=source, mode="rb")
    names = _read_manifest(packed)
    for name in names:
        engine.make_home(name)
    homes = {name: engine.home_volume(name) for name in names}
    with mounted(engine, image, homes, "rw") as container:
        engine.client.api.put_archive(container, "/", iter(lambda: packed.read(CHUNK), b""))
    return names


def _manifest(names: list[str]) -> bytes:
    """Return the tar's first member, padded as tar does."""
    text = json.dumps({"schema": 1, "participants": names}).encode()
    entry = tarfile.TarInfo(MANIFEST)
    entry.size = len(text)
    return entry.tobuf() + text + bytes(-len(text) % tarfile.BLOCKSIZE)


def _read_manifest(packed: BinaryIO | gzip.GzipFile) -> list[str]:
    """Read the first member, and leave the rest for the engine."""
    try:
        entry = tarfile.TarInfo.frombuf(packed.read(tarfile.BLOCKSIZE), "utf-8", "strict")
        padded = packed.read(entry.size + -entry.size % tarfile.BLOCKSIZE)
        return list(json.load(io.BytesIO(padded[: entry.size]))["participants"])
    except (OSError, EOFError, zlib.error, tarfile.TarError, ValueError, KeyError) as error:
        raise ClassroomError("This file is no backup that `make backup` wrote.") from error


@contextmanager
def mounted(engine: Engine, image: str, homes: dict[str, str], mode: str) -> Iterator[str]:
    """Make a container with all homes below /work; it is never started."""
    binds = {volume: {"bind": f"/work/{name}", "mode": mode} for name, volume in homes.items()}
    container = engine.client.containers.create(image, network_mode="none", volumes=binds)
    try:
        yield container.id
    finally:
        container.remove()
