"""The hub's REST API, as far as the page uses it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPResponse

from instructor.errors import PageError

PAGE = 200
START_S = 330
"""A little longer than the hub itself waits for a server."""


@dataclass(frozen=True)
class Member:
    """Somebody with an account, and the state of their server as the hub sees it."""

    name: str
    ready: bool
    pending: str | None
    sharers: int
    last_activity: datetime | None


class Hub:
    """Asks the hub in the service's own name."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url
        self._headers = {"Authorization": f"token {token}"}

    async def members(self) -> list[Member]:
        """Return everybody with an account, by name.

        Raises
        ------
        PageError
            If the hub does not answer.
        """
        found: list[dict[str, Any]] = []
        while True:
            path = f"/users?include_stopped_servers&offset={len(found)}&limit={PAGE}"
            page = json.loads((await self._ask("GET", path)).body)
            found += page
            if len(page) < PAGE:
                return sorted(map(_member, found), key=lambda member: member.name)

    async def start(self, name: str) -> None:
        """Start the server of `name` and wait until it answers.

        Raises
        ------
        PageError
            If it does not start; the message is the hub's own.
        """
        path = f"/users/{quote(name)}/server"
        await self._ask("POST", path, body="")
        progress = await self._ask("GET", f"{path}/progress", request_timeout=START_S)
        last = _last_event(progress.body.decode())
        if not last.get("ready"):
            raise PageError(last.get("message") or "The hub does not say why.")

    async def stop(self, name: str) -> None:
        """Stop the server of `name`; its files stay.

        Raises
        ------
        PageError
            If it does not stop.
        """
        await self._ask("DELETE", f"/users/{quote(name)}/server", request_timeout=START_S)

    async def _ask(self, method: str, path: str, **more: object) -> HTTPResponse:
        url = f"{self._url}{path}"
        try:
            return await AsyncHTTPClient().fetch(url, method=method, headers=self._headers, **more)
        except HTTPClientError as error:
            raise PageError(_told(error)) from error
        except OSError as error:
            raise PageError("The hub does not answer; reload this page in a moment.") from error


def _member(user: dict[str, Any]) -> Member:
    server = user["servers"].get("", {})
    seen = server.get("last_activity") or user.get("last_activity")
    return Member(
        name=user["name"],
        ready=bool(server.get("ready")),
        pending=server.get("pending"),
        sharers=(server.get("state") or {}).get("sharers", 1),
        last_activity=datetime.fromisoformat(seen) if seen else None,
    )


def _last_event(stream: str) -> dict[str, Any]:
    """Return the last of the events that the hub sends while a server starts."""
    events = [line.removeprefix("data:") for line in stream.splitlines() if line[:5] == "data:"]
    return json.loads(events[-1]) if events else {}


def _told(error: HTTPClientError) -> str:
    """Return the hub's own sentence, or what is known without it."""
    try:
        return json.loads(error.response.body)["message"]
    except (AttributeError, TypeError, ValueError, KeyError):
        return f"The hub answered {error.code} ({error.message})."
