"""Serve the instructor's page, as a service that the hub manages."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
from urllib.parse import urlsplit

from classroom.engine import Engine
from instructor.hub import Hub
from instructor.pages import Room, application


async def serve() -> None:
    """Serve until the hub ends this process."""
    # What the hub says names another origin, where servers have some, and browsers keep no cookie
    # of this one there.
    callback = os.environ["JUPYTERHUB_SERVICE_PREFIX"] + "oauth_callback"
    os.environ["JUPYTERHUB_OAUTH_CALLBACK_URL"] = callback
    room = Room(
        class_name=os.environ["CLASS_NAME"],
        image=os.environ["IMAGE"],
        hub=Hub(os.environ["JUPYTERHUB_API_URL"], os.environ["JUPYTERHUB_API_TOKEN"]),
        engine=Engine(os.environ["CLASS_NAME"], internet=False),
        prefix=os.environ["JUPYTERHUB_SERVICE_PREFIX"],
    )
    address = urlsplit(os.environ["JUPYTERHUB_SERVICE_URL"])
    application(room, secrets.token_bytes(32)).listen(address.port, address.hostname)
    await asyncio.Event().wait()


if __name__ == "__main__":
    # The engine is asked by more threads at once than its client keeps connections for.
    logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)
    asyncio.run(serve())
