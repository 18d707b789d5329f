"""Opens a file in the person's browser. Only the file's path is ever in a command line."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

_OPENERS = ("xdg-open", "gio open", "x-www-browser", "firefox", "chromium", "google-chrome")
_SETTLE_SECONDS = 2.0


def can_open(environment: Mapping[str, str]) -> bool:
    """Whether there is a command that might show a window to a person here."""
    return any(True for _ in _commands(Path("page.html"), environment))


def open_in_browser(path: Path, environment: Mapping[str, str]) -> bool:
    """Try each command until one starts and does not fail soon; whether one did. Blocks two seconds each."""
    return any(_start(command, environment) for command in _commands(path, environment))


def _commands(path: Path, environment: Mapping[str, str]) -> Iterator[list[str]]:
    """`$BROWSER` first, as a person set it; then what the desktop has, where there is a desktop."""
    search = environment.get("PATH") or os.defpath
    for told in environment.get("BROWSER", "").split(os.pathsep):
        yield from _found(told, path, search)
    if sys.platform == "darwin":
        yield from _found("/usr/bin/open", path, search)
    elif environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"):
        for opener in _OPENERS:
            yield from _found(opener, path, search)


def _found(told: str, path: Path, search: str) -> Iterator[list[str]]:
    try:
        words = shlex.split(told)
    except ValueError:
        return
    program = shutil.which(words[0], path=search) if words else None
    if program is None:
        return
    filled = [word.replace("%s", str(path)) for word in words[1:]]
    yield [program, *filled] if "%s" in told else [program, *filled, str(path)]


def _start(command: list[str], environment: Mapping[str, str]) -> bool:
    """Its output is thrown away: standard output may be the MCP protocol."""
    try:
        process = subprocess.Popen(  # noqa: S603 - the person's own browser command, no shell, no text of others
            command, env=dict(environment), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, start_new_session=True, close_fds=True,
        )  # fmt: skip
    except OSError:
        return False
    try:
        return process.wait(_SETTLE_SECONDS) == 0
    except subprocess.TimeoutExpired:
        # It runs on, as browsers do; somebody must wait for it, or it stays a zombie.
        threading.Thread(target=process.wait, name="groundplan-browser", daemon=True).start()
        return True
