"""What hub and door agree upon: whose browser may open a server, and where somebody comes from.

The door is HAProxy with `door.cfg`. A participant may make their server answer whatever they like,
so it must not be the one that decides who sees it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import urlsplit

SEAT = "class-seat"
"""The cookie that says whose browser this is."""
HEADER = "X-Class-Door"
ELSEWHERE = "a participant's container"


def seat(token: str, name: str) -> str:
    """Return what the browser of `name` shows at the door.

    Parameters
    ----------
    token : str
        The secret that hub and proxies share.
    name : str
        An account.
    """
    return hmac.new(_key(token, "seat"), name.encode(), "sha256").hexdigest()


def peer(headers: Mapping[str, str], token: str) -> str:
    """Return the address that the door saw; who came another way has none."""
    secret, _, address = headers.get(HEADER, "").partition(" ")
    is_the_door = hmac.compare_digest(secret.encode(), _secret(token).encode())
    return address if is_the_door else ELSEWHERE


def environment(token: str, subdomain_host: str, *, tls: bool) -> dict[str, str]:
    """Return what `door.cfg` reads."""
    return {
        "TLS": "yes" if tls else "no",
        "SEAT_KEY": base64.b64encode(_key(token, "seat")).decode(),
        "DOOR_SECRET": _secret(token),
        "CLASS_HOME": subdomain_host,
        "CLASS_HOST": urlsplit(subdomain_host).netloc,
    }


def _secret(token: str) -> str:
    return _key(token, "door").hex()


def _key(token: str, purpose: str) -> bytes:
    return hashlib.sha256(f"{purpose} {token}".encode()).digest()
