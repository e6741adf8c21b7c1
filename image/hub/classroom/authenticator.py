"""Log in with the name and the password of a slip."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

from jupyterhub.auth import Authenticator
from tornado import web
from traitlets import Instance, Unicode

from classroom.lockout import Lockout
from classroom.passwords import verify_password
from classroom.roster import Account, read_roster


class RosterAuthenticator(Authenticator):
    """Check passwords against the roster, which is read anew each time: it may have grown."""

    roster_file = Unicode(help="the file that `make roster` writes").tag(config=True)
    lockout = Instance(Lockout, ())

    async def authenticate(
        self, handler: web.RequestHandler, data: dict[str, str]
    ) -> dict[str, Any] | None:
        """Return the account, None for a wrong password, and refuse whoever is locked out."""
        name, password = data["username"], data["password"]
        account = await asyncio.to_thread(self._account, name)
        hashed = account.hashed if account else None
        # With the hash in it: what was wrong before counts no more once the password is another.
        key = (name, str(handler.request.remote_ip), hashed or "")
        if left_s := self.lockout.seconds_left(key, time.monotonic()):
            raise web.HTTPError(
                429,
                f"Too many wrong passwords for {name}: wait {round(left_s + 0.5)} seconds, and "
                "ask your instructor if the slip is lost.",
            )
        right = await asyncio.to_thread(verify_password, password, hashed)
        if account is None or not right:
            self.lockout.note_wrong(key, time.monotonic())
            return None
        self.lockout.note_right(key)
        return {"name": account.name, "admin": account.admin}

    def _account(self, name: str) -> Account | None:
        return read_roster(Path(self.roster_file)).accounts.get(name)
