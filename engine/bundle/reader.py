"""Reads a bundle as if a stranger had made it: everything is checked before anything of it is used."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import stat
import tarfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any, Protocol

from pydantic import ValidationError

from engine.bundle.contents import (
    CONTENTS,
    FILES,
    FORMAT,
    MOST_MEMBERS,
    MOST_PACKED,
    MOST_UNPACKED,
    STATE,
    Contents,
    is_carried,
)
from engine.bundle.rows import Rows
from engine.model.bundle import Bundle
from engine.model.errors import GroundplanError, Invalid

_ASK = "Get the file again, or export the workspace again."
_BLOCK = 512


class _Unfit(Exception):
    """Why the file is no bundle, as the end of a sentence."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A bundle that holds what it says: `files` by their path in the workspace, and the rows of its state by table."""

    bundle: Bundle
    files: Mapping[str, bytes]
    tables: Mapping[str, list[dict[str, Any]]]
    objects: tuple[str, ...]


def read_bundle(path: Path) -> Opened:
    """Raises `Invalid` for anything that is not exactly a bundle, and has written nothing then."""
    try:
        data = _bytes(path)
        members = _members(data)
        contents = _contents(members)
        rows = Rows.model_validate_json(members[STATE])
        tables = rows.tables()
    except _Unfit as unfit:
        raise Invalid(f"{path} is no bundle that can be taken: {unfit}.", hint=_ASK) from None
    except OSError as failure:
        raise Invalid(f"{path} can't be read: {failure.strerror or 'it is damaged'}.", hint=_ASK) from None
    except (GroundplanError, ValueError, RecursionError) as wrong:
        said = _first(wrong)
        raise Invalid(f"{path} is no bundle that can be taken: {STATE} is not as it has to be ({said}).") from None
    files = {name.removeprefix(FILES): text for name, text in members.items() if name.startswith(FILES)}
    bundle = Bundle(
        path=str(path), sha256=hashlib.sha256(data).hexdigest(), name=contents.name, uid=contents.uid,
        serial=contents.serial, created_at=datetime.fromtimestamp(contents.created_at, UTC), files=len(files),
        resources=len(rows.node),
    )  # fmt: skip
    objects = tuple(f"{each.address} ({each.provider} {each.object_id})" for each in rows.node)
    return Opened(bundle, files, tables, objects)


def _bytes(path: Path) -> bytes:
    if not stat.S_ISREG(path.stat().st_mode):
        raise _Unfit("it is no regular file")
    with path.open("rb") as file:
        data = file.read(MOST_PACKED + 1)
    if len(data) > MOST_PACKED:
        raise _Unfit(f"it is larger than {MOST_PACKED >> 20} MiB")
    return data


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class _Bounded:
    """A stream that ends in refusal where a small file would become a very large one."""

    def __init__(self, inner: _Readable) -> None:
        self._inner, self._left = inner, MOST_UNPACKED + MOST_MEMBERS * 4 * _BLOCK

    def read(self, size: int) -> bytes:
        data = self._inner.read(max(0, min(size, self._left + 1)))
        self._left -= len(data)
        if self._left < 0:
            raise _Unfit(f"it unpacks to more than {MOST_UNPACKED >> 20} MiB")
        return data


def _members(data: bytes) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data), mode="rb") as plain:
            # Typed as any stream, of which nothing is used but read.
            bounded: Any = _Bounded(plain)
            archive = tarfile.open(fileobj=bounded, mode="r|")  # noqa: SIM115 - it holds nothing open
            for entry in archive:
                _check_entry(entry, found)
                found[entry.name] = _text(archive, entry)
    except (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError, ValueError, OverflowError, RecursionError):
        raise _Unfit("it is no gzipped tar archive, or a damaged one") from None
    return found


def _text(archive: tarfile.TarFile, entry: tarfile.TarInfo) -> bytes:
    file = archive.extractfile(entry)
    return file.read() if file else b""


def _check_entry(entry: tarfile.TarInfo, found: Mapping[str, bytes]) -> None:
    shown = repr(entry.name[:80])
    if entry.type not in (tarfile.REGTYPE, tarfile.AREGTYPE) or entry.issparse():
        raise _Unfit(f"{shown} is no plain file")
    path = entry.name.removeprefix(FILES)
    if entry.name not in (CONTENTS, STATE) and not (entry.name.startswith(FILES) and is_carried(path)):
        raise _Unfit(f"{shown} is no name that a workspace's file may have")
    if entry.name.lower() in {name.lower() for name in found} and len(found) < MOST_MEMBERS:
        raise _Unfit(f"{shown} is there twice")
    if len(found) >= MOST_MEMBERS:
        raise _Unfit(f"it has more than {MOST_MEMBERS:,} members")
    if not found and entry.name != CONTENTS:
        raise _Unfit(f"it does not begin with {CONTENTS}")


def _contents(members: Mapping[str, bytes]) -> Contents:
    try:
        told = json.loads(members.get(CONTENTS, b""))
        stated = told["format"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise _Unfit(f"{CONTENTS} says no format") from None
    if stated != FORMAT:
        raise _Unfit(f"it is of format {str(stated)[:20]!r}, and this Groundplan reads {FORMAT}")
    try:
        contents = Contents.model_validate_json(members[CONTENTS])
    except ValidationError as wrong:
        raise _Unfit(f"{CONTENTS} is not as it has to be ({_first(wrong)})") from None
    _check_sums(contents, members)
    return contents


def _check_sums(contents: Contents, members: Mapping[str, bytes]) -> None:
    held = {name: hashlib.sha256(text).hexdigest() for name, text in members.items() if name != CONTENTS}
    if STATE not in held:
        raise _Unfit(f"{STATE} is missing")
    for name in sorted({*held, *contents.members}):
        if held.get(name) != contents.members.get(name):
            raise _Unfit(f"{name[:80]!r} is not what {CONTENTS} says it is")
    folders = {str(parent).lower() for name in held for parent in PurePosixPath(name).parents}
    if both := sorted(name for name in held if name.lower() in folders):
        raise _Unfit(f"{both[0][:80]!r} is a file and a folder")


def _first(wrong: Exception) -> str:
    if not isinstance(wrong, ValidationError):
        return str(wrong)[:200]
    error = wrong.errors(include_input=False, include_url=False)[0]
    return f"{'.'.join(map(str, error['loc']))[:80]}: {error['msg'][:120]}".lstrip(": ")
