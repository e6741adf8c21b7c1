#!/usr/bin/env python3
"""Ask the running Jupyter server, alone or under a hub's prefix, whether it answers.

The server writes its port and base address into its runtime folder.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from urllib.request import urlopen


def main() -> None:
    """Exit with 0 if the server answers with 200, else with an error."""
    written = Path(os.environ["JUPYTER_RUNTIME_DIR"]).glob("jpserver-*.json")
    server = json.loads(max(written, key=os.path.getmtime).read_text())
    with urlopen(f"http://127.0.0.1:{server['port']}{server['base_url']}api", timeout=3):
        pass


if __name__ == "__main__":
    main()
