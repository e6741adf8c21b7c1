#!/opt/venv/bin/python
"""Make the cluster's certificate if there is none yet, then become Dask's scheduler.

Every member of the cluster has the same certificate and its key, and trusts nothing else: who holds
the key belongs to it, as with Dask's own clusters of one machine. The certificate lies in memory
that the containers share, so that it goes with the last of them.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from distributed import Security

CERTIFICATE = "DASK_DISTRIBUTED__COMM__TLS__CA_FILE"
KEY = "DASK_DISTRIBUTED__COMM__TLS__SCHEDULER__KEY"


def main() -> None:
    """Run ``scheduler.py [ARGUMENT ...]``; arguments are those of ``dask scheduler``."""
    try:
        certify(Path(os.environ[CERTIFICATE]), Path(os.environ[KEY]))
    except KeyError as error:
        sys.exit(f"scheduler: {error.args[0]} is not set; it names a file for the cluster's TLS.")
    except OSError as error:
        sys.exit(f"scheduler: {error.filename} cannot be written ({error.strerror}).")
    os.execvp("dask", ["dask", "scheduler", *sys.argv[1:]])


def certify(certificate: Path, key: Path) -> None:
    """Write a new pair, unless both files are there; nobody but the owner may read the key."""
    if certificate.exists() and key.exists():
        return
    made = Security.temporary()
    # The certificate comes last, and whole: workers wait for it.
    for file, text in ((key, made.tls_scheduler_key), (certificate, made.tls_ca_file)):
        draft = file.with_suffix(".new")
        draft.touch(0o600)
        draft.write_text(text)
        draft.replace(file)


if __name__ == "__main__":
    main()
