"""A participant's own doctor report, asked for in their container."""

from __future__ import annotations

from classroom.engine import Engine
from instructor.errors import PageError, engine_told

LIMIT_S = 60
LIMIT_BYTES = 64 * 1024
WIDTH = 100


def report(engine: Engine, name: str) -> str:
    """Return what ``swimlanes doctor`` says in the container of `name`. Blocks for seconds.

    Raises
    ------
    PageError
        If no server of theirs runs, or it gives no report.
    """
    stopped = f"The server of {name} does not run, and so nobody can ask it; start it first."
    with engine_told(stopped):
        seat = next((s for s in engine.seats() if s.name == name and s.running), None)
        if seat is None:
            raise PageError(stopped)
        command = ["timeout", str(LIMIT_S), "swimlanes", "doctor"]
        created = engine.client.api.exec_create(
            seat.container, command, environment={"COLUMNS": str(WIDTH)}
        )
        said = engine.client.api.exec_start(created["Id"], stream=True)
        text = _first_bytes(said).decode(errors="replace")
        code = engine.client.api.exec_inspect(created["Id"])["ExitCode"]
    if not text.strip():
        raise PageError(f"The doctor of {name} said nothing and ended with {code}; try again.")
    return text


def _first_bytes(chunks: object) -> bytes:
    kept = b""
    for chunk in chunks:
        kept += chunk
        if len(kept) > LIMIT_BYTES:
            break
    return kept[:LIMIT_BYTES]
