"""Who is who on the wall of a class with a hub: the hub vouches for everybody.

It belongs to a wall that runs as the hub's service `wall`; JupyterHub is needed for it, and for
nothing else of this package.
"""

from __future__ import annotations

import asyncio
import hmac
import os
import re
import secrets
from typing import Any

from jupyterhub.services.auth import HubOAuth, HubOAuthCallbackHandler, HubOAuthenticated
from tornado.web import HTTPError, RequestHandler

from swimlanes.errors import RequestError, SwimlanesError
from swimlanes.wall.base import Base
from swimlanes.wall.identity import Who

PREFIX = "/services/wall/"
LOOK = "access:services!service=wall"
STEER = "custom:wall:steer"
"""The scope of instructors; `image/hub/classroom/services.py` gives it to them."""
KNOWN_S = 30
"""How long an answer of the hub's holds, seconds."""
WITHIN_S = 4.0
"""How long the hub may take: less than a panel waits."""
_TOKEN = re.compile(r"[A-Za-z0-9_.~+/=-]{1,200}\Z")


class NoAnswer(SwimlanesError):
    """The hub does not say who somebody is."""


class HubIdentity:
    """For a class with a hub: who is logged in there may look, and instructors may steer.

    A seat is made of an account's name by a key that is gone with the wall, so that no name is
    kept, except that of a raised hand while it is up.

    Parameters
    ----------
    api_url : str
        The hub's interface for programs.
    api_token : str
        The service's own secret.
    """

    prefix = PREFIX
    code = ""
    unknown = (
        "The hub does not know you here: reload the wall's page, or, if your panel says this, stop "
        "your server on the hub's page and start it again."
    )

    def __init__(self, api_url: str, api_token: str) -> None:
        self.auth = _Auth(
            api_url=api_url,
            api_token=api_token,
            base_url=PREFIX,
            oauth_client_id="service-wall",
            oauth_redirect_uri=f"{PREFIX}oauth_callback",
            cache_max_age=KNOWN_S,
        )
        self._key = secrets.token_bytes(32)

    @classmethod
    def set_by_hub(cls) -> HubIdentity:
        """Return the one of this process's environment, as a hub sets it for its services."""
        names = ("JUPYTERHUB_API_URL", "JUPYTERHUB_API_TOKEN")
        if missing := [name for name in names if not os.environ.get(name)]:
            raise RequestError(
                f"There is no {missing[0]}: --hub is for a wall that is a service of a JupyterHub."
            )
        return cls(*(os.environ[name] for name in names))

    @property
    def routes(self) -> list[tuple[str, type[RequestHandler]]]:
        """Where a browser logs in."""
        return [(f"{PREFIX}login", Login), (f"{PREFIX}oauth_callback", Callback)]

    async def who(self, secret: str) -> Who | None:
        """Return whose token this is, if the hub lets its owner look at the wall."""
        if not _TOKEN.match(secret):
            return None
        asking = self.auth.user_for_token(secret, sync=False)
        try:
            owner = await asyncio.wait_for(asking, WITHIN_S)
        except (HTTPError, TimeoutError, ValueError) as error:
            raise NoAnswer("The hub does not answer just now: try again in a minute.") from error
        if not owner or owner["kind"] != "user" or LOOK not in owner["scopes"]:
            return None
        seat = hmac.digest(self._key, owner["name"].encode(), "sha256").hex()
        return Who(secret, seat, STEER in owner["scopes"], owner["name"])


class _Auth(HubOAuth):  # type: ignore[misc]
    def set_cookie(self, handler: Base, access_token: str) -> None:
        """Keep a token as the wall keeps all secrets."""
        handler.remember(access_token)


class _Hub(HubOAuthenticated, Base):  # type: ignore[misc]
    @property
    def hub_auth(self) -> HubOAuth:
        """What asks the hub."""
        identity: Any = self.wall.identity
        return identity.auth

    def get_current_user(self) -> None:
        """Know nobody by this way: it would wait for the hub, and all others with it."""

    def write_error(self, status_code: int, **_: object) -> None:
        """Say it to somebody who has no page yet."""
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(f"You could not be logged in ({status_code}). Open the wall again: {PREFIX}\n")


class Login(_Hub):
    """The way to the hub, and from there back to the page."""

    async def get(self) -> None:
        """Lead on."""
        known = await self.known(self.kept)
        self.redirect(PREFIX if known else self.get_login_url())


class Callback(_Hub, HubOAuthCallbackHandler):  # type: ignore[misc]
    """Where the hub sends a person it knows."""
