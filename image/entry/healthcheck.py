#!/usr/bin/python3
"""Ask the running Jupyter server, alone or under a hub's prefix, whether it answers.

The server writes its port and base address into its runtime folder. Few and light imports: this
runs again and again on the cores that are being measured.
"""

import glob
import http.client
import json
import os
import sys


def main() -> int:
    """Return 0 if the server answers with 200, else 1."""
    written = glob.glob(os.environ["JUPYTER_RUNTIME_DIR"] + "/jpserver-*.json")
    with open(max(written, key=os.path.getmtime)) as newest:
        server = json.load(newest)
    connection = http.client.HTTPConnection("127.0.0.1", server["port"], timeout=3)
    connection.request("GET", server["base_url"] + "api")
    return 0 if connection.getresponse().status == 200 else 1


if __name__ == "__main__":
    sys.exit(main())
