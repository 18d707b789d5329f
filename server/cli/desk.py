"""Where a command sits: the office it works for, the workspace it was told, the paper it writes on."""

from __future__ import annotations

import shlex
import sys
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from rich.console import Console, RenderableType

from engine.model.principal import Principal
from engine.model.workspace import Workspace
from server.app import Office
from server.cli.wire import json_text

if TYPE_CHECKING:
    # For its weight, not for a cycle: the office opens the engine when a command first needs it.
    from engine.facade import Engine


# Where no terminal sets a width, a line is as long as it is: programs read it.
_UNCUT = 10_000


def console_for_words() -> Console:
    """Standard error, for what is told beside the data."""
    return (
        Console(stderr=True, highlight=False)
        if sys.stderr.isatty()
        else Console(stderr=True, highlight=False, width=_UNCUT)
    )


@dataclass
class Desk:
    """One call of a command. What it prints with `show` is data, on stdout; with `tell` it is progress, on stderr.

    `named` is the workspace that was asked for, empty for the active one; `home_named` whether `--home` was given.
    """

    office: Office
    named: str = ""
    json: bool = False
    debug: bool = False
    home_named: bool = False

    @property
    def engine(self) -> Engine:
        return self.office.engine()

    @cached_property
    def workspace(self) -> Workspace:
        """The named one or the active one. Raises `NotFound`."""
        return self.engine.workspace(self.named or None)

    @cached_property
    def workspace_or_home(self) -> str | None:
        """The workspace's name; None where none is named and none is active: then the home alone is meant."""
        if self.named:
            return self.workspace.name
        return next((each.name for each in self.engine.workspaces() if each.active), None)

    @property
    def by(self) -> Principal:
        return self.office.person("cli")

    @cached_property
    def out(self) -> Console:
        return Console(highlight=False) if sys.stdout.isatty() else Console(highlight=False, width=_UNCUT)

    @cached_property
    def err(self) -> Console:
        return console_for_words()

    @property
    def at_terminal(self) -> bool:
        """A person can be shown something here and answer it."""
        return sys.stdin.isatty() and sys.stdout.isatty()

    def line(self, words: str) -> str:
        """A command to type next, on the same home."""
        return (
            f"groundplan --home {shlex.quote(str(self.office.home))} {words}"
            if self.home_named
            else f"groundplan {words}"
        )

    def show(self, value: Any, *sheets: RenderableType) -> None:
        """The value as JSON where programs asked, otherwise the sheets, one under the other."""
        if self.json:
            self.show_json(value)
            return
        with self.out.capture() as written:
            for sheet in sheets:
                self.out.print(sheet, markup=False)
        # Tables fill their last column with blanks, which only a terminal can overlook.
        sys.stdout.write("".join(f"{line.rstrip()}\n" for line in written.get().splitlines()))

    def show_json(self, value: Any) -> None:
        sys.stdout.write(json_text(value) + "\n")

    def tell(self, text: str, style: str = "") -> None:
        self.err.print(text, markup=False, style=style or None)
