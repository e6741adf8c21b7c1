"""`make sbom`: a bill of materials of the image, as CycloneDX.

    python image/sbom IMAGE FILE [LISTING]

Without a LISTING, which is what `listing.py` printed there, the image is asked. The bill has every
package of Debian, of Python and of JavaScript, and the Python that the image compiles, with its
version and, where the package says it in a form that machines can read, its licence.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from time import time
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

LISTING = Path(__file__).with_name("listing.py")
DISTRIBUTION = "debian-13"


def main(image: str, file: str, listing: str = "") -> None:
    """Write the bill of `image` to `file`, and say what it holds."""
    lines = Path(listing).read_text() if listing else ask(image)
    packages = [json.loads(line) for line in lines.splitlines()]
    text = bill(image, packages)
    if fault := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        sys.exit(f"make sbom: The bill does not keep to CycloneDX 1.6: {fault}")
    Path(file).write_text(text)
    counts = Counter(package["kind"] for package in packages)
    print(f"{file}: " + ", ".join(f"{number} {kind}" for kind, number in counts.items()))


def ask(image: str) -> str:
    """Ask the image for its packages."""
    command = ["docker", "run", "--rm", "--interactive", "--entrypoint", "python", image, "-"]
    with LISTING.open() as script:
        ran = subprocess.run(command, stdin=script, stdout=subprocess.PIPE, text=True)
    if ran.returncode:
        sys.exit(f"make sbom: The image {image} could not be asked; the reason stands above.")
    return ran.stdout


def bill(image: str, packages: list[dict[str, str]]) -> str:
    """Return the bill as JSON; with SOURCE_DATE_EPOCH, the same packages give the same bill."""
    bom = Bom(serial_number=uuid5(NAMESPACE_URL, json.dumps([image, packages])))
    bom.metadata.timestamp = datetime.fromtimestamp(
        int(os.environ.get("SOURCE_DATE_EPOCH", time())), UTC
    )
    bom.metadata.component = Component(name=image, type=ComponentType.CONTAINER, bom_ref=image)
    components = [component(package) for package in packages]
    bom.components.update(components)
    bom.register_dependency(bom.metadata.component, components)
    return JsonV1Dot6(bom).output_as_string(indent=1)


def component(package: Mapping[str, str]) -> Component:
    """Return one package as CycloneDX has it."""
    address = package_url(package)
    licences = LicenseFactory()
    licence = package["license"]
    return Component(
        name=package["name"],
        version=package["version"],
        type=ComponentType.LIBRARY,
        purl=address,
        bom_ref=str(address),
        licenses=[licences.make_from_string(licence)] if licence else [],
    )


def package_url(package: Mapping[str, str]) -> PackageURL:
    """Return the name by which databases of known faults know the package."""
    namespace, name, qualifiers = None, package["name"], {}
    if package["kind"] == "deb":
        namespace = "debian"
        qualifiers = {"arch": package["architecture"], "distro": DISTRIBUTION}
    elif package["kind"] == "npm" and "/" in name:
        namespace, name = name.split("/", 1)
    return PackageURL(package["kind"], namespace, name, package["version"], qualifiers)


if __name__ == "__main__":
    main(*sys.argv[1:])
