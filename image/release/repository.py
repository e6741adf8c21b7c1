"""The git repository that is released."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from errors import ReleaseError, run
from packaging.version import InvalidVersion, Version

SET_BY_HOOKS = ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE")


class Repository:
    """A repository by its folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def check(self) -> None:
        """Refuse what no commit holds: nobody else could build it again."""
        changed = self._git("status", "--porcelain").splitlines()
        if changed:
            more = f" and {len(changed) - 1} more" if changed[1:] else ""
            raise ReleaseError(
                f"There are changes that no commit holds ({changed[0][3:]}{more}); commit them, or "
                "put them away with: git stash --include-untracked"
            )

    def check_unused(self, version: str) -> None:
        """Refuse a version that has a tag, in whatever way it is written."""
        for tag in self._git("tag", "--list", "v*").split():
            with suppress(InvalidVersion):
                if Version(tag) == Version(version):
                    raise ReleaseError(
                        f"The version {version} exists already, as the tag {tag}; choose a later "
                        "one, or build that one again with: git checkout TAG; make dist"
                    )

    def head(self) -> str:
        """Return the commit that is checked out."""
        return self._git("rev-parse", "HEAD").strip()

    def time(self, tree: Path) -> int:
        """Return when the commit of a checkout was made, seconds since 1970."""
        return int(self._git("log", "-1", "--format=%ct", folder=tree))

    @contextmanager
    def checkout(self, folder: Path) -> Iterator[Path]:
        """Check out HEAD in a new folder, and remove it afterwards."""
        self._git("worktree", "add", "--quiet", "--detach", str(folder), "HEAD")
        try:
            yield folder
        finally:
            self._git("worktree", "remove", "--force", str(folder))

    def commit(self, tree: Path, message: str) -> str:
        """Commit all changes of a checkout; no branch moves. Return the commit."""
        self._git("commit", "--quiet", "--no-verify", "--all", "--message", message, folder=tree)
        return self._git("rev-parse", "HEAD", folder=tree).strip()

    def tag(self, version: str) -> str:
        """Return the name of a version's tag."""
        return f"v{version}"

    def advance(self, commit: str, version: str) -> None:
        """Tag the commit and go on to it, or neither."""
        tag = self.tag(version)
        self._git("tag", "--annotate", "--message", f"Version {version}", tag, commit)
        try:
            self._git("merge", "--quiet", "--ff-only", commit)
        except BaseException:
            self._git("tag", "--delete", tag)
            raise

    def _git(self, *words: str, folder: Path | None = None) -> str:
        # A hook that calls this has set the repository that git works on.
        clean = {name: text for name, text in os.environ.items() if name not in SET_BY_HOOKS}
        return run("git", *words, cwd=folder or self.folder, env=clean)
