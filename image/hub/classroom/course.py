"""Bring the course of the participants' image to everybody, also to servers that are running."""

from __future__ import annotations

from classroom.engine import Engine, Seat

SEED = ["start", "true"]
"""The image's entry point seeds the course and then runs a command."""


def refresh(engine: Engine, image: str) -> None:
    """Copy the image's course into the volume from which participants' homes are seeded."""
    engine.client.containers.run(
        image,
        ["-c", "cp -r /opt/course/. /srv/course/"],
        entrypoint="sh",
        user="root",
        network_mode="none",
        volumes={engine.course_volume: {"bind": "/srv/course", "mode": "rw"}},
        remove=True,
    )


def update(engine: Engine, image: str) -> dict[str, str]:
    """Refresh the course and seed every running home anew.

    Returns
    -------
    dict of str to str
        By participant, what the seeding had to say: which lessons had been edited.
    """
    refresh(engine, image)
    return {seat.name: _seed(engine, seat) for seat in engine.seats() if seat.running}


def _seed(engine: Engine, seat: Seat) -> str:
    said = engine.client.containers.get(seat.container).exec_run(SEED)
    return said.output.decode(errors="replace").strip()
