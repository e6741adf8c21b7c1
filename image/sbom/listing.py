"""Run inside of the image: print every package that it holds, as JSON, one a line.

Standard library only, since it runs with what the image has.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import PackageMetadata, distributions
from pathlib import Path

LONGEST_NAME = 60
SHARE = Path(sys.prefix, "share", "jupyter")
FREE_THREADED = Path("/opt/python-freethreaded")


def main() -> None:
    """Print all packages, those of JavaScript inside of Python packages, too."""
    for package in (*debian(), *compiled(), *python(), *javascript()):
        print(json.dumps(package))


def debian() -> Iterator[dict[str, str]]:
    """Yield what dpkg has installed."""
    fields = "${Package}\t${Version}\t${Architecture}\n"
    listed = subprocess.check_output(["dpkg-query", "--show", f"--showformat={fields}"], text=True)
    for line in listed.splitlines():
        name, version, architecture = line.split("\t")
        yield {
            "kind": "deb",
            "name": name,
            "version": version,
            "architecture": architecture,
            "license": "",
        }


def compiled() -> Iterator[dict[str, str]]:
    """Yield the Python without the GIL, if it is there: compiled from Debian's source."""
    version = FREE_THREADED / "source-version"
    if version.exists():
        yield {
            "kind": "deb",
            "name": "python3.13",
            "version": version.read_text().strip(),
            "architecture": "source",
            "license": "PSF-2.0",
        }


def python() -> Iterator[dict[str, str]]:
    """Yield the distributions of this environment."""
    for found in distributions():
        yield {
            "kind": "pypi",
            "name": found.metadata["Name"],
            "version": found.version,
            "architecture": "",
            "license": python_license(found.metadata),
        }


def python_license(metadata: PackageMetadata) -> str:
    """Return the expression, or else what older packages say, unless that is the whole text."""
    said = metadata.get("License-Expression") or metadata.get("License") or ""
    return said if len(said) < LONGEST_NAME and "\n" not in said else ""


def javascript() -> Iterator[dict[str, str]]:
    """Yield what the front ends have been bundled from, each once."""
    seen = set()
    for file in sorted(SHARE.rglob("third-party-licenses.json")):
        for package in json.loads(file.read_text())["packages"]:
            name, version = package["name"], package["versionInfo"]
            if (name, version) not in seen:
                seen.add((name, version))
                license_id = package.get("licenseId") or ""
                yield {
                    "kind": "npm",
                    "name": name,
                    "version": version,
                    "architecture": "",
                    "license": license_id,
                }


if __name__ == "__main__":
    main()
