"""What pip's failures mean, in one sentence each."""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from pathlib import Path

COMPILER = (
    r"error: command '.*' failed|Unknown compiler|No such file or directory: '(cc|gcc|g\+\+|cmake)'"
    r"|Python\.h: No such file|CMake Error|can't find Rust compiler"
)


def told(said: str) -> str:
    """Return the sentence for what pip said on stderr, or nothing if it is no known failure."""
    for sentence in (_no_way, _no_room, _other_version, _not_built, _no_such_package):
        if words := sentence(said):
            return words
    return ""


def _no_way(said: str) -> str:
    if "CERTIFICATE_VERIFY_FAILED" in said:
        return (
            "The package index is signed by an authority that is not known here, so nothing was "
            "changed; in a build step, write RUN --mount=type=secret,id=ca and build with "
            "--secret id=ca,src=FILE, elsewhere let PIP_CERT name the authority's file."
        )
    if "connection broken by" in said:
        return (
            "The package index cannot be reached from here, so nothing was changed; perhaps this "
            "server has no way to the internet: ask whoever runs it."
        )
    return ""


def _no_room(said: str) -> str:
    if not re.search("No space left on device|Disk quota exceeded", said):
        return ""
    places = {"your home": Path.home(), "temporary files": Path(tempfile.gettempdir())}
    left = " and ".join(
        f"{shutil.disk_usage(folder).free / 1e6:,.0f} MB for {name}"
        for name, folder in places.items()
    )
    return f"There is not enough room, and nothing was changed; there are {left}. Delete something."


def _other_version(said: str) -> str:
    asked = re.search(r"Cannot install (.+?) because", said)
    if not asked:
        return ""
    return (
        f"{asked[1]} does not fit what is here, as the lines above say. The image's own "
        "packages stay as they are, so nothing was changed; ask for another version."
    )


def _not_built(said: str) -> str:
    if not re.search("subprocess-exited-with-error|Failed building wheel", said):
        return ""
    name = re.search(r"Failed to build .*?([\w.-]+)\)?$", said, re.M)
    what = f"{name[1] if name else 'A package'} has no wheel for Python {_version()}"
    if not re.search(COMPILER, said):
        return f"{what} and cannot be built here; ask for another version, or see why with: pip -v"
    return (
        f"{what} and there is nothing to compile it with, so nothing was changed. Ask for another "
        "version, or build an image with: RUN apt-get update && apt-get install --yes gcc "
        "python3-dev"
    )


def _no_such_package(said: str) -> str:
    missing = re.search(r"No matching distribution found for (.+)", said)
    if not missing:
        return ""
    found = re.search(r"\(from versions: (.+)\)", said)
    there = found[1].split(", ")[-3:] if found and found[1] != "none" else []
    if there:
        return f"There is no {missing[1]} for Python {_version()}; the last are {', '.join(there)}."
    return f"There is no package {missing[1]} for Python {_version()}; check how it is spelled."


def _version() -> str:
    return f"{sys.version_info.major}.{sys.version_info.minor}"
