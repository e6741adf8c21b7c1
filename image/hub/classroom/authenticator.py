"""Log in with the name and the password of a slip."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

from jupyterhub.auth import Authenticator
from jupyterhub.handlers.login import LoginHandler
from jupyterhub.user import User
from tornado import web
from traitlets import Instance, Unicode

from classroom.door import SEAT, peer, seat
from classroom.lockout import DELAY_S, FREE, WrongPasswords
from classroom.passwords import verify_password
from classroom.roster import Account, read_roster


class ClassLogin(LoginHandler):
    """The hub's own login, which tells the door whose browser this is."""

    def set_login_cookie(self, user: User) -> None:
        """Set the hub's cookies and the door's."""
        super().set_login_cookie(user)
        everywhere = {"domain": self.domain} if self.subdomain_host else {}
        self._set_cookie(
            SEAT,
            seat(self.authenticator.door_token, user.name),
            encrypted=False,
            path=f"{self.base_url}user/",
            samesite="Lax",
            **everywhere,
        )


class RosterAuthenticator(Authenticator):
    """Check passwords against the roster, which is read anew each time: it may have grown."""

    roster_file = Unicode(help="the file that `make roster` writes").tag(config=True)
    door_token = Unicode(help="the secret that hub and door share").tag(config=True)
    wrong = Instance(WrongPasswords, ())
    # Hashing takes its time: a flood of guesses gets one core, and each address one place in line.
    hashing = Instance(ThreadPoolExecutor, (1,))
    lines = Instance(WeakValueDictionary, ())

    def get_handlers(self, app: object) -> list[tuple[str, type]]:
        """Return the login page."""
        return [("/login", ClassLogin)]

    async def authenticate(
        self, handler: web.RequestHandler, data: dict[str, str]
    ) -> dict[str, Any] | None:
        """Return the account, or None for a wrong password, late after several of them.

        Nobody is an administrator of the hub. So nobody brings more rights than others to a page
        of a participant's.
        """
        address = peer(handler.request.headers, self.door_token)
        name, password = data["username"].strip().lower(), data["password"].strip()
        async with self.lines.setdefault(address, asyncio.Lock()):
            account = await asyncio.get_running_loop().run_in_executor(
                self.hashing, self._account, name, password
            )
        if account:
            return {"name": account.name, "admin": False}
        count = self.wrong.note(address, time.monotonic())
        if count > FREE:
            await asyncio.sleep(DELAY_S)
            raise web.HTTPError(
                429,
                f"Invalid username or password. This happened {count} times from your address "
                "lately, and so this answer came late. Ask your instructor if the slip is lost.",
            )
        return None

    def _account(self, name: str, password: str) -> Account | None:
        account = read_roster(Path(self.roster_file)).accounts.get(name)
        right = verify_password(password, account.hashed if account else None)
        return account if right else None
