"""The image of a release, for several platforms, with its bills of materials."""

from __future__ import annotations

import json
import re
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from errors import ReleaseError, dated, run

BUILDX = ("docker", "buildx")
REPRODUCIBLE = "rewrite-timestamp=true"
PROVENANCE = "--provenance mode=max"
REMEDY = (
    "Turn on the engine's containerd image store, or make a builder of its own with: docker buildx "
    "create --use --bootstrap. PLATFORMS=none leaves the image out."
)
STORE = "io.containerd.snapshotter"
PROBE = "FROM scratch\nCOPY Dockerfile /\n"
LONG_AGO_S = 10**9


def check(platforms: tuple[str, ...], registry: str = "") -> None:
    """Refuse an engine that cannot build one of the platforms, or nothing twice, or cannot push."""
    if not platforms:
        return
    no_builder = f"There is no builder for images. {REMEDY}"
    told = run(*BUILDX, "inspect", "--bootstrap", failure=no_builder)
    line = re.search(r"^Platforms:(.*)$", told, re.MULTILINE)
    able = [name.strip(" *") for name in line[1].split(",")] if line else []
    if not any(able):
        raise ReleaseError(no_builder)
    for platform in platforms:
        if platform not in able:
            raise ReleaseError(
                f"The engine cannot build for {platform}, only for {', '.join(able)}: install an "
                "emulator (on Debian: qemu-user-static and binfmt-support), or choose with "
                "PLATFORMS what it can build."
            )
    if registry and STORE not in run("docker", "info", "--format", "{{.DriverStatus}}"):
        raise ReleaseError(
            f"The engine cannot push to {registry} what was built for several platforms. Turn on "
            "its containerd image store, or leave out REGISTRY."
        )
    with TemporaryDirectory(prefix="probe-") as folder:
        Path(folder, "Dockerfile").write_text(PROBE)
        file = Path(folder, "image.tar")
        output = ("--output", f"type=oci,{REPRODUCIBLE},dest={file}")
        failure = f"The engine cannot write an image to a file. {REMEDY}"
        run(*BUILDX, "build", "--no-cache", *output, folder, env=dated(LONG_AGO_S), failure=failure)
        if _newest_s(file) != LONG_AGO_S:
            raise ReleaseError(f"The engine's builder cannot set the dates of files. {REMEDY}")


def build(tree: Path, version: str, time_s: int, platforms: tuple[str, ...], into: Path) -> None:
    """Build the image as a file, from nothing; name its digests and what it holds."""
    file = into / f"swimlanes-{version}-image.tar"
    output = f"--no-cache {PROVENANCE} --output type=oci,{REPRODUCIBLE},dest={file}"
    _make(tree, f"swimlanes:{version}", time_s, platforms, output)
    told = "".join(f"{platform} {digest}\n" for platform, digest in digests(file).items())
    (into / f"swimlanes-{version}-image.digests").write_text(told)
    for platform in platforms:
        _bill(tree, version, time_s, platform, into)


def push(version: str, into: Path, registry: str) -> None:
    """Push the very image that was built, all platforms and the provenance with it."""
    local, there = f"swimlanes:{version}", f"{registry}/swimlanes:{version}"
    failure = f"The image could not be pushed as {there}."
    run("docker", "load", "--input", into / f"swimlanes-{version}-image.tar", failure=failure)
    try:
        run("docker", "tag", local, there, failure=failure)
        run("docker", "push", there, failure=failure)
    finally:
        run("docker", "rmi", "--force", local, there)


def _bill(tree: Path, version: str, time_s: int, platform: str, into: Path) -> None:
    """Write what the image of one platform holds."""
    name = f"swimlanes:{version}"
    with TemporaryDirectory(prefix="packages-") as listed:
        _make(
            tree, name, time_s, (platform,), f"--target packages --output type=local,dest={listed}"
        )
        file = into / f"swimlanes-{version}-{platform.replace('/', '-')}.cdx.json"
        listing = Path(listed, "packages.jsonl")
        run(sys.executable, tree / "image" / "sbom", name, file, listing, env=dated(time_s))


def _make(tree: Path, image: str, time_s: int, platforms: tuple[str, ...], output: str) -> None:
    settings = (f"IMAGE={image}", f"PLATFORM={','.join(platforms)}", f"OUTPUT={output}")
    failure = "The image could not be built."
    run(
        "make",
        "--no-print-directory",
        "image",
        *settings,
        cwd=tree,
        env=dated(time_s),
        shown=True,
        failure=failure,
    )


def digests(file: Path) -> dict[str, str]:
    """Return the digest of each platform's image in a file."""
    with tarfile.open(file) as parts:
        return {
            f"{platform['os']}/{platform['architecture']}": described["digest"]
            for described, _ in _manifests(parts)
            if (platform := described.get("platform", {})).get("os", "unknown") != "unknown"
        }


def _newest_s(file: Path) -> float:
    """Return the date of the newest file in an image."""
    with tarfile.open(file) as parts:
        return max(
            entry.mtime
            for _, manifest in _manifests(parts)
            for layer in manifest["layers"]
            if "tar" in layer["mediaType"]
            for entry in tarfile.open(fileobj=parts.extractfile(_blob(layer)))
        )


def _manifests(parts: tarfile.TarFile) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield the manifests of all images in a file, each with what its index says of it."""
    waiting = _read(parts, "index.json")["manifests"]
    while waiting:
        described = waiting.pop(0)
        manifest = _read(parts, _blob(described))
        if "manifests" in manifest:
            waiting += manifest["manifests"]
        else:
            yield described, manifest


def _blob(described: dict[str, Any]) -> str:
    return f"blobs/{described['digest'].replace(':', '/')}"


def _read(parts: tarfile.TarFile, name: str) -> dict[str, Any]:
    content = parts.extractfile(name)
    assert content is not None
    document: dict[str, Any] = json.load(content)
    return document
