"""All pages of the reference, and how they get onto the disk."""

from __future__ import annotations

from pathlib import Path

from reference.commands import command_pages
from reference.errors import error_pages
from reference.operations import operation_pages
from reference.page import ROOT, Page
from reference.protocol import protocol_pages
from reference.resource_types import provider_pages, resource_pages
from reference.rules import rule_pages
from reference.settings import settings_pages
from reference.tools import tool_pages

FOLDER = ROOT / "knowledge" / "reference"
MAKERS = (
    command_pages,
    tool_pages,
    resource_pages,
    provider_pages,
    error_pages,
    settings_pages,
    rule_pages,
    protocol_pages,
    operation_pages,
)


def all_pages() -> dict[str, Page]:
    """By path below `knowledge/reference/`. Raises ValueError where two pages would be one."""
    found: dict[str, Page] = {}
    for page in (page for make in MAKERS for page in make()):
        if page.path in found:
            raise ValueError(f"two pages are called {page.path}")
        found[page.path] = page
    return found


def on_disk(folder: Path = FOLDER) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.md"))
    }


def write_all(folder: Path = FOLDER) -> tuple[int, int]:
    """Write what changed and remove what is made no more; how many of each."""
    wanted, there = {path: page.text() for path, page in all_pages().items()}, on_disk(folder)
    changed = [path for path, text in wanted.items() if there.get(path) != text]
    for path in changed:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(wanted[path], encoding="utf-8")
    gone = [path for path in there if path not in wanted]
    for path in gone:
        (folder / path).unlink()
    return len(changed), len(gone)
