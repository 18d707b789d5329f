"""The command line: `groundplan`."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from server.cli.quick_stdio import read_stdio_words, run_stdio


def main(argv: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit code. `argv` is what follows the program's name."""
    words = list(sys.argv[1:] if argv is None else argv)
    quick = read_stdio_words(words)
    if quick is not None:
        run_stdio(quick)
        return
    # typer and rich are heavy, and a client that starts the stdio server waits for every import.
    from server.cli.app import build_app  # noqa: PLC0415

    build_app()(args=words, prog_name="groundplan")
