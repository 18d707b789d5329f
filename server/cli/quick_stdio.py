"""`groundplan stdio` without the weight of the rest: a client that starts it gives up after a few seconds."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from engine.model.errors import GroundplanError
from server.app import open_office, serve_stdio


@dataclass(frozen=True, slots=True)
class StdioWords:
    """What a client's file says behind the command."""

    home: Path | None
    workspace: str
    read_only: bool
    groups: tuple[str, ...]


class _Quiet(argparse.ArgumentParser):
    """Raises instead of printing: words that it can't read are the full command line's to explain."""

    def error(self, message: str) -> NoReturn:
        raise ValueError(message)


def read_stdio_words(words: Sequence[str]) -> StdioWords | None:
    """The words of a plain `stdio` call; None for every other command, for `--help` and for mistakes."""
    if "stdio" not in words:
        return None
    parser = _Quiet(add_help=False, allow_abbrev=False)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--workspace", "-w", default="")
    parser.add_argument("--read-only", action="store_true")
    parser.add_argument("--groups", default="")
    parser.add_argument("command", choices=["stdio"])
    try:
        found = parser.parse_args(words)
    except ValueError:
        return None
    return StdioWords(found.home, found.workspace, found.read_only, split_groups(found.groups))


def split_groups(text: str) -> tuple[str, ...]:
    """`plans,runs` as a tuple; empty for all."""
    return tuple(each.strip() for each in text.split(",") if each.strip())


def run_stdio(words: StdioWords) -> None:
    """Serve until the client closes the pipe. A mistake is told on stderr, which clients log."""
    try:
        serve_stdio(open_office(words.home), workspace=words.workspace, read_only=words.read_only, groups=words.groups)
    except GroundplanError as error:
        sys.stderr.write(f"error: {error}\n")
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
