"""The settings of a class, read from the environment and checked before anything starts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Network, NetmaskValueError
from pathlib import Path

from classroom.certificate import check_names
from classroom.cpus import format_cpus, parse_cpus
from classroom.errors import SettingError
from classroom.words import counted

CLASS_FOLDER = Path("/srv/class")
"""The instructor's folder: roster, certificate, backups. Mounted read-only."""
ROSTER = "roster.json"
SECRETS = ("HUB_COOKIE_SECRET", "HUB_PROXY_TOKEN", "HUB_WALL_TOKEN")
SECRET_DIGITS = 64
IDLE_LEAST = 30
"""A server tells the hub every five minutes that it is used, and a long run says nothing at all."""
IMAGE = "swimlanes"
"""The participants' image, unless the instructor has one of their own."""
LARGEST_PORT = 65535
LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True)
class Settings:
    """What an instructor has chosen; `image/hub/hub.env.example` explains each."""

    class_name: str
    cookie_secret: str
    proxy_token: str
    wall_token: str
    url: str
    class_cores: frozenset[int]
    cores_per_participant: int
    share_cores: bool
    memory: str
    home_size: str
    internet: bool
    allow_pip: bool
    solutions: bool
    idle_minutes: int
    subnets: IPv4Network
    image: str
    course: Path | None
    subdomain_host: str
    tls_cert: Path | None
    tls_key: Path | None

    @property
    def roster(self) -> Path:
        """Where the accounts are."""
        return CLASS_FOLDER / ROSTER


def read_settings(environment: Mapping[str, str], host_cpus: frozenset[int]) -> Settings:
    """Return the settings in `environment`.

    Raises
    ------
    SettingError
        At the first that is missing or cannot be used.
    """
    url = read_url(environment)
    cores = _class_cores(environment.get("CLASS_CORES", ""), host_cpus)
    tls_cert, tls_key = read_tls(environment)
    subdomain_host = read_subdomain_host(environment)
    if tls_cert and subdomain_host:
        check_names(tls_cert, subdomain_host)
    return Settings(
        class_name=environment.get("CLASS_NAME") or "swimlanes",
        cookie_secret=_secret(environment, "HUB_COOKIE_SECRET"),
        proxy_token=_secret(environment, "HUB_PROXY_TOKEN"),
        wall_token=_secret(environment, "HUB_WALL_TOKEN"),
        url=url,
        class_cores=cores,
        cores_per_participant=_cores_each(environment, cores),
        share_cores=_yes(environment, "SHARE_CORES"),
        memory=_size(environment, "MEMORY_PER_PARTICIPANT", "2G"),
        home_size=_size(environment, "HOME_SIZE", ""),
        internet=_yes(environment, "INTERNET"),
        allow_pip=_yes(environment, "ALLOW_PIP"),
        solutions=_yes(environment, "SOLUTIONS", "yes"),
        idle_minutes=_idle_minutes(environment),
        subnets=_network(environment.get("CLASS_SUBNETS") or "10.213.0.0/16"),
        image=environment.get("IMAGE") or IMAGE,
        course=_folder(environment, "COURSE"),
        subdomain_host=subdomain_host,
        tls_cert=tls_cert,
        tls_key=tls_key,
    )


def read_tls(environment: Mapping[str, str]) -> tuple[Path | None, Path | None]:
    """Return certificate and key, or twice None where plain HTTP is right.

    Raises
    ------
    SettingError
        If one of the two is missing, or others than this machine would be served plain HTTP.
    """
    cert, key = (_file(environment, name) for name in ("TLS_CERT", "TLS_KEY"))
    if bool(cert) != bool(key):
        raise SettingError("TLS needs both TLS_CERT and TLS_KEY, and only one of them is set.")
    address = environment.get("HUB_ADDRESS") or LOOPBACK[0]
    if not cert and address not in LOOPBACK and not _yes(environment, "PLAIN_HTTP"):
        raise SettingError(
            f"HUB_ADDRESS={address} would send passwords over the network in plain HTTP; set "
            "TLS_CERT and TLS_KEY, or PLAIN_HTTP=yes where everybody on that network is trusted."
        )
    return cert, key


def read_url(environment: Mapping[str, str]) -> str:
    """Return the address on the slips.

    Raises
    ------
    SettingError
        If it is none of a web page, or the port is none.
    """
    port = _number(environment, "HUB_PORT", 8000)
    if port > LARGEST_PORT:
        raise SettingError(f"HUB_PORT={port} is no port; {LARGEST_PORT} is the largest.")
    url = (environment.get("CLASS_URL") or f"http://{LOOPBACK[0]}:{port}").rstrip("/")
    if not re.fullmatch(r"https?://[^\s/?#@]+", url):
        raise SettingError(
            f"CLASS_URL={url} is no address of a class; write it like https://class.example.org"
        )
    return url


def read_subdomain_host(environment: Mapping[str, str]) -> str:
    """Return the class's address where each server has a name below it, else nothing.

    Raises
    ------
    SettingError
        If that address has no name below which there could be others.
    """
    if not _yes(environment, "SUBDOMAINS"):
        return ""
    url = (environment.get("CLASS_URL") or "").rstrip("/")
    name = r"[a-z0-9-]+(\.[a-z0-9-]*[a-z][a-z0-9-]*)+"
    if not re.fullmatch(rf"https?://{name}(:[0-9]+)?", url):
        raise SettingError(
            f"SUBDOMAINS=yes gives each server a name below the class's, and CLASS_URL={url} has "
            "none of that kind; write it like CLASS_URL=https://class.example.org"
        )
    return url


def _file(environment: Mapping[str, str], name: str) -> Path | None:
    """Return the file in the class's folder that a setting names."""
    if not environment.get(name):
        return None
    path = CLASS_FOLDER / environment[name]
    try:
        path.read_bytes()
    except OSError as error:
        raise SettingError(
            f"{name}={environment[name]} cannot be read ({error.strerror}); put that file into "
            "image/hub/class/ and give its name."
        ) from error
    return path


def _folder(environment: Mapping[str, str], name: str) -> Path | None:
    """Return the folder below the class's folder that a setting names."""
    if not environment.get(name):
        return None
    inside = CLASS_FOLDER.resolve()
    path = (inside / environment[name]).resolve()
    # The class's own folder holds the accounts, and is no course.
    if not path.is_dir() or inside not in path.parents:
        raise SettingError(
            f"{name}={environment[name]} is no folder in image/hub/class/; put the course there, "
            "and give the name of its folder."
        )
    return path


def _secret(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name, "")
    if not re.fullmatch(rf"[0-9a-f]{{{SECRET_DIGITS}}}", value):
        what = "no" if not value else "no usable"
        raise SettingError(f"There is {what} {name} in image/hub/.env; run: make hub-secret")
    return value


def _class_cores(text: str, host_cpus: frozenset[int]) -> frozenset[int]:
    try:
        cores = parse_cpus(text) if text else host_cpus
    except ValueError as error:
        raise SettingError(
            f"CLASS_CORES={text} is no list of cores; write it like CLASS_CORES=2-31."
        ) from error
    if missing := cores - host_cpus:
        raise SettingError(
            f"CLASS_CORES={text} names core {min(missing)}, which this host does not "
            f"have; choose among {format_cpus(host_cpus)}."
        )
    return cores


def _cores_each(environment: Mapping[str, str], cores: frozenset[int]) -> int:
    each = _number(environment, "CORES_PER_PARTICIPANT", 2)
    if each > len(cores):
        raise SettingError(
            f"CORES_PER_PARTICIPANT={each} is more than the class has, which is "
            f"{counted(len(cores), 'core')} ({format_cpus(cores)}); lower it, or give the class "
            "more with CLASS_CORES."
        )
    return each


def _number(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name) or str(default)
    if not re.fullmatch("[0-9]{1,5}", text) or int(text) == 0:
        raise SettingError(f"{name}={text} is no whole number above 0; write it like {default}.")
    return int(text)


def _idle_minutes(environment: Mapping[str, str]) -> int:
    minutes = _number(environment, "IDLE_MINUTES", 120)
    if minutes < IDLE_LEAST:
        raise SettingError(
            f"IDLE_MINUTES={minutes} would stop servers that are computing; "
            f"{IDLE_LEAST} is the least."
        )
    return minutes


def _yes(environment: Mapping[str, str], name: str, default: str = "no") -> bool:
    text = environment.get(name) or default
    if text not in ("yes", "no"):
        raise SettingError(f"{name}={text} is neither yes nor no.")
    return text == "yes"


def _size(environment: Mapping[str, str], name: str, default: str) -> str:
    text = environment.get(name) or default
    if text and not re.fullmatch("[1-9][0-9]*[MG]", text):
        raise SettingError(f"{name}={text} is no size; write it like 512M or 2G.")
    return text


def _network(text: str) -> IPv4Network:
    try:
        network = IPv4Network(text)
    except (AddressValueError, NetmaskValueError, ValueError) as error:
        raise SettingError(
            f"CLASS_SUBNETS={text} is no range of addresses; write it like 10.213.0.0/16."
        ) from error
    if network.prefixlen > 24:
        raise SettingError(f"CLASS_SUBNETS={text} is too small for a class; /24 is the least.")
    return network
