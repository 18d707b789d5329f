"""A Chroma server by setting: a real one, started here."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sysconfig
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest

from rag.index.chroma import on_server
from rag.model.document import Scope
from rag.model.options import LibraryOptions
from rag.model.query import Within
from tests.scenario.rag.shelf import Pages, Words, shelving
from tests.unit.rag.index.test_chroma import PAGES, ranked

pytestmark = pytest.mark.slow


@contextmanager
def chroma_server(folder: Path, port: int) -> Generator[str]:
    command = Path(sysconfig.get_path("scripts")) / "chroma"
    process = subprocess.Popen(
        [command, "run", "--path", str(folder), "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=folder.parent,
    )  # fmt: skip
    with process:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                if "listening on address" in line:
                    break
            else:
                pytest.fail("The Chroma server did not start.")
            reader = Thread(target=process.stdout.read)
            reader.start()
            yield f"http://127.0.0.1:{port}"
            process.terminate()
            reader.join()
        finally:
            process.kill()


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


def test_a_server_is_used_done_without_and_filled_again(tmp_path: Path, port: int) -> None:
    pages = Pages(PAGES)
    with chroma_server(tmp_path / "chroma", port) as address:
        options = LibraryOptions(prebuilt=False, embedder="words.1", chroma=address)
        index, neighbour = (shelving(tmp_path / home, pages, options=options) for home in ("home", "neighbour"))
        for each in (index, neighbour):
            each.refresh()
            assert ranked(each, "subject7")[0] == "page-7"
            assert each.status().chroma == ""
        del pages.texts["page-7"]
        pages.texts["fresh"] = "A fresh page of subject7"
        index.refresh()
        assert ranked(index, "subject7")[0] == "fresh"
        assert ranked(neighbour, "subject7")[0] == "page-7"
        neighbour.close()
    assert ranked(index, "subject7")[0] == "fresh"
    assert address in index.status().chroma
    pages.texts["later"] = "A page of subject9 subject9 written while the server was away"
    index.refresh()
    assert ranked(index, "subject9 subject9")[0] == "later"
    shutil.rmtree(tmp_path / "chroma")
    with chroma_server(tmp_path / "chroma", port):
        index.refresh()
        assert index.status().chroma == ""
        assert ranked(index, "subject9 subject9")[0] == "later"
    index.close()
    assert not list(tmp_path.glob("home/volume-*/chroma*"))


def test_on_a_server_too_a_workspace_sees_its_own_shelf_alone(tmp_path: Path, port: int) -> None:
    ours = Pages({"plan": "The harbour plan."}, "ws-1", Scope.FILES)
    theirs = Pages({"plan": "The harbour plan."}, "ws-2", Scope.FILES)
    with chroma_server(tmp_path / "chroma", port) as address:
        index = shelving(
            tmp_path, ours, theirs, options=LibraryOptions(prebuilt=False, embedder="words.1", chroma=address)
        )
        index.refresh()
        with index.view() as store:
            for shelf in ("ws-1", "ws-2"):
                found = store.dense(Words().embed_query("harbour plan"), Within((shelf,)), 9)
                assert {each.shelf for each in store.chunks(key for key, _ in found).values()} == {shelf}
        index.close()


def test_a_rebuild_leaves_nothing_of_the_old_index_on_a_server(tmp_path: Path, port: int) -> None:
    with chroma_server(tmp_path / "chroma", port) as address:
        options = LibraryOptions(prebuilt=False, embedder="words.1", chroma=address)
        index = shelving(tmp_path / "home", Pages(PAGES), options=options)
        index.refresh()
        index.rebuild()
        assert ranked(index, "subject7")[0] == "page-7"
        assert index.status().chroma == ""
        server = on_server(address)
        (name,) = server.names()
        assert index.database.parent.name in name
        server.close()
        index.close()


def test_a_server_that_never_was_costs_no_answer(tmp_path: Path, port: int) -> None:
    options = LibraryOptions(prebuilt=False, embedder="words.1", chroma=f"http://127.0.0.1:{port}")
    index = shelving(tmp_path, Pages(PAGES), options=options)
    assert index.refresh().added == len(PAGES)
    assert ranked(index, "subject7")[0] == "page-7"
    assert "failed" in index.status().chroma
    index.close()
