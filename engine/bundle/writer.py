"""Writes a bundle: the same workspace in the same state is the same bytes."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import secrets
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

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
from engine.bundle.reader import read_bundle
from engine.bundle.rows import Offers, without_secrets
from engine.model.bundle import Bundle
from engine.model.errors import Invalid, Refused
from engine.model.workspace import Workspace

Tables = Mapping[str, list[dict[str, Any]]]


def export_bundle(place: Workspace, tables: Tables, offers: Offers, target: Path) -> Bundle:
    """A new file that its owner alone can read, whole or not at all, without the value of any secret.

    Raises `Refused` where there is a file already or the folder is gone, `Invalid` for what is too large.
    """
    folder = Path(place.path)
    if not folder.is_dir():
        raise Refused(f"the folder of {place.name}, {folder}, is not there.", hint="Bring it back first.")
    members = {STATE: _json(without_secrets(tables, offers))}
    members |= {f"{FILES}{path}": (folder / path).read_bytes() for path in sorted(_files(folder))}
    contents = Contents(
        format=FORMAT, name=place.name, uid=place.uid, serial=place.serial, created_at=place.created_at.timestamp(),
        members={name: hashlib.sha256(data).hexdigest() for name, data in members.items()},
    )  # fmt: skip
    _write_new(target, _packed({CONTENTS: _json(contents.model_dump()), **members}))
    return read_bundle(target).bundle


def _files(folder: Path) -> Iterator[str]:
    """What a bundle carries of the folder, links aside: they may lead anywhere."""
    size, count = 0, 0
    for root, folders, names in os.walk(folder):
        inside = Path(root).relative_to(folder).as_posix().removeprefix(".")
        below = f"{inside}/" if inside else ""
        folders[:] = sorted(each for each in folders if is_carried(f"{below}{each}"))
        for name in names:
            path = folder / below / name
            if not is_carried(f"{below}{name}") or path.is_symlink() or not path.is_file():
                continue
            size, count = size + path.stat().st_size, count + 1
            if size > MOST_UNPACKED or count >= MOST_MEMBERS:
                limit = f"{MOST_MEMBERS:,} files or {MOST_UNPACKED >> 20} MiB"
                raise Invalid(f"{folder} holds more than {limit}.", hint="Move what is not the workspace's elsewhere.")
            yield f"{below}{name}"


def _packed(members: Mapping[str, bytes]) -> bytes:
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, data in members.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(data), 0o644
            archive.addfile(entry, io.BytesIO(data))
    packed = gzip.compress(plain.getvalue(), mtime=0)
    if len(plain.getvalue()) > MOST_UNPACKED or len(packed) > MOST_PACKED:
        raise Invalid(f"the bundle would be larger than {MOST_PACKED >> 20} MiB.", hint="Move large files elsewhere.")
    return packed


def _json(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def _write_new(target: Path, data: bytes) -> None:
    draft = target.with_name(f".{target.name}.{secrets.token_hex(6)}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.link(draft, target)
        finally:
            draft.unlink()
    except FileExistsError:
        raise Refused(f"{target} is there already.", hint="Name another file.") from None
    except OSError as failure:
        raise Refused(f"{target} can't be written: {failure.strerror}.", hint="Name another place.") from None
