"""Building the member's page, when its sources have changed."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from local.settings import ROOT

_WEB = ROOT / "web"
_DIST = _WEB / "dist"
_MARK = _DIST / ".sources"
_NOT_SOURCES = {"node_modules", "dist"}


class PageError(Exception):
    """npm failed; the text is the end of what it printed."""


def build_page() -> None:
    """Install the page's packages and build it, unless the build is current.

    Node comes with the Python packages, so nothing else has to be installed.

    Raises
    ------
    PageError
        If npm fails.
    """
    digest = _digest()
    if _MARK.exists() and _MARK.read_text() == digest:
        return
    _npm("ci")
    _npm("run", "build")
    _MARK.write_text(digest)


def _npm(*arguments: str) -> None:
    tools = Path(sys.executable).parent
    ended = subprocess.run(  # noqa: S603 - our own command
        [str(tools / "npm"), *arguments],
        cwd=_WEB,
        env={**os.environ, "PATH": f"{tools}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode:
        raise PageError(f"npm {' '.join(arguments)}\n{(ended.stdout + ended.stderr)[-1500:]}")


def _digest() -> str:
    digest = hashlib.sha256()
    for file in sorted(_WEB.rglob("*")):
        parts = file.relative_to(_WEB).parts
        if file.is_file() and not _NOT_SOURCES.intersection(parts):
            digest.update("/".join(parts).encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()
