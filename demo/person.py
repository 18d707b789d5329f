"""The person's part, at the two doors where a plan is confirmed: the client's question, and the page in the browser."""

from __future__ import annotations

import stat
import sys
from pathlib import Path
from typing import Any

from mcp.client.session import ClientRequestContext
from mcp_types import ElicitRequestParams, ElicitResult

from demo.transcript import Transcript

_SCRIPT = """#!{python} -I
import runpy, sys
sys.argv = [{reader!r}, {notes!r}, *sys.argv[1:]]
runpy.run_path({reader!r}, run_name="__main__")
"""


class Person:
    """Reads what the client shows and says yes."""

    def __init__(self, transcript: Transcript) -> None:
        self._transcript = transcript

    async def answer(self, context: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:
        """The client's question about a plan that only adds, or changes reversibly."""
        first = next((line for line in params.message.splitlines() if line.strip()), "")
        self._transcript.says("Groundplan", f"(asks through the client) {first}")
        fields: dict[str, Any] = getattr(params, "requested_schema", {}).get("properties", {})
        content: dict[str, Any] = {name: True for name, rule in fields.items() if rule.get("type") == "boolean"}
        self._transcript.says("Person", "Yes, confirm it.")
        return ElicitResult(action="accept", content=content)

    def tell_of_page(self, notes: Path) -> None:
        """What the browser did meanwhile, once it has written it down."""
        if notes.exists():
            for line in notes.read_text(encoding="utf-8").splitlines():
                self._transcript.says("Person", f"(in the browser) {line}")
            notes.unlink()


def write_browser(folder: Path, notes: Path) -> Path:
    """A command for $BROWSER: opens the page that it is given, reads it, and confirms as a person would."""
    command = folder / "browser"
    command.write_text(
        _SCRIPT.format(python=sys.executable, reader=str(Path(__file__).with_name("reader.py")), notes=str(notes))
    )
    command.chmod(command.stat().st_mode | stat.S_IXUSR)
    return command
