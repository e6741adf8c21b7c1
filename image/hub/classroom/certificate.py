"""Whether a certificate is for the names that browsers will ask for."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509

from classroom.errors import SettingError


def check_names(file: Path, url: str) -> None:
    """Return if the certificate in `file` is for each name below that of `url`.

    Raises
    ------
    SettingError
        If it is not, or there is no certificate.
    """
    try:
        extensions = x509.load_pem_x509_certificate(file.read_bytes()).extensions
        names = extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (ValueError, x509.ExtensionNotFound) as error:
        raise SettingError(
            f"TLS_CERT={file.name} holds no certificate that names a host ({error})."
        ) from error
    wanted = f"*.{urlsplit(url).hostname}"
    if wanted not in names.get_values_for_type(x509.DNSName):
        raise SettingError(
            f"TLS_CERT={file.name} is not for {wanted}, where SUBDOMAINS=yes puts the servers; get "
            "one that has this name as well."
        )
