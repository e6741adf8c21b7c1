#!/usr/bin/python3 -I
"""Ask the running Jupyter server, alone or under a hub's prefix, whether it answers.

The server writes its port, base address and protocol into its runtime folder. Few and light
imports: this runs again and again on the cores that are being measured.
"""

import glob
import http.client
import json
import os
import ssl
import sys


def main() -> int:
    """Return 0 if the server answers with 200, else 1."""
    written = glob.glob(os.environ["JUPYTER_RUNTIME_DIR"] + "/jpserver-*.json")
    if not written:
        print("No Jupyter server runs here.")
        return 1
    with open(max(written, key=os.path.getmtime)) as newest:
        server = json.load(newest)
    try:
        status = ask(server["hostname"], server["port"], server["base_url"], server["secure"])
    except OSError as error:
        print(f"The server does not answer: {error}.")
        return 1
    print(f"The server answers with {status}.")
    return 0 if status == 200 else 1


def ask(host: str, port: int, base: str, secure: bool) -> int:
    """Return the status of the answer; who signed the certificate does not matter here."""
    if secure:
        context = ssl._create_unverified_context()
        connection = http.client.HTTPSConnection(host, port, timeout=3, context=context)
    else:
        connection = http.client.HTTPConnection(host, port, timeout=3)
    connection.request("GET", base + "api")
    return connection.getresponse().status


if __name__ == "__main__":
    sys.exit(main())
