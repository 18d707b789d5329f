"""Which Groundplan this is."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def version_line() -> str:
    """`groundplan 0.1.0`; run from bare sources it has no version to tell."""
    try:
        return f"groundplan {version('groundplan')}"
    except PackageNotFoundError:
        return "groundplan, from sources that are not installed"
