"""The lines that a passage cites are lines of what its address gives, and of the file on disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from mcp import Client
from mcp_types import TextResourceContents

from rag.chunk.split import split
from rag.model.source import Source
from rag.sources.bundled import FOLDER, BundledPages
from rag.sources.files import WorkspaceFiles
from server.app import Office
from tests.scenario.engine.person import write_home
from tests.scenario.knowledge.cited import not_there
from tests.scenario.mcp.doors import client_at

USER_PAGE = """---
title: Moving the database
summary: "What to do before: during: and after the move."
password: correct-horse-battery
tags: [database]
kind: runbook
---

# Moving the database

Ada moves it, on Fridays only.

## Before

```
export PGPASSWORD=hunter2-hunter2
pg_dump shop > shop.sql
```

<!-- nobody reads this -->

## After

Tell Grace.
"""
SECRETS = ("correct-horse-battery", "hunter2-hunter2")


@pytest.fixture
def quiet(tmp_path: Path) -> Iterator[Office]:
    write_home(tmp_path / "home")
    office = Office(tmp_path / "home", {"PATH": "/usr/bin:/bin"})
    office.engine().ensure_demo_workspace()
    yield office
    office.close()


async def misquoted(client: Client, source: Source) -> dict[str, list[str]]:
    """Of every passage that could come of a source, by the id of its document."""
    wrong: dict[str, list[str]] = {}
    for id_ in source.marks():
        document = source.read(id_)
        assert document is not None
        (content,) = (await client.read_resource(document.uri)).contents
        assert isinstance(content, TextResourceContents)
        for chunk in split(document):
            if missing := not_there(chunk.text, content.text, chunk.first_line, chunk.last_line):
                wrong.setdefault(id_, []).extend(missing)
    return wrong


async def test_every_shipped_page_is_read_with_the_lines_that_are_cited(quiet: Office) -> None:
    async with client_at("memory", quiet) as client:
        assert await misquoted(client, BundledPages()) == {}


async def test_a_users_page_is_read_as_the_file_without_its_secrets(quiet: Office) -> None:
    workspace = quiet.engine().workspace("demo")
    folder = Path(workspace.path)
    (folder / "docs" / "move.md").write_text(USER_PAGE)
    async with client_at("memory", quiet) as client:
        assert await misquoted(client, WorkspaceFiles(workspace.uid, "demo", folder)) == {}
        (content,) = (await client.read_resource("groundplan://workspaces/demo/files/docs/move.md")).contents
    assert isinstance(content, TextResourceContents)
    on_disk, served = USER_PAGE.split("\n"), content.text.split("\n")
    assert [line for line in SECRETS if line in content.text] == []
    assert [number for number, line in enumerate(on_disk) if served[number] != line] == [3, 15]
    assert len(served) == len(on_disk)


async def test_a_shipped_page_is_read_with_what_it_says_of_itself(quiet: Office) -> None:
    async with client_at("memory", quiet) as client:
        (content,) = (await client.read_resource("groundplan://knowledge/runbooks/quota")).contents
    assert isinstance(content, TextResourceContents)
    assert content.text == (FOLDER / "runbooks" / "quota.md").read_text("utf-8")
