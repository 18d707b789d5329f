"""Edits leave Nickel files alone, and where resources stand in them is found by reading them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.manifest import apply_edits, file_edits, parse, read_files
from engine.model.errors import Invalid
from engine.model.request import Edit
from engine.notation.nickel import Places
from engine.registry.providers import offers
from tests.unit.manifest.workspaces import workspace

NICKEL = """\
let base = import "../shared/base.yaml" in
{
  provider = "demo",
  resources = {
    network.private = { cidr = "10.20.0.0/16" },
    server.web = base & { count = 2 },
  },
}
"""
FILES = {
    "infra/a.ncl": NICKEL,
    "infra/b.yaml": "provider: demo\nresources:\n  ssh_key:\n    mine: {}\n",
    "shared/base.yaml": "image: debian-12\n",
}


@pytest.mark.parametrize(
    ("op", "address", "value", "line"),
    [
        ("set", "network.private", {"cidr": "10.30.0.0/16"}, 5),
        ("remove", "server.web", None, 6),
        ("remove", "server.web[1]", None, 6),
        ("forget", "server.web", None, 6),
        ("adopt", "network.private", {"id": "net-1", "region": "eu"}, 5),
    ],
)
def test_an_edit_of_what_nickel_declares_is_refused_with_its_place(
    op: str, address: str, value: dict[str, Any] | None, line: int, tmp_path: Path
) -> None:
    with pytest.raises(Invalid) as caught:
        apply_edits(read_files(workspace(tmp_path, FILES)), [_edit(op, address, value)])
    assert str(caught.value) == (
        f"{address.partition('[')[0]}: infra/a.ncl:{line} declares it in Nickel, which is a program; no edit is made to it. "
        "Change that file by hand, then plan the manifest as it stands. Other files can be edited."
    )


def test_other_files_are_edited_and_nickel_stays_what_it_is(tmp_path: Path) -> None:
    before = read_files(workspace(tmp_path, FILES))
    edits = [_edit("set", "ssh_key.mine", {"labels": {"of": "ada"}}), _edit("set", "server.db", {"image": "debian-12"})]
    after = apply_edits(before, edits)
    assert [edit.path for edit in file_edits(before, after)] == ["infra/b.yaml"]
    addresses = [str(each.address) for each in parse(after, offers())]
    assert addresses == ["network.private", "server.web", "ssh_key.mine", "server.db"]


def test_what_nickel_declares_is_adopted_without_an_edit(tmp_path: Path) -> None:
    before = read_files(workspace(tmp_path, FILES))
    assert apply_edits(before, [_edit("adopt", "network.private", {"id": "net-1"})]) == before


def test_a_new_resource_goes_into_a_file_of_its_own_where_all_others_are_nickel(tmp_path: Path) -> None:
    before = read_files(workspace(tmp_path, {"infra/main.ncl": '{ provider = "demo" }'}))
    after = apply_edits(before, [_edit("set", "ssh_key.mine", {"provider": "demo"})])
    assert [edit.path for edit in file_edits(before, after)] == ["infra/main.yaml"]


def test_a_file_that_nickel_imports_is_not_edited_either(tmp_path: Path) -> None:
    files = {
        "infra/main.ncl": '{ provider = (import "more.yaml").provider }',
        "infra/more.yaml": "provider: demo\nresources: {}\n",
    }
    before = read_files(
        workspace(tmp_path, {**files, "infra/keys.yaml": "resources: {ssh_key: {a: {provider: demo}}}"})
    )
    after = apply_edits(before, [_edit("set", "network.b", {"provider": "demo", "cidr": "10.0.0.0/16"})])
    assert [edit.path for edit in file_edits(before, after)] == ["infra/keys.yaml"]
    (tmp_path / "infra" / "more.yaml").write_text("provider: demo\nresources: {ssh_key: {b: {}}}")
    with pytest.raises(Invalid, match=r"infra/more.yaml is imported by infra/main.ncl; no edit is made to it\."):
        apply_edits(read_files(tmp_path), [_edit("set", "ssh_key.b", {"labels": {"a": "b"}})])


@pytest.mark.parametrize(
    ("text", "path", "place"),
    [
        ("{ a = { b = 1 } }", ("a", "b"), (1, 9)),
        ("{ a.b.c = 1 }", ("a", "b"), (1, 5)),
        ('{ "a" = { "b" | String = "x" } }', ("a", "b"), (1, 11)),
        ("{ a = 1, # { b = 2 }\n  b = 3 }", ("b",), (2, 3)),
        ('{ a = "%{ let c = { b = "}" } in c.b }", b = 2 }', ("b",), (1, 42)),
        ('{ a = m%"{ b = %{"x"} "}"%, b = 2 }', ("b",), (1, 29)),
        ("{ a | { b | Number } = { b = 2 } }", ("a", "b"), (1, 26)),
        ("let b = { c = 1 } in { a = b, c = 2 }", ("c",), (1, 31)),
        ("{ a = [{ b = 1 }, { b = 2 }] }", ("a", 1, "b"), (1, 21)),
        ("{ a = f { b = 1 } }", ("a", "b"), (1, 11)),
        ("{ a = 1 }", ("z",), (1, 1)),
        ("let s = { web = {} } in\n{ r.server = s }", ("r", "server", "web"), (1, 11)),
        ("{ r.server = make 3 }", ("r", "server", "web"), (1, 5)),
        ("", ("a",), (1, 1)),
        ('{ a = "', ("a",), (1, 3)),
    ],
)
def test_keys_are_found_in_the_source(text: str, path: tuple[str | int, ...], place: tuple[int, int]) -> None:
    assert Places(text).locate(path) == place


def _edit(op: str, address: str, value: dict[str, Any] | None) -> Edit:
    return Edit.model_validate({"op": op, "address": address, "value": value})
