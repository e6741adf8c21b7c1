"""The accounts of a class: from a list of names to names, hashes, and passwords to hand out."""

from __future__ import annotations

import json
import os
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from classroom.errors import ClassroomError, NamesError
from classroom.passwords import hash_password, make_password

ADMIN = "instructor"
LONGEST = 32
PLAIN_LETTERS = str.maketrans(
    "ıłøđðħŋŧĸəǝɛɔɓɖɗɠɣɨɩƙɲɵƭʉʊʋƴƶƒ", "iloddhntkeeeobddggiiknotuuvyzf"
) | str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"})
"""Letters that are more than a plain letter with an accent, which can be left out."""


@dataclass(frozen=True)
class Account:
    """Somebody who may log in; the password itself is nowhere kept."""

    name: str
    full_name: str
    hashed: str = field(repr=False)
    admin: bool = False


@dataclass(frozen=True)
class Slip:
    """What is handed to somebody on paper, and then forgotten."""

    name: str
    full_name: str
    password: str = field(repr=False)
    admin: bool = False


@dataclass(frozen=True)
class Roster:
    """All accounts, by name."""

    accounts: dict[str, Account]

    @property
    def participants(self) -> list[str]:
        """Names of those who learn, in alphabetical order."""
        return sorted(name for name, account in self.accounts.items() if not account.admin)

    @property
    def admins(self) -> list[str]:
        """Names of those who teach, in alphabetical order."""
        return sorted(name for name, account in self.accounts.items() if account.admin)


def account_name(full_name: str) -> str:
    """Return the account's name: plain small letters, digits and single hyphens.

    Examples
    --------
    >>> account_name("Zoë O'Neil-Müller")
    'zoe-oneil-muller'
    >>> account_name("Elif Yılmaz"), account_name("Søren Łukasz Groß")
    ('elif-yilmaz', 'soren-lukasz-gross')
    """
    letters = unicodedata.normalize("NFKD", full_name.lower().translate(PLAIN_LETTERS))
    plain = letters.encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "")).strip("-")


def read_names(text: str) -> list[str]:
    """Return the names in `text`, one a line; blank lines and lines with ``#`` are left out.

    Raises
    ------
    NamesError
        If there is none, some cannot become an account, or two would become the same; it tells of
        every such line.
    """
    lines = enumerate(text.removeprefix("\ufeff").splitlines(), start=1)
    named = [(number, line.strip()) for number, line in lines]
    named = [(number, line) for number, line in named if line and not line.startswith("#")]
    if not named:
        raise NamesError("The list of names is empty; write one name on each line.")
    first_line: dict[str, int] = {}
    faults = []
    for number, line in named:
        account = account_name(line)
        if problem := _why_no_account(account):
            faults.append(f"Line {number} of the list of names, {line[:60]!r}, {problem}.")
        elif account in first_line:
            faults.append(
                f"Lines {first_line[account]} and {number} of the list of names both become the "
                f"account {account!r}; tell them apart, for example by an initial."
            )
        else:
            first_line[account] = number
    if faults:
        raise NamesError("\n".join(faults))
    return [line for _, line in named]


def enrol(roster: Roster, names: Iterable[str]) -> tuple[Roster, list[Slip]]:
    """Add accounts for `names` that have none yet, and the instructor's own.

    Returns
    -------
    Roster
        The accounts, old and new. An old account keeps its password.
    list of Slip
        For the new accounts.
    """
    # By name: an account of an earlier version may be written in another way.
    known = {account.full_name for account in roster.accounts.values()}
    wanted = {account_name(name): name for name in names if name not in known}
    newcomers = {ADMIN: "Instructor", **wanted}
    slips = [
        Slip(name, full_name, make_password(), admin=name == ADMIN)
        for name, full_name in newcomers.items()
        if name not in roster.accounts
    ]
    return Roster(roster.accounts | {slip.name: _account(slip) for slip in slips}), slips


def renew(roster: Roster, name: str) -> tuple[Roster, Slip]:
    """Give the account `name` another password.

    Raises
    ------
    NamesError
        If there is no such account.
    """
    if name not in roster.accounts:
        raise NamesError(f"There is no account {name!r}; there are {_listed(roster.accounts)}.")
    account = roster.accounts[name]
    slip = Slip(name, account.full_name, make_password(), account.admin)
    renewed = replace(account, hashed=hash_password(slip.password))
    return Roster(roster.accounts | {name: renewed}), slip


def read_roster(path: Path) -> Roster:
    """Return the accounts in a file.

    Raises
    ------
    ClassroomError
        If it is missing or spoilt.
    """
    try:
        stored = json.loads(path.read_text())
        return Roster({entry["name"]: Account(**entry) for entry in stored})
    except FileNotFoundError as error:
        raise ClassroomError(
            "There are no accounts yet; run: make roster NAMES=names.txt"
        ) from error
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ClassroomError(
            f"The accounts in image/hub/class/{path.name} cannot be read ({error}); restore that "
            "file, or remove it and run: make roster NAMES=names.txt"
        ) from error


def write_roster(path: Path, roster: Roster) -> None:
    """Write the file in one step, so that the hub never reads half of it."""
    partial = path.with_name(f".{path.name}.part")
    entries = [asdict(roster.accounts[name]) for name in sorted(roster.accounts)]
    partial.write_text(json.dumps(entries, indent=1) + "\n")
    partial.chmod(0o600)
    os.replace(partial, path)


def _account(slip: Slip) -> Account:
    return Account(slip.name, slip.full_name, hash_password(slip.password), slip.admin)


def _why_no_account(name: str) -> str:
    """Return what has to be done about the name on the list, or nothing."""
    if not name:
        return "has no Latin letter or digit; write the name in Latin letters"
    if len(name) > LONGEST:
        return f"is longer than {LONGEST} letters; shorten it"
    if name == ADMIN:
        return "is the instructor's own account, which is made anyway; leave the line out"
    return ""


def _listed(names: Sequence[str] | Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"
