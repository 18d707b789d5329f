"""When the engine can't be opened, the shipped pages are read and searched all the same: its runbooks are among them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, MCPError
from mcp_types import ResourceTemplateReference, TextContent, TextResourceContents
from sqlalchemy.exc import OperationalError

from rag.model.document import Scope
from rag.model.errors import LibraryError
from rag.model.query import Query, Within
from server.app import Office
from server.resources import addresses
from server.shelves import Shelves
from tests.scenario.engine.person import write_home
from tests.scenario.mcp.doors import client_at

# No test waits for a model: texts are found by their words alone.
NO_MODEL = '[index]\nembedder = "openai:none"\nembedder_url = "http://127.0.0.1:9/v1"\n'
AWAY = f'database = "postgresql+psycopg://ada:hunter2@127.0.0.1:9/groundplan"\n{NO_MODEL}'
RUNBOOK = "groundplan://knowledge/runbooks/postgresql-unreachable"


def _away(home: Path) -> None:
    (home / "config.toml").write_text(AWAY)


def _no_database(home: Path) -> None:
    (home / "config.toml").write_text(NO_MODEL)
    (home / "state").mkdir()
    (home / "state" / "groundplan.db").write_bytes(b"This is no database. " * 99)


def _in_the_way(home: Path) -> None:
    (home / "config.toml").write_text(NO_MODEL)
    (home / "state").write_text("not a folder")


BROKEN = {"away": _away, "no database": _no_database, "in the way": _in_the_way}


@pytest.fixture(params=BROKEN)
def closed(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    home = tmp_path / "home"
    home.mkdir()
    BROKEN[request.param](home)
    office = Office(home, {})
    yield office
    office.close()


async def _search(client: Client, query: str, **more: Any) -> tuple[str, dict[str, Any]]:
    result = await client.call_tool("search_knowledge", {"query": query, **more})
    assert not result.is_error, result.content
    assert result.structured_content is not None
    text = result.content[0]
    assert isinstance(text, TextContent)
    return text.text, result.structured_content


async def _read(client: Client, uri: str) -> str:
    (content,) = (await client.read_resource(uri)).contents
    assert isinstance(content, TextResourceContents)
    return content.text


async def test_a_runbook_is_found_and_read_and_the_note_says_what_was_left_out(closed: Office) -> None:
    assert closed.library().refresh().trouble
    async with client_at("memory", closed) as client:
        text, found = await _search(client, "the state database can't be opened: connection failed, PostgreSQL")
        assert any(each["uri"].startswith(RUNBOOK) for each in found["passages"])
        assert (found["workspace"], "state" in found) == ("", False)
        assert "No workspace was looked into: " in found["note"]
        assert found["note"] in text
        assert "hunter2" not in text
        assert "# PostgreSQL" in await _read(client, RUNBOOK)
        reference = ResourceTemplateReference(uri=addresses.KNOWLEDGE)
        told = await client.complete(reference, {"name": "path", "value": "runbooks/postgresql"})
        assert told.completion.values == ["runbooks/postgresql-unreachable"]


async def test_what_needs_the_engine_says_so(closed: Office) -> None:
    async with client_at("memory", closed) as client:
        _, found = await _search(client, "on-call rota", scope="files", workspace="demo")
        assert (found["verdict"], found["passages"]) == ("none", [])
        assert "No workspace was looked into: " in found["note"]
        with pytest.raises(MCPError):
            await _read(client, "groundplan://workspaces/demo/files/README.md")
        with pytest.raises(MCPError, match="Nothing is indexed"):
            await _read(client, "groundplan://knowledge/runbooks/none")


def test_a_refresh_takes_in_the_shipped_pages_and_leaves_the_rest_as_it_is(tmp_path: Path) -> None:
    home = tmp_path / "home"
    write_home(home, f"\n{NO_MODEL}")
    office = Office(home, {"PATH": "/usr/bin:/bin"})
    uid = office.engine().ensure_demo_workspace().uid
    assert not office.library().refresh().trouble
    office.close()
    (home / "state" / "groundplan.db").rename(home / "state" / "moved")
    (home / "state" / "groundplan.db").mkdir()
    later = Office(home, {})
    report = later.library().refresh()
    assert "the state database can't be opened" in report.trouble
    assert report.removed == 0
    mine = Within(shelves=(uid,), scopes=(Scope.FILES,))
    assert later.library().search(Query("demo", mine), look=None).passages
    later.close()


async def test_a_page_is_read_when_the_settings_can_not_be_meant(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("nonsense = 3\n")
    office = Office(tmp_path, {})
    async with client_at("memory", office) as client:
        assert "# PostgreSQL" in await _read(client, RUNBOOK)
        with pytest.raises(MCPError, match="Nothing is indexed"):
            await _read(client, "groundplan://knowledge/README")
        _, found = await _search(client, "quota")
        assert found["note"].count("nonsense: There is no such setting") == 1
    office.close()


async def test_a_database_that_goes_away_later_takes_no_search_down(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object, **__: object) -> None:
        raise OperationalError("select secret from workspace", {}, OSError("host 10.0.0.7"))

    engine = office.engine()
    engine.ensure_demo_workspace()
    (office.home / "config.toml").write_text(NO_MODEL)
    async with client_at("memory", office) as client:
        monkeypatch.setattr(engine, "ask", gone)
        _, asked = await _search(client, "a plan is stale")
        assert asked["note"].startswith("The state was not asked: The state can't be read: OperationalError.")
        monkeypatch.setattr(engine, "workspace", gone)
        monkeypatch.setattr(engine, "workspaces", gone)
        _, found = await _search(client, "a plan is stale")
    assert found["passages"]
    assert "No workspace was looked into" in found["note"]
    assert not {"select", "10.0.0.7"} & set(found["note"].split())
    named = Shelves(office.home, {}, office.engine).sources()
    assert next(named).scope is Scope.KNOWLEDGE
    with pytest.raises(LibraryError, match="OperationalError"):
        next(named)
