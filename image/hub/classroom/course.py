"""Bring the course to everybody, also to servers that are running.

It is the one of the participants' image, or a folder of the instructor's.
"""

from __future__ import annotations

import os
import re
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from docker.errors import APIError

from classroom.engine import Engine, Seat
from classroom.errors import ClassroomError
from classroom.homes.container import FAILURES, Wire
from classroom.words import plain

WHERE = "/opt/course"
"""The course in each participant's container: the volume that is filled here."""
SEED = ["start", "true"]
"""The image's entry point seeds the course and then runs a command."""
SENT = "/srv/sent"
FILL = """
if [ -d /srv/sent ]; then from=/srv/sent; else from=${SWIMLANES_COURSE:-/opt/course}; fi
find /srv/course -mindepth 1 -delete && cp -r "$from/." /srv/course/ && chmod -R a+rX /srv/course
"""
"""What the course has given up goes. Everybody may read, whoever the files belonged to."""
SEEDED_WITHIN_S = 60.0
MOST_SAID = 20_000
PIECE = 1 << 20
TIME = re.compile(r"\[[0-9]{4}-[0-9: -]+\]")
FEW = 3
"""So many servers are named; of more, the number is told."""


def refresh(engine: Engine, image: str, folder: Path | None = None) -> None:
    """Copy a course into the volume from which participants' homes are seeded.

    Parameters
    ----------
    engine : Engine
        Of the class.
    image : str
        The participants' image.
    folder : Path, optional
        The instructor's course; without it, the one of the image.

    Raises
    ------
    ClassroomError
        If it cannot be copied.
    """
    container = engine.client.containers.create(
        image,
        ["-c", FILL],
        entrypoint="sh",
        user="root",
        network_mode="none",
        volumes={engine.course_volume: {"bind": "/srv/course", "mode": "rw"}},
    )
    try:
        if folder is not None:
            _send(folder, container)
        container.start()
        if container.wait()["StatusCode"]:
            said = container.logs().decode(errors="replace").strip()
            raise ClassroomError(f"The course cannot be copied for the participants: {said}")
    except FAILURES as error:
        raise ClassroomError(f"The course in {folder} cannot be copied ({error}).") from error
    finally:
        container.remove(force=True, v=True)


@dataclass
class Brought:
    """What came of bringing the course to the servers that run.

    Attributes
    ----------
    said : dict of str to str
        By participant, what there was to say: which lessons had been edited, or why it did not
        come.
    missed : set of str
        The participants who have not got it.
    """

    said: dict[str, str] = field(default_factory=dict)
    missed: set[str] = field(default_factory=set)


def bring(engine: Engine) -> Brought:
    """Seed every running home anew. A server that fails, or has been tampered with, stops none."""
    brought = Brought()
    for seat in engine.seats():
        if seat.running:
            try:
                brought.said[seat.name] = _seed(engine, seat)
            except FAILURES as error:
                why = f"The course has not come ({_why(error)}); stop and start this server."
                brought.said[seat.name] = f"WARNING: {why}"
                brought.missed.add(seat.name)
    return brought


def told(said: dict[str, str]) -> Iterator[str]:
    """Say what the seeding of each home had to say: each line once, and whose it is."""
    whose: dict[str, list[str]] = {}
    for name in sorted(said):
        # Each server said it at another time.
        for line in map(plain, TIME.sub(":", said[name]).splitlines() or ["up to date"]):
            whose.setdefault(line, []).append(name)
    for line, names in whose.items():
        few = ", ".join(names) if len(names) <= FEW else f"{len(names)} servers"
        yield f"{few}: {line}"


def _seed(engine: Engine, seat: Seat) -> str:
    """Return what the entry point says. It runs as the participant, who may keep it from ending."""
    quiet = {"JUPYTER_DOCKER_STACKS_QUIET": "yes"}
    api = engine.client.api
    seeding = api.exec_create(seat.container, SEED, environment=quiet)["Id"]
    wire = Wire(api.exec_start(seeding, socket=True), SEEDED_WITHIN_S)
    try:
        for _ in wire.pieces():
            pass
    finally:
        wire.release()
    if code := api.exec_inspect(seeding)["ExitCode"]:
        raise ChildProcessError(f"exit code {code}")
    return wire.said[:MOST_SAID].decode(errors="replace").strip()


def _why(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return f"nothing within {SEEDED_WITHIN_S:.0f} seconds"
    told = error.explanation if isinstance(error, APIError) else None
    return plain(str(told or error))


def _send(folder: Path, container: object) -> None:
    """Put a folder into a container. Hidden files stay: they are no material, and may be large."""
    with _packed(folder) as archive:
        pieces = iter(lambda: archive.read(PIECE), b"")
        container.put_archive(os.path.dirname(SENT), pieces)  # type: ignore[attr-defined]


@contextmanager
def _packed(folder: Path) -> Iterator[BinaryIO]:
    """Give an archive of a folder, which is made while it is read: it may not fit into memory."""
    failed: list[OSError] = []

    def pack(out: int) -> None:
        try:
            with os.fdopen(out, "wb") as pipe, tarfile.open(fileobj=pipe, mode="w|") as archive:
                archive.add(folder, os.path.basename(SENT), filter=_as_material)
        except OSError as error:
            failed.append(error)

    reading, writing = os.pipe()
    thread = threading.Thread(target=pack, args=(writing,))
    thread.start()
    try:
        with os.fdopen(reading, "rb") as archive:
            yield archive
    finally:
        thread.join()  # it ends, because nobody listens any more
    for error in failed:
        raise error


def _as_material(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    name = entry.name.rpartition("/")[2]
    if name.startswith(".") or name == "__pycache__":
        return None
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return entry
