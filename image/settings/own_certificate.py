"""TLS with a certificate of the server's own, for GEN_CERT=yes.

It is made once for each container, beside the other files of its running server.
"""

import datetime
import ipaddress
import os
import sys
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

VALID_DAYS = 365


def make_certificate() -> bytes:
    """Return a new key and its certificate as PEM, for a browser on this very machine."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=VALID_DAYS))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return private + certificate.public_bytes(serialization.Encoding.PEM)


c = get_config()  # noqa: F821 - Jupyter provides it

if os.environ.get("JUPYTERHUB_API_TOKEN"):
    sys.exit(
        "GEN_CERT=yes cannot be honoured under a hub, which speaks plain HTTP to its servers; "
        "leave it out, and give the hub's proxy a certificate."
    )

file = Path(os.environ["JUPYTER_RUNTIME_DIR"], "own-certificate.pem")
if not file.exists():
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as pem:
        pem.write(make_certificate())
c.ServerApp.certfile = str(file)
