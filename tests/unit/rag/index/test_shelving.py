"""The index keeps up with its sources."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from rag.index.shelving import Shelving
from rag.model.document import Scope
from rag.model.errors import IndexBusy
from rag.model.query import Within
from tests.scenario.rag.shelf import Pages, Words, shelving

PAGES = {
    "ssh": "Keys open the door of a server.\n\n## Ports\n\nPort 22 listens.",
    "disk": "A full disk stops every write.",
}
ALL = Within()


def found(index: Shelving, word: str, within: Within = ALL) -> set[str]:
    with index.view() as store:
        keys = [key for key, _ in store.lexical(f'"{word}"', within, 50)]
        return {each.document_id for each in store.chunks(keys).values()}


def nearest(index: Shelving, text: str, within: Within = ALL, embedder: Words | None = None) -> list[str]:
    with index.view() as store:
        keys = [key for key, _ in store.dense((embedder or Words()).embed_query(text), within, 50)]
        known = store.chunks(keys)
        return [known[key].document_id for key in keys]


def test_what_is_in_a_source_is_found_by_word_and_by_vector(tmp_path: Path) -> None:
    index = shelving(tmp_path, Pages(PAGES))
    report = index.refresh()
    assert (report.added, report.changed, report.removed, report.complete) == (2, 0, 0, True)
    assert found(index, "disk") == {"disk"}
    assert nearest(index, "a full disk stops")[0] == "disk"
    index.close()


def test_only_what_moved_is_read_and_only_new_text_is_embedded(tmp_path: Path) -> None:
    pages, embedder = Pages(PAGES), Words()
    index = shelving(tmp_path, pages, embedder=embedder)
    index.refresh()
    pages.read_ids.clear()
    embedder.embedded.clear()
    pages.texts["disk"] = "A full disk stops every write and every read."
    report = index.refresh()
    assert pages.read_ids == ["disk"]
    assert len(embedder.embedded) == 1
    assert (report.changed, report.unchanged) == (1, 1)
    assert found(index, "read") == {"disk"}
    index.close()


def test_a_moved_document_keeps_its_vectors(tmp_path: Path) -> None:
    pages, embedder = Pages({"a/long": "One sentence about quotas."}), Words()
    pages.kinds = {}
    index = shelving(tmp_path, pages, embedder=embedder)
    index.refresh()
    embedder.embedded.clear()
    other = Pages({"a/long": pages.texts.pop("a/long")}, scope=Scope.FILES)
    index = shelving(tmp_path, pages, other, embedder=embedder)
    report = index.refresh()
    assert (report.added, report.removed, embedder.embedded) == (1, 1, [])
    assert len(nearest(index, "quotas")) == 1
    index.close()


def test_what_left_its_source_is_found_no_more(tmp_path: Path) -> None:
    pages = Pages(PAGES)
    index = shelving(tmp_path, pages)
    index.refresh()
    del pages.texts["ssh"]
    assert index.refresh().removed == 1
    assert found(index, "keys") == set()
    assert set(nearest(index, "keys open")) == {"disk"}
    index.close()


def test_a_shelf_without_sources_is_emptied(tmp_path: Path) -> None:
    shelving(tmp_path, Pages(PAGES), Pages({"plan": "Web servers."}, "ws-1", Scope.FILES)).refresh()
    index = shelving(tmp_path, Pages(PAGES))
    index.refresh()
    assert [each.shelf for each in index.status().shelves] == [""]
    index.close()


def test_a_source_that_cannot_be_looked_at_loses_nothing(tmp_path: Path) -> None:
    class Unplugged(Pages):
        def marks(self) -> dict[str, str]:
            raise OSError("The disk is not there.")

    shelving(tmp_path, Pages(PAGES)).refresh()
    index = shelving(tmp_path, Unplugged({}))
    report = index.refresh()
    assert [each.reason for each in report.unreadable] == ["The disk is not there."]
    assert found(index, "disk") == {"disk"}
    index.close()


def test_an_unreadable_document_is_told_once_read_and_not_read_again(tmp_path: Path) -> None:
    pages = Pages(PAGES)
    pages.unreadable = {"ssh"}
    index = shelving(tmp_path, pages)
    index.refresh()
    pages.read_ids.clear()
    report = index.refresh()
    assert pages.read_ids == []
    assert [(each.id, each.reason) for each in report.unreadable] == [("ssh", "ssh is no text.")]
    assert index.status().unreadable == report.unreadable
    pages.unreadable = set()
    assert index.refresh().added == 1
    index.close()


@pytest.mark.promise("INDEX-3")
def test_one_workspace_is_never_in_anothers_results(tmp_path: Path) -> None:
    ours = Pages({"plan": "The secret harbour plan."}, "ws-1", Scope.FILES)
    theirs = Pages({"plan": "The secret harbour plan.", "more": "harbour"}, "ws-2", Scope.FILES)
    index = shelving(tmp_path, Pages(PAGES), ours, theirs)
    index.refresh()
    for within, shelves in ((Within(("ws-1",)), {"ws-1"}), (Within(("", "ws-2")), {"", "ws-2"}), (Within(()), set())):
        with index.view() as store:
            keys = {key for key, _ in store.lexical('"harbour" OR "disk"', within, 50)}
            keys |= {key for key, _ in store.dense(Words().embed_query("secret harbour plan"), within, 50)}
            assert {each.shelf for each in store.chunks(keys).values()} == shelves
            assert store.frequency('"harbour"', within, 9) == {0: 0, 1: 1, 2: 2}[len(shelves)]
    index.close()


def test_scopes_kinds_and_tags_narrow_a_search(tmp_path: Path) -> None:
    pages = Pages({name: f"All about storage, page {name}." for name in ("one", "two", "three")})
    pages.kinds = {"one": "runbook"}
    pages.tags = {"two": ("disk", "quota"), "three": ("network",)}
    index = shelving(tmp_path, pages)
    index.refresh()
    for within, expected in (
        (Within(kinds=("runbook",)), {"one"}),
        (Within(tags=("quota", "network")), {"two", "three"}),
        (Within(scopes=(Scope.FILES,)), set()),
        (Within(scopes=(Scope.KNOWLEDGE,), kinds=("guide",), tags=("disk",)), {"two"}),
    ):
        assert found(index, "storage", within) == expected
        assert set(nearest(index, "storage", within)) == expected
    index.close()


def test_a_changed_tag_alone_needs_no_new_vector(tmp_path: Path) -> None:
    pages, embedder = Pages(PAGES), Words()
    index = shelving(tmp_path, pages, embedder=embedder)
    index.refresh()
    embedder.embedded.clear()
    pages.tags = {"ssh": ("login",)}
    index.refresh()
    assert embedder.embedded == []
    assert found(index, "port", Within(tags=("login",))) == {"ssh"}
    index.close()


def test_text_that_is_no_text_is_taken_as_it_can_be(tmp_path: Path) -> None:
    pages = Pages({"odd": "before\0after \ud800 lone", "bad\udcff": "x", "empty": ""})
    index = shelving(tmp_path, pages)
    report = index.refresh()
    assert found(index, "lone") == {"odd"}
    assert [each.reason for each in report.unreadable] == ["Its name is no Unicode text."]
    index.close()


def test_while_one_writes_another_is_told_who(tmp_path: Path) -> None:
    index, other = shelving(tmp_path, Pages(PAGES)), shelving(tmp_path, Pages(PAGES))
    seen: list[int | None] = []

    def meanwhile(_: object) -> None:
        if not seen:
            seen.append(other.status().writer)
            with pytest.raises(IndexBusy, match=str(os.getpid())):
                other.refresh()

    index.refresh(meanwhile)
    assert seen == [os.getpid()]
    assert other.status().writer is None
    index.close()
    other.close()


def test_while_the_model_changes_the_old_vectors_answer(tmp_path: Path) -> None:
    old, new = Words("old"), Words("new")
    first = shelving(tmp_path, Pages(PAGES), embedder=old)
    first.refresh()
    index = shelving(tmp_path, Pages(PAGES), embedder=new)
    fingerprints: set[str] = set()

    def meanwhile(_: object) -> None:
        with index.view() as store:
            fingerprints.add(store.fingerprint)

    index.refresh(meanwhile)
    assert fingerprints == {"old.1"}
    assert index.status().fingerprint == "new.1"
    assert nearest(index, "a full disk stops", embedder=new)[0] == "disk"
    for each in (first, index):
        each.close()


def test_a_rebuild_serves_the_old_index_until_it_is_done(tmp_path: Path) -> None:
    pages, embedder = Pages(PAGES), Words()
    index = shelving(tmp_path, pages, embedder=embedder)
    index.refresh()
    embedder.embedded.clear()
    pages.texts["new"] = "A new page about firewalls."
    seen: set[frozenset[str]] = set()
    index.rebuild(lambda _: seen.add(frozenset(found(index, "disk") | found(index, "firewalls"))))
    assert seen == {frozenset({"disk"})}
    assert len(embedder.embedded) == sum(each.chunks for each in index.status().shelves)
    assert found(index, "firewalls") == {"new"}
    index.close()


@pytest.mark.parametrize("harm", ["cut", "overwritten", "removed"])
def test_a_damaged_index_is_derived_again(tmp_path: Path, harm: str) -> None:
    index = shelving(tmp_path, Pages(PAGES))
    index.refresh()
    index.close()
    (database,) = tmp_path.glob("volume-*/index.sqlite")
    for log in database.parent.glob("index.sqlite-*"):
        log.unlink()
    if harm == "removed":
        database.unlink()
    else:
        data = database.read_bytes()
        database.write_bytes(data[: len(data) // 3] if harm == "cut" else b"\xff" * len(data))
    again = shelving(tmp_path, Pages(PAGES))
    assert again.refresh().added == 2
    assert found(again, "disk") == {"disk"}
    assert len(list(tmp_path.glob("volume-*"))) <= 2
    again.close()
