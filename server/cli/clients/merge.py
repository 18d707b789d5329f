"""Put our entry into a client's settings file and leave everything else in it as it is."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from engine.model.errors import Invalid
from server.cli.clients.entry import NAME


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of the file; `backup` is missing where there was nothing to keep."""

    file: Path
    changed: bool
    backup: Path | None = None


def merge_entry(file: Path, table: str, entry: dict[str, Any], now: datetime) -> Merged:
    """Set `table.groundplan` in the file to the entry, in one atomic write, after a copy of what was there.

    Raises `Invalid` for a file that is not plain JSON: comments would be lost, so it is not touched.
    """
    file = file.resolve()
    text = file.read_text(encoding="utf-8-sig") if file.exists() else ""
    document = _parse(file, text)
    servers = _table(file, document, table)
    if servers.get(NAME) == entry:
        return Merged(file, changed=False)
    document[table] = {**servers, NAME: entry}
    backup = _keep_copy(file, now) if file.exists() else None
    _write(file, json.dumps(document, indent=_indent(text), ensure_ascii=False) + "\n")
    return Merged(file, changed=True, backup=backup)


def _parse(file: Path, text: str) -> dict[str, Any]:
    if not text.strip():
        return {}
    try:
        document = json.loads(text)
    except ValueError as error:
        raise Invalid(
            f"{file} is not plain JSON ({error}); with comments or trailing commas in it, writing would lose them.",
            hint="It was left alone. Paste the entry that this command prints without --write.",
        ) from None
    if not isinstance(document, dict):
        raise Invalid(f"{file} does not hold a JSON object.", hint="It was left alone. Mend it, then try again.")
    return cast("dict[str, Any]", document)


def _table(file: Path, document: dict[str, Any], table: str) -> dict[str, Any]:
    servers = document.get(table, {})
    if not isinstance(servers, dict):
        raise Invalid(f"{table} in {file} is not an object.", hint="It was left alone. Mend it, then try again.")
    return cast("dict[str, Any]", servers)


def _indent(text: str) -> int | str:
    found = re.search(r"\n([ \t]+)\"", text)
    return found[1] if found else 2


def _keep_copy(file: Path, now: datetime) -> Path:
    stem = f"{file.name}.backup-{now:%Y%m%d-%H%M%S}"
    names = [stem, *(f"{stem}-{count}" for count in range(2, 100))]
    backup = next(file.with_name(name) for name in names if not file.with_name(name).exists())
    shutil.copy2(file, backup)
    return backup


def _write(file: Path, text: str) -> None:
    """Replace the file whole: a reader sees the old text or the new one. New files are their owner's alone."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        if file.exists():
            shutil.copymode(file, name)
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
