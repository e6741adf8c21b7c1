"""A participant's own doctor report, asked for in their container and not trusted."""

from __future__ import annotations

from collections.abc import Iterable

from classroom.engine import Engine
from classroom.homes.container import Wire
from instructor.errors import PageError, engine_told

LIMIT_S = 60
PATIENCE_S = LIMIT_S + 5
"""What runs in their container is theirs, and need not end when it is told to."""
LIMIT_BYTES = 64 * 1024
WIDTH = 100


def report(engine: Engine, name: str) -> str:
    """Return what ``swimlanes doctor`` says in the container of `name`. Blocks for seconds.

    Raises
    ------
    PageError
        If no server of theirs runs, or it gives no report.
    """
    stopped = f"The server of {name} does not run, so it cannot give a report; start it first."
    with engine_told(stopped):
        seat = next((s for s in engine.seats() if s.name == name and s.running), None)
        if seat is None:
            raise PageError(stopped)
        command = ["timeout", str(LIMIT_S), "swimlanes", "doctor"]
        created = engine.client.api.exec_create(
            seat.container, command, environment={"COLUMNS": str(WIDTH)}
        )
        wire = Wire(engine.client.api.exec_start(created["Id"], socket=True), PATIENCE_S)
        try:
            said = _first_bytes(wire.pieces()) or wire.said[:LIMIT_BYTES]
        except TimeoutError as error:
            raise PageError(f"The doctor of {name} did not end in time; try again.") from error
        finally:
            wire.release()
        code = engine.client.api.exec_inspect(created["Id"])["ExitCode"]
    if not said.strip():
        raise PageError(f"The doctor of {name} said nothing and ended with {code}; try again.")
    return said.decode(errors="replace")


def _first_bytes(pieces: Iterable[bytes]) -> bytes:
    kept = b""
    for piece in pieces:
        kept += piece
        if len(kept) > LIMIT_BYTES:
            break
    return kept[:LIMIT_BYTES]
