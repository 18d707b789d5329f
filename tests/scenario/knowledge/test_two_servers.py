"""Two servers of two clients on one home, both asked while the files of the workspace change."""

from __future__ import annotations

import asyncio
import json
import zlib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mcp import Client
from typer.testing import CliRunner

from server.cli.app import build_app
from server.office import Office
from tests.contract.embeddings_server import served
from tests.scenario.engine.person import write_home
from tests.scenario.mcp.doors import client_at
from tests.scenario.rag.contents import contents, flaws

ROUNDS = ("walrus", "puffin", "narwhal")
PATIENCE_SECONDS = 90


@cache
def direction(word: str) -> np.ndarray:
    return np.random.default_rng(zlib.crc32(word.encode())).standard_normal(64)


def by_words(texts: Sequence[str]) -> Iterator[list[float]]:
    """Texts that share words are near."""
    for text in texts:
        total = np.sum([direction(word) for word in text.lower().split()], axis=0)
        yield (total / np.linalg.norm(total)).tolist()


@pytest.fixture
def shared_home(tmp_path: Path) -> Iterator[Office]:
    with served(by_words) as endpoint:
        endpoint.longest = 100_000
        embedder = f'\n[index]\nembedder = "openai:words"\nembedder_url = "{endpoint.url}"\n'
        write_home(tmp_path / "home", embedder)
        office = Office(tmp_path / "home", {})
        office.engine().ensure_demo_workspace()
        yield office
        office.close()


def write_round(docs: Path, beast: str) -> None:
    """One page changes with every round, each round brings one, and takes the one before away."""
    for old in docs.glob("beast-*.md"):
        old.unlink()
    (docs / "rota.md").write_text(f"# The {beast} rota\n\nThe {beast} pager goes to Ada in odd weeks.\n")
    (docs / f"beast-{beast}.md").write_text(f"# Feeding the {beast}\n\nThe {beast} eats at noon, and never alone.\n")


async def passages(client: Client, query: str) -> list[dict[str, Any]]:
    result = await client.call_tool("search_knowledge", {"query": query, "scope": "files", "limit": 20})
    assert not result.is_error, result.content
    assert result.structured_content is not None
    return result.structured_content["passages"]


async def told(client: Client, beast: str) -> tuple[int, int]:
    """How often the two pages of a round are found."""
    found = [each["text"] for each in await passages(client, f"{beast} rota pager, feeding the {beast} at noon")]
    return sum(f"The {beast} pager goes" in text for text in found), sum(f"The {beast} eats" in text for text in found)


async def until_found(client: Client, beast: str) -> None:
    """Searches go on without a pause: what they set off in the background is what is waited for."""
    while (seen := await told(client, beast)) != (1, 1):
        assert max(seen) <= 1, "found twice"


def status_of(home: Path) -> dict[str, Any]:
    told = CliRunner().invoke(build_app(), ["--home", str(home), "--json", "index", "status"], prog_name="groundplan")
    assert told.exit_code == 0, told.output
    return json.loads(told.stdout)


def is_whole(status: dict[str, Any]) -> bool:
    return all(each["with_vectors"] == each["chunks"] for each in status["shelves"])


@pytest.mark.slow
@pytest.mark.promise("INDEX-2")
async def test_both_find_the_last_of_many_changes_exactly_once(shared_home: Office) -> None:
    docs = Path(shared_home.engine().workspace("demo").path) / "docs"
    async with (
        asyncio.timeout(PATIENCE_SECONDS),
        client_at("stdio", shared_home) as one,
        client_at("stdio", shared_home) as other,
    ):
        for beast in ROUNDS:
            write_round(docs, beast)
            await asyncio.gather(until_found(one, beast), until_found(other, beast))
        for client in (one, other):
            assert await told(client, ROUNDS[-1]) == (1, 1)
            assert [await told(client, beast) for beast in ROUNDS[:-1]] == [(0, 0), (0, 0)]
        while not is_whole(status := await asyncio.to_thread(status_of, shared_home.home)):
            await passages(one, "pager")
    assert (status["trouble"], status["unreadable"], status["embedder"]) == ("", [], "openai:words")
    assert {each["scope"] for each in status["shelves"]} >= {"knowledge", "files"}
    assert flaws(shared_home.home / "index") == []
    held = contents(shared_home.home / "index", "beast")["documents"]
    ids = [str(row[2]) for row in held if row[1] == "files" and str(row[2]).startswith("docs/")]
    assert sorted(ids) == ["docs/README.md", "docs/beast-narwhal.md", "docs/rota.md"]
