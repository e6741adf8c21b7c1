"""Pages that arrive when they arrive; one of them does not exist."""

import time
from concurrent.futures import ThreadPoolExecutor, as_completed

PAGES = {"index": 1_024, "about": 300, "lost": None, "news": 2_048}


def fetch(page):
    time.sleep(0.01)
    if PAGES[page] is None:
        raise LookupError(f"no page {page!r}")
    return "x" * PAGES[page]


if __name__ == "__main__":
    said = []
    with ThreadPoolExecutor(max_workers=3) as executor:
        asked = {executor.submit(fetch, page): page for page in PAGES}
        for answer in as_completed(asked):
            try:
                said.append(f"{asked[answer]}: {len(answer.result())} characters")
            except LookupError as error:
                said.append(f"{asked[answer]}: {error}")
    print(*sorted(said), sep="\n")
