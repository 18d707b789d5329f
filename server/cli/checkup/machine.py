"""What the machine must offer: Python, a home of one's own, a browser, a terminal."""

from __future__ import annotations

import os
import platform
import shutil
import stat
import sys
from collections.abc import Mapping
from pathlib import Path

from server.cli.checkup.check import Check

NEEDED = (3, 11)
_OPENERS = ("xdg-open", "sensible-browser", "x-www-browser", "gnome-open", "wslview")


def check_python() -> Check:
    found = platform.python_version()
    if sys.version_info < NEEDED:
        return Check("python", "fail", f"{found} at {sys.executable}", "Install Python 3.11 or newer.")
    return Check("python", "ok", f"{found} at {sys.executable}")


def check_home(home: Path) -> Check:
    """The home is ours, and nobody else may look into it: keys and tokens live there."""
    if not home.is_dir():
        return Check(
            "home", "fail", f"{home} does not exist.", "Any command that opens the home makes it: groundplan workspaces"
        )
    return _owned(home, "home", "chmod 700")


def check_tokens(file: Path) -> Check:
    if not file.exists():
        return Check("tokens", "ok", "no HTTP client has a token yet")
    return _owned(file, "tokens", "chmod 600")


def _owned(path: Path, name: str, remedy: str) -> Check:
    facts = path.stat()
    mode = stat.S_IMODE(facts.st_mode)
    if hasattr(os, "getuid") and facts.st_uid != os.getuid():
        return Check(name, "fail", f"{path} belongs to another user.", f"Give it to yourself: chown $(id -u) {path}")
    if mode & 0o077:
        return Check(name, "fail", f"Others may read {path} (mode {mode:03o}).", f"{remedy} {path}")
    if not os.access(path, os.W_OK):
        return Check(name, "fail", f"{path} can't be written.", f"{remedy} {path}")
    return Check(name, "ok", str(path))


def check_browser(environment: Mapping[str, str]) -> Check:
    """Whether the confirmation page can be opened; without one, plans that destroy are confirmed at a terminal."""
    remedy = "Set BROWSER to your browser's command, or confirm with `groundplan confirm PLAN` at a terminal."
    if environment.get("BROWSER"):
        return Check("browser", "ok", f"BROWSER={environment['BROWSER']}")
    if sys.platform == "darwin":
        return Check("browser", "ok", "open")
    opener = next((found for name in _OPENERS if (found := shutil.which(name, path=environment.get("PATH")))), None)
    if opener is None:
        return Check("browser", "warning", "no command that opens a browser was found", remedy)
    if not environment.get("DISPLAY") and not environment.get("WAYLAND_DISPLAY") and "wslview" not in opener:
        return Check("browser", "warning", f"{opener} is there, but no screen (DISPLAY, WAYLAND_DISPLAY)", remedy)
    return Check("browser", "ok", opener)


def check_terminal(*, at_terminal: bool) -> Check:
    if at_terminal:
        return Check("terminal", "ok", "`groundplan confirm` can ask here")
    return Check(
        "terminal",
        "warning",
        "this is no interactive terminal",
        "Run `groundplan confirm PLAN` at one, or use the page.",
    )
