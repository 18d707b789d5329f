"""Copies of large shelves in Chroma: only ever derived, never believed more than SQLite."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from rag.index.shelving import Shelving
from rag.model.document import Scope
from rag.model.options import LibraryOptions
from rag.model.query import Within
from tests.scenario.rag.shelf import Pages, Words, shelving

ALWAYS = LibraryOptions(prebuilt=False, embedder="words.1", exact_up_to=0)
ALL = Within()
PAGES = {f"page-{n}": f"Page {n} tells of subject{n} and of topic{n % 7}." for n in range(60)}


def ranked(index: Shelving, text: str, within: Within = ALL, count: int = 5) -> list[str]:
    with index.view() as store:
        found = store.dense(Words().embed_query(text), within, count)
        known = store.chunks(key for key, _ in found)
        return [known[key].document_id for key, _ in found]


def in_chroma(folder: Path) -> dict[str, set[int]]:
    """Keys by collection, as another process finds them."""
    (volume,) = [each.parent for each in folder.glob("volume-*/index.sqlite")]
    (copy,) = volume.glob("chroma-*")
    script = (
        "import sys, json, chromadb; from chromadb.config import Settings\n"
        "client = chromadb.PersistentClient(sys.argv[1], Settings(_env_file=None, anonymized_telemetry=False))\n"
        "every = {c.name: list(map(int, client.get_collection(c.name, embedding_function=None).get(include=[])['ids']))"
        " for c in client.list_collections()}\n"
        "print(json.dumps(every))"
    )
    done = subprocess.run([sys.executable, "-c", script, str(copy)], capture_output=True, text=True, check=True)
    return {name: set(keys) for name, keys in json.loads(done.stdout).items()}


def in_sqlite(folder: Path) -> set[int]:
    (database,) = folder.glob("volume-*/index.sqlite")
    connection = sqlite3.connect(database)
    try:
        return {row[0] for row in connection.execute("select chunk from vector")}
    finally:
        connection.close()


def test_a_large_shelf_is_searched_in_chroma_and_agrees_with_the_exact_search(tmp_path: Path) -> None:
    copied = shelving(tmp_path / "a", Pages(PAGES), options=ALWAYS)
    exact = shelving(tmp_path / "b", Pages(PAGES))
    for index in (copied, exact):
        index.refresh()
    for text in ("subject7", "topic3 subject3", "page 59"):
        assert ranked(copied, text) == ranked(exact, text)
    assert in_chroma(tmp_path / "a") == {next(iter(in_chroma(tmp_path / "a"))): in_sqlite(tmp_path / "a")}
    assert not list((tmp_path / "b").glob("volume-*/chroma*"))
    copied.close()
    exact.close()


@pytest.mark.parametrize("long_tail", [0, 16_000], ids=["opened anew", "searched beside it"])
def test_what_changed_since_chroma_was_opened_is_in_the_results(tmp_path: Path, long_tail: int) -> None:
    pages = Pages(PAGES)
    writer = shelving(tmp_path, pages, options=ALWAYS)
    writer.refresh()
    script = (
        "import sys, pathlib; from tests.unit.rag.index.test_chroma import *\n"
        "import rag.index.copies; rag.index.copies._LONG_TAIL = int(sys.argv[2])\n"
        "reader = shelving(pathlib.Path(sys.argv[1]), options=ALWAYS)\n"
        "for line in sys.stdin: print(*ranked(reader, line.strip(), count=3), flush=True)\n"
        "reader.close()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path), str(long_tail)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as reader:
        assert reader.stdin is not None
        assert reader.stdout is not None

        def ask(text: str) -> list[str]:
            assert reader.stdout is not None
            print(text, file=reader.stdin, flush=True)
            return reader.stdout.readline().split()

        assert ask("subject7")[0] == "page-7"
        pages.texts["fresh"] = "A fresh page of subject7 subject7 subject7"
        del pages.texts["page-7"]
        writer.refresh()
        answer = ask("subject7")
        assert answer[0] == "fresh"
        assert "page-7" not in answer
        assert len(answer) == 3
        reader.stdin.close()
    writer.close()


def test_filters_hold_on_a_copied_shelf(tmp_path: Path) -> None:
    pages = Pages(PAGES)
    pages.tags = {"page-3": ("rare",), "page-10": ("rare",)}
    other = Pages({"plan": "subject3 topic3"}, "ws-2", Scope.FILES)
    index = shelving(tmp_path, pages, other, options=ALWAYS)
    index.refresh()
    assert ranked(index, "subject3", Within(tags=("rare",))) == ["page-3", "page-10"]
    assert ranked(index, "subject3", Within(("ws-2",))) == ["plan"]
    index.close()


@pytest.mark.parametrize("harm", ["overwritten", "emptied", "removed"])
def test_a_damaged_chroma_is_done_without_and_derived_again(tmp_path: Path, harm: str) -> None:
    index = shelving(tmp_path, Pages(PAGES), options=ALWAYS)
    index.refresh()
    index.close()
    (copy,) = tmp_path.glob("volume-*/chroma-*")
    if harm == "overwritten":
        (copy / "chroma.sqlite3").write_bytes(b"\xff" * 4096)
    else:
        shutil.rmtree(copy)
        if harm == "emptied":
            copy.mkdir()
    again = shelving(tmp_path, Pages(PAGES), options=ALWAYS)
    assert ranked(again, "subject7")[0] == "page-7"
    assert again.status().chroma
    again.refresh()
    assert again.status().chroma == ""
    assert ranked(again, "subject7")[0] == "page-7"
    again.close()
    assert list(in_chroma(tmp_path).values()) == [in_sqlite(tmp_path)]


def test_a_shelf_that_shrank_needs_no_copy_any_more(tmp_path: Path) -> None:
    pages = Pages(PAGES)
    options = LibraryOptions(prebuilt=False, embedder="words.1", exact_up_to=40)
    index = shelving(tmp_path, pages, options=options)
    index.refresh()
    assert list(in_chroma(tmp_path).values()) == [in_sqlite(tmp_path)]
    pages.texts = {id_: pages.texts[id_] for id_ in list(PAGES)[:10]}
    index.refresh()
    assert in_chroma(tmp_path) == {}
    assert ranked(index, "subject7")[0] == "page-7"
    index.close()


def test_a_new_model_gets_a_collection_of_its_own(tmp_path: Path) -> None:
    first = shelving(tmp_path, Pages(PAGES), options=ALWAYS)
    first.refresh()
    first.close()
    second = shelving(
        tmp_path,
        Pages(PAGES),
        embedder=Words("other"),
        options=LibraryOptions(prebuilt=False, embedder="other.1", exact_up_to=0),
    )
    second.refresh()
    second.close()
    (name,) = in_chroma(tmp_path)
    assert name.endswith("-other.1")


def test_a_dotenv_in_the_working_folder_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("CHROMA_SERVER_AUTHN_PROVIDER=no.such.module\nCHROMA_API_IMPL=no.such.api\n")
    monkeypatch.chdir(tmp_path)
    index = shelving(tmp_path / "index", Pages(PAGES), options=ALWAYS)
    index.refresh()
    assert ranked(index, "subject7")[0] == "page-7"
    assert index.status().chroma == ""
    index.close()
