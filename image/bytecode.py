"""Compile all Python files below a folder, on all cores and each time to the same bytes.

    python image/bytecode.py FOLDER

Bytecode tells which of its strings are shared, and that depends on what the process has compiled
before. So each file has a fresh process, which ``python -m compileall`` does not offer. The
bytecode carries hashes in place of dates, and nobody checks these again, so an import asks the file
system less.
"""

import sys
from compileall import compile_file
from multiprocessing import Pool
from pathlib import Path
from py_compile import PycInvalidationMode


def main(folder: str) -> bool:
    """Return whether all files have been compiled."""
    with Pool(maxtasksperchild=1) as pool:
        return all(pool.imap_unordered(compiled, sorted(Path(folder).rglob("*.py"))))


def compiled(file: Path) -> bool:
    """Compile one file; what is wrong with it is printed."""
    unchecked = PycInvalidationMode.UNCHECKED_HASH
    return bool(compile_file(file, quiet=1, invalidation_mode=unchecked))


if __name__ == "__main__":
    sys.exit(not main(*sys.argv[1:]))
