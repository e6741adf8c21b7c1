#!/usr/bin/python3 -S
"""Give the participant the name, the ids and the folders that NB_USER and its kin ask for.

Only root can do that; entry.sh says so to everybody else.
"""

from __future__ import annotations

import grp
import os
import pwd
import re
import shlex
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from telling import asked_for, inform, number, stop

IMAGES_USER = "jovyan"
ROOT = "root"
LARGEST_ID = 2**32 - 2
PASSWD = Path("/etc/passwd")
SUDOERS = Path("/etc/sudoers.d/participant")
NEEDED_CAPABILITIES = {"SETGID": 6, "SETUID": 7}


@dataclass(frozen=True)
class Account:
    """The account that the participant gets."""

    name: str
    uid: int
    gid: int
    group: str
    """Name for `gid`; empty if nobody has chosen one."""

    @property
    def home(self) -> Path:
        """Return the folder that holds their work."""
        return Path("/home", self.name)


def main() -> None:
    """Do what the environment asks for, or stop and say why not."""
    account = read_account(os.environ)
    if account.name == ROOT:
        stay_root(account)
    else:
        refuse_what_the_container_may_not_do(asked_for(os.environ, "GRANT_SUDO"))
        make_group(account)
        make_user(account)
    make_home(account)
    for folder, options in folders_to_own(os.environ, account):
        own(folder, options, account)
    if asked_for(os.environ, "GRANT_SUDO"):
        grant_sudo(account, os.environ["PATH"])


def read_account(environment: Mapping[str, str]) -> Account:
    """Return the account that is asked for; stop if there can be none like it."""
    name, group = environment["NB_USER"], environment.get("NB_GROUP", "")
    for setting, value in (("NB_USER", name), ("NB_GROUP", group or name)):
        if not re.fullmatch(r"[a-z_][a-z0-9_-]{0,31}", value):
            stop(f"{setting}={value} is no name: small letters, digits, - and _, at most 32.")
    least = 0 if name == ROOT else 1
    uid = number(environment, "NB_UID", 1000, LARGEST_ID, least)
    gid = number(environment, "NB_GID", 100, LARGEST_ID, least)
    if name == ROOT and (uid, gid) != (0, 0):
        stop(
            f"NB_USER=root is the user 0:0 and not {uid}:{gid}; under a rootless engine give "
            "NB_UID=0 and NB_GID=0 as well, else choose another NB_USER."
        )
    return Account(name, uid, gid, group)


def stay_root(account: Account) -> None:
    """Let root be the participant, as under a rootless engine, where nobody else owns the files.

    Not usermod, which refuses to change a user who is at work.
    """
    entry = "root:x:0:0:root:{}:"
    users = PASSWD.read_text()
    if entry.format("/root") in users:
        refuse_read_only(account)
        PASSWD.write_text(users.replace(entry.format("/root"), entry.format(account.home)))
        inform("The participant is root, 0:0: right under a rootless engine, and nowhere else.")


def refuse_what_the_container_may_not_do(sudo: bool) -> None:
    """Stop if becoming the participant, or sudo, is forbidden from outside."""
    status = dict(
        line.split(":\t", 1) for line in Path("/proc/self/status").read_text().splitlines()
    )
    capabilities = int(status["CapEff"], 16)
    missing = [name for name, bit in NEEDED_CAPABILITIES.items() if not capabilities >> bit & 1]
    if missing:
        stop(
            "The container was started as root, but without the capabilities "
            f"{' and '.join(missing)} it cannot become the participant; leave out --user root, or "
            "add them with --cap-add."
        )
    if sudo and status["NoNewPrivs"] == "1":
        stop("GRANT_SUDO=yes cannot work under no-new-privileges; leave out one of the two.")


def make_group(account: Account) -> None:
    """Make a group of that id, and with that name if one was chosen."""
    groups = {entry.gr_name: entry.gr_gid for entry in grp.getgrall()}
    name = account.group or account.name
    if account.gid in groups.values() and (not account.group or groups.get(name) == account.gid):
        return
    if name in groups:
        stop(
            f"NB_GID={account.gid} cannot be called {name}, which is the name of group "
            f"{groups[name]}; choose another NB_GROUP."
        )
    refuse_read_only(account)
    run("groupadd", "--non-unique", "--gid", str(account.gid), name)


def make_user(account: Account) -> None:
    """Make the participant out of the image's own user; a restart finds them made."""
    users = {entry.pw_name: entry for entry in pwd.getpwall()}
    found = users.get(account.name)
    if found and (found.pw_uid, found.pw_gid) == (account.uid, account.gid):
        return
    if found and account.name != IMAGES_USER:
        stop(f"NB_USER={account.name} is a user of the system already; choose another name.")
    refuse_read_only(account)
    # Not usermod, which would change the owner of every file in the home, mounted ones too.
    if IMAGES_USER in users:
        run("userdel", IMAGES_USER)
    ids = ("--non-unique", "--uid", str(account.uid), "--gid", str(account.gid))
    home = ("--no-create-home", "--home-dir", str(account.home), "--shell", "/bin/bash")
    # The group users may write to the home as the image has it.
    run("useradd", "--no-log-init", *ids, *home, "--groups", "users", account.name)
    inform(f"The participant is {account.name}, {account.uid}:{account.gid}.")


def refuse_read_only(account: Account) -> None:
    """Stop if the lists of users and groups cannot be changed."""
    if not os.access(PASSWD, os.W_OK):
        stop(
            f"The participant cannot become {account.name}, {account.uid}:{account.gid}, because "
            "the root file system is read-only; leave out --read-only, or NB_USER, NB_UID and "
            "NB_GID, or name the ids with --user."
        )


def make_home(account: Account) -> None:
    """Give the image's home, with whatever is mounted there, the participant's name as well.

    By a link: what is mounted on ``/home/jovyan`` is theirs whatever they are called, and nothing
    is copied.
    """
    if not account.home.exists():
        account.home.symlink_to(IMAGES_USER)


def folders_to_own(
    environment: Mapping[str, str], account: Account
) -> Iterator[tuple[Path, list[str]]]:
    """Yield what the participant shall own, each with options for chown."""
    if asked_for(environment, "CHOWN_HOME"):
        yield account.home.resolve(), options(environment, "CHOWN_HOME_OPTS")
    for folder in filter(None, environment.get("CHOWN_EXTRA", "").split(",")):
        yield Path(folder), options(environment, "CHOWN_EXTRA_OPTS")


def options(environment: Mapping[str, str], name: str) -> list[str]:
    """Return the words of a setting, split as a shell would; stop if it cannot be."""
    try:
        return shlex.split(environment.get(name, ""))
    except ValueError as error:
        stop(f"{name}={environment[name]} cannot be read: {error}.")


def own(folder: Path, chown_options: list[str], account: Account) -> None:
    """Change the owner of `folder`."""
    inform(f"{folder} goes to {account.uid}:{account.gid}.")
    run("chown", *chown_options, f"{account.uid}:{account.gid}", str(folder))


def grant_sudo(account: Account, path: str) -> None:
    """Let the participant become root without a password, with the image's own programs first."""
    SUDOERS.write_text(
        f'Defaults secure_path="{path}"\n{account.name} ALL=(ALL:ALL) NOPASSWD: ALL\n'
    )
    SUDOERS.chmod(0o440)
    inform(f"{account.name} may become root with sudo.")


def run(*command: str) -> None:
    """Run a tool of the system; stop with what it says if it fails."""
    ran = subprocess.run(command, capture_output=True, text=True)
    if ran.returncode:
        stop(f"`{shlex.join(command)}` failed: {ran.stderr.strip() or ran.returncode}")


if __name__ == "__main__":
    try:
        main()
    except OSError as error:
        stop(f"The account cannot be made as asked for: {error}.")
