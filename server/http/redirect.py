"""The redirect file: how a link reaches the person's browser without standing in any command line.

Only its owner can read it. It lies where a confined browser can read it too: snaps see no dot-folders and no /tmp,
Flatpaks little but the downloads folder, and on macOS an app needs leave for the downloads folder but not for caches.
"""

from __future__ import annotations

import atexit
import os
import re
import secrets
import sys
import time
from collections.abc import Mapping
from pathlib import Path

_STALE_SECONDS = 24 * 3600
_DOWNLOADS = re.compile(r'^XDG_DOWNLOAD_DIR="(?:\$HOME/)?([^"$]+)"', re.MULTILINE)
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0; url={url}"><title>Groundplan</title></head>
<body><p><a href="{url}" rel="noreferrer">Open the confirmation page</a></p></body></html>
"""


def write_redirect(url: str, environment: Mapping[str, str]) -> Path:
    """A new file that leads to the url; it is removed at the latest when the process ends.

    Raises OSError where no folder can be written to.
    """
    folder = _folder(environment)
    _make_private(folder)
    _sweep(folder)
    path = folder / f"confirm-{secrets.token_hex(8)}.html"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(_PAGE.format(url=url))
    atexit.register(remove_redirect, path)
    return path


def remove_redirect(path: Path) -> None:
    """Harmless where it is gone already. The folder goes with its last file."""
    path.unlink(missing_ok=True)
    try:
        path.parent.rmdir()
    except OSError:
        # Not empty: another page waits.
        return


def _folder(environment: Mapping[str, str]) -> Path:
    home = Path(environment.get("HOME") or Path.home())
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "Groundplan"
    downloads = _downloads(home, environment)
    hidden = any(part.startswith(".") for part in downloads.parts[len(home.parts) :])
    usable = downloads.is_dir() and not hidden and os.access(downloads, os.W_OK)
    return (downloads if usable else home) / "Groundplan"


def _downloads(home: Path, environment: Mapping[str, str]) -> Path:
    settings = Path(environment.get("XDG_CONFIG_HOME") or home / ".config") / "user-dirs.dirs"
    try:
        found = _DOWNLOADS.search(settings.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        found = None
    return home / (found[1] if found else "Downloads")


def _make_private(folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    facts = folder.lstat()
    if folder.is_symlink() or (hasattr(os, "getuid") and facts.st_uid != os.getuid()):
        raise PermissionError(f"{folder} is not this user's own folder")
    if facts.st_mode & 0o077:
        folder.chmod(0o700)


def _sweep(folder: Path) -> None:
    """Files of processes that were killed: their links lead nowhere."""
    for path in folder.glob("confirm-*.html"):
        if time.time() - path.lstat().st_mtime > _STALE_SECONDS:
            path.unlink(missing_ok=True)
