"""Passwords that can be typed from a slip, and the hashes that alone are kept."""

from __future__ import annotations

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Nothing that looks like something else on paper."""
PARTS, PART_LENGTH = 3, 4

# Light enough for thirty people who log in at once; RFC 9106 asks for more only of passwords
# that people choose.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def make_password() -> str:
    """Return a random password such as ``k3vd-m8qx-t2wn``, of 59 bits."""
    parts = ("".join(secrets.choice(LETTERS) for _ in range(PART_LENGTH)) for _ in range(PARTS))
    return "-".join(parts)


def hash_password(password: str) -> str:
    """Return the argon2id hash, with its salt and parameters."""
    return _HASHER.hash(password)


def verify_password(password: str, hashed: str | None) -> bool:
    """Return whether `hashed` is of `password`; an unknown account (None) takes as long."""
    try:
        return _HASHER.verify(hashed or _nobodys_hash(), password) and hashed is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys_hash() -> str:
    return hash_password(make_password())
