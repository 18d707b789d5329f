"""Bundles that a stranger, or a bad disk, has made: each is refused whole, in words, and nothing of it is written."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import tarfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.bundle import check_folder, named, read_bundle, unpack
from engine.bundle.contents import MOST_MEMBERS, MOST_UNPACKED
from engine.model.errors import Invalid, Refused

Members = list[tuple[str, bytes]]
NODE: dict[str, Any] = {
    "address": "network.a", "type": "network", "provider": "demo", "object_id": "net-1", "inputs": {}, "properties": {},
    "labels": {}, "lineage": "created", "prevent_destroy": False, "serial": 1, "updated_at": 1.5,
}  # fmt: skip
EMPTY: dict[str, Any] = {"node": [], "edge": [], "history": [], "serial": [], "loose_end": []}
FILES: dict[str, bytes] = {"workspace.toml": b'name = "shop"\n', "infra/main.yaml": b"provider: demo\n"}


def state(**tables: Any) -> bytes:
    return json.dumps({**EMPTY, **tables}).encode()


def members(state_: bytes = state(), files: dict[str, bytes] = FILES, **contents: Any) -> Members:
    """As a bundle has them, with a table of contents that fits."""
    held = [("state.json", state_), *((f"files/{path}", data) for path, data in files.items())]
    told = {
        "format": 1, "name": "shop", "uid": "a" * 32, "serial": 1, "created_at": 1.5,
        "members": {name: hashlib.sha256(data).hexdigest() for name, data in held}, **contents,
    }  # fmt: skip
    return [("contents.json", json.dumps(told).encode()), *held]


def packed(held: Members, change: Callable[[tarfile.TarInfo], None] | None = None) -> bytes:
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w") as archive:
        for name, data in held:
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            if change:
                change(entry)
            archive.addfile(entry, io.BytesIO(data) if entry.isreg() else None)
    return gzip.compress(plain.getvalue())


def turned(kind: bytes, link: str = "") -> bytes:
    """The last file as something else than a file."""

    def change(entry: tarfile.TarInfo) -> None:
        if entry.name == "files/infra/main.yaml":
            entry.type, entry.linkname = kind, link
            entry.size = 0

    return packed(members(), change)


def named_so(path: str) -> bytes:
    return packed(members(files={**FILES, path: b"x"}))


def without(name: str) -> bytes:
    return packed([each for each in members() if each[0] != name])


def rows(**tables: Any) -> bytes:
    return packed(members(state(**tables)))


def told(**contents: Any) -> bytes:
    return packed(members(**contents))


NO_NAME = "no name that a workspace's file may have"
NO_FILE = "no plain file"
BAD_STATE = "state.json is not as it has to be"
BAD_CONTENTS = "contents.json is not as it has to be"
DAMAGED = "no gzipped tar archive, or a damaged one"
HOSTILE: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", DAMAGED),
    "no gzip": (b"PK\x03\x04" + b"x" * 200, DAMAGED),
    "gzip of no tar": (gzip.compress(b"hello" * 500), DAMAGED),
    "gzip cut off": (packed(members())[:-20], "contents.json|damaged"),
    "gzip with a wrong byte": (packed(members())[:60] + b"\xff\xff" + packed(members())[62:], "damaged|contents.json"),
    "an empty archive": (packed([]), "says no format"),
    "a path that climbs": (named_so("../../etc/cron.d/x"), NO_NAME),
    "a path that climbs inside": (named_so("infra/../../x"), NO_NAME),
    "an absolute path": (packed([*members(), ("/etc/passwd", b"x")]), NO_NAME),
    "an absolute path below files": (named_so("/etc/passwd"), NO_NAME),
    "a Windows path": (named_so("c:\\windows\\x"), NO_NAME),
    "backslashes that climb": (named_so("..\\x"), NO_NAME),
    "a path with a line break": (named_so("infra/a\nb"), NO_NAME),
    "a path with an escape sequence": (named_so("infra/\x1b[2J"), NO_NAME),
    "an empty part": (named_so("infra//x"), NO_NAME),
    "a dot": (named_so("infra/./x"), NO_NAME),
    "a very long path": (named_so("a/" * 300 + "x"), NO_NAME),
    "a hidden file": (named_so(".env"), NO_NAME),
    "a git hook": (named_so(".git/hooks/pre-commit"), NO_NAME),
    "a secret": (named_so("secrets/a.sops.yaml"), NO_NAME),
    "a secret in capitals": (named_so("SECRETS/a"), NO_NAME),
    "a member beside files": (packed([*members(), ("run.sh", b"x")]), NO_NAME),
    "a symbolic link": (turned(tarfile.SYMTYPE, "/etc/passwd"), NO_FILE),
    "a hard link": (turned(tarfile.LNKTYPE, "files/workspace.toml"), NO_FILE),
    "a device": (turned(tarfile.CHRTYPE), NO_FILE),
    "a block device": (turned(tarfile.BLKTYPE), NO_FILE),
    "a pipe": (turned(tarfile.FIFOTYPE), NO_FILE),
    "a folder": (turned(tarfile.DIRTYPE), NO_FILE),
    "an unknown kind": (turned(b"Z"), NO_FILE),
    "a sparse file": (turned(tarfile.GNUTYPE_SPARSE), "no plain file|damaged"),
    "the same name twice": (packed([*members(), members()[-1]]), "is there twice"),
    "the same name in capitals": (named_so("INFRA/main.yaml"), "is there twice"),
    "a file that is a folder too": (named_so("infra/main.yaml/x"), "is a file and a folder"),
    "a file that is a folder in capitals": (named_so("INFRA/MAIN.yaml/x"), "is a file and a folder"),
    "two tables of contents": (packed([members()[0], *members()]), "is there twice"),
    "contents that are not first": (packed([*members()[1:], members()[0]]), "does not begin with"),
    "no contents": (without("contents.json"), "does not begin with"),
    "no state": (without("state.json"), "state.json is missing"),
    "a file that is missing": (without("files/workspace.toml"), "is not what contents.json says"),
    "a file that was changed": (
        packed([*members()[:-1], ("files/infra/main.yaml", b"changed")]), "is not what contents.json says",
    ),
    "a file that nobody told of": (packed([*members(), ("files/more", b"x")]), "is not what contents.json says"),
    "a newer format": (told(format=2), "of format '2', and this Groundplan reads 1"),
    "a format of text": (told(format="1"), "of format '1'|as it has to be"),
    "contents that are no JSON": (packed([("contents.json", b"{")]), "says no format"),
    "contents that are a list": (packed([("contents.json", b"[1]")]), "says no format"),
    "contents nested deep": (packed([("contents.json", b"[" * 200_000)]), "says no format"),
    "an unknown key": (told(more=1), BAD_CONTENTS),
    "a name that is none": (told(name="../x"), BAD_CONTENTS),
    "a uid that is none": (told(uid="x"), BAD_CONTENTS),
    "a serial below zero": (told(serial=-1), BAD_CONTENTS),
    "a serial of text": (told(serial="1"), BAD_CONTENTS),
    "a time that is none": (told(created_at=1e300), BAD_CONTENTS),
    "state that is no JSON": (packed(members(b"{")), BAD_STATE),
    "state nested deep": (packed(members(b'{"node":' + b"[" * 100_000)), BAD_STATE),
    "a table that is missing": (packed(members(b'{"node": []}')), BAD_STATE),
    "a table that there is not": (rows(plan=[]), BAD_STATE),
    "a resource with more keys": (rows(node=[{**NODE, "workspace": "other"}]), BAD_STATE),
    "a resource with fewer keys": (rows(node=[{"address": "network.a"}]), BAD_STATE),
    "an address that is none": (rows(node=[{**NODE, "address": "network.a; DROP TABLE"}]), BAD_STATE),
    "an address of another type": (rows(node=[{**NODE, "type": "server"}]), BAD_STATE),
    "a lineage that is none": (rows(node=[{**NODE, "lineage": "mine"}]), BAD_STATE),
    "an id with control characters": (rows(node=[{**NODE, "object_id": "a\x1b[2Jb"}]), BAD_STATE),
    "a resource that is there twice": (rows(node=[NODE, NODE]), BAD_STATE),
    "a number that no database keeps": (packed(members(state(node=[NODE]).replace(b"1.5", b"NaN"))), BAD_STATE),
    "an endless number in a property": (
        packed(members(state(node=[{**NODE, "properties": {"a": 7}}]).replace(b'"a": 7', b'"a": 1e999'))), BAD_STATE,
    ),
    "a relation to nothing": (rows(node=[NODE], edge=[{"source": "network.a", "target": "network.b"}]), BAD_STATE),
    "a serial that is there twice": (rows(serial=[{"number": 1, "run_id": "run-1", "at": 1.0}] * 2), BAD_STATE),
}  # fmt: skip


@pytest.mark.promise("WORKSPACE-2")
@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_bundle_is_refused_whole_and_in_words(tmp_path: Path, case: str) -> None:
    data, said = HOSTILE[case]
    file = tmp_path / "bundle.tar.gz"
    file.write_bytes(data)
    with pytest.raises(Invalid, match=said) as refused:
        read_bundle(file)
    assert str(refused.value).startswith(f"{file} is no bundle that can be taken: ")
    assert "\x1b" not in str(refused.value)
    assert len(str(refused.value)) < 600
    assert [each.name for each in tmp_path.iterdir()] == ["bundle.tar.gz"]


def test_what_the_hostile_ones_were_made_of_is_a_bundle(tmp_path: Path) -> None:
    file = tmp_path / "bundle.tar.gz"
    file.write_bytes(packed(members(state(node=[NODE]))))
    opened = read_bundle(file)
    assert (opened.bundle.name, opened.bundle.files, opened.bundle.resources) == ("shop", 2, 1)
    assert opened.files == FILES


@pytest.mark.parametrize("size", [MOST_UNPACKED + (32 << 20), 4 << 30], ids=["just too large", "four gigabytes"])
def test_a_small_file_that_unpacks_to_a_very_large_one_ends_soon(tmp_path: Path, size: int) -> None:
    file = tmp_path / "bundle.tar.gz"
    entry = tarfile.TarInfo("files/zeros")
    entry.size = size
    with gzip.open(file, "wb", compresslevel=1) as out:
        first = members()[0]
        head = tarfile.TarInfo(first[0])
        head.size = len(first[1])
        out.write(head.tobuf() + first[1].ljust((len(first[1]) + 511) // 512 * 512, b"\0") + entry.tobuf())
        for _ in range(min(size, MOST_UNPACKED + (32 << 20)) >> 20):
            out.write(bytes(1 << 20))
    begun = time.monotonic()
    with pytest.raises(Invalid, match=r"unpacks to more than 128 MiB|damaged"):
        read_bundle(file)
    assert time.monotonic() - begun < 20


def test_a_bundle_of_very_many_files_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "bundle.tar.gz"
    file.write_bytes(packed([members()[0], *((f"files/a{number}", b"") for number in range(MOST_MEMBERS))]))
    with pytest.raises(Invalid, match="more than 5,000 members"):
        read_bundle(file)


def test_headers_of_headers_without_end_are_refused(tmp_path: Path) -> None:
    extended = tarfile.TarInfo("x")
    extended.type, extended.size = tarfile.XHDTYPE, 0
    file = tmp_path / "bundle.tar.gz"
    file.write_bytes(gzip.compress(extended.tobuf() * 20_000))
    with pytest.raises(Invalid, match="no bundle that can be taken"):
        read_bundle(file)


def test_a_folder_a_pipe_and_nothing_at_all_are_no_bundle(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name, said in (("", "no regular file"), ("pipe", "no regular file"), ("none", "No such file")):
        with pytest.raises(Invalid, match=said):
            read_bundle(tmp_path / name)


def test_unpacking_twice_is_once_and_what_is_there_is_never_overwritten(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    unpack(FILES, folder)
    unpack(FILES, folder)
    assert (folder / "infra" / "main.yaml").read_bytes() == FILES["infra/main.yaml"]
    (folder / "infra" / "main.yaml").write_text("mine")
    with pytest.raises(Refused, match="not empty"):
        unpack(FILES, folder)
    assert [each.name for each in tmp_path.iterdir()] == ["shop"]


def test_a_half_written_folder_of_an_earlier_attempt_is_made_anew(tmp_path: Path) -> None:
    draft = tmp_path / ".shop.groundplan-import"
    draft.mkdir()
    (draft / "left").write_text("over")
    unpack(FILES, tmp_path / "shop")
    assert [each.name for each in tmp_path.iterdir()] == ["shop"]
    assert not (tmp_path / "shop" / "left").exists()


def test_a_place_that_can_not_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(Refused, match=r"no folder|can't be looked at|can't be written"):
        unpack(FILES, tmp_path / "file" / "shop")
    with pytest.raises(Refused, match=r"can't be looked at|can't be written"):
        unpack(FILES, tmp_path / ("x" * 300))


def test_a_link_is_no_place_to_unpack_into(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(Refused, match="not empty"):
        check_folder(tmp_path / "link")


def test_a_file_that_can_not_be_edited_takes_no_other_name() -> None:
    with pytest.raises(Invalid, match="can't be given another name"):
        named({"workspace.toml": b"name = "}, "store")
    assert named({}, "store") == {}
    assert named({"workspace.toml": b'# a\nname = "shop"\n'}, "store") == {"workspace.toml": b'# a\nname = "store"\n'}
