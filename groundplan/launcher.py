"""Finds the rooms and starts the command line from them."""

import sys
from pathlib import Path


def rooms() -> Path:
    """The folder that holds `server` and `engine`: `_app` in an installed wheel, the repository in a checkout."""
    package = Path(__file__).resolve().parent
    packed = package / "_app"
    return packed if packed.is_dir() else package.parent


def main() -> None:
    """The `groundplan` command."""
    # First on the path, so that no other installed package called `server` or `engine` answers in our place.
    sys.path.insert(0, str(rooms()))
    # The rooms are importable only from here on.
    from server.cli import main as command  # noqa: PLC0415

    command()
