"""The audit log: lines of JSON, each sealed with a keyed hash over itself and the seal before it.

The length and the last seal are also kept with the state, so that cutting lines off the end shows too.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import os
import re
from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from engine.model.query import AuditVerdict
from engine.model.unknown import is_mapping
from engine.state.facts import AUDIT_HEAD, Facts

_TEXT_LIMIT = 4000
_TAIL_BYTES = 8_000_000


class AuditLog:
    """`key` is the home's; several processes append under a file lock."""

    def __init__(self, path: Path, key: bytes, facts: Facts) -> None:
        self._path, self._key, self._facts = path, key, facts
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)

    @property
    def path(self) -> Path:
        return self._path

    def append(self, *events: Mapping[str, Any]) -> None:
        """Add one line for each event, durably, in order."""
        with self.entry(events) as head:
            self._facts.set(AUDIT_HEAD, head)

    @contextmanager
    def entry(self, events: Sequence[Mapping[str, Any]]) -> Generator[dict[str, Any]]:
        """Add lines and yield the new head, for the transaction that they tell of; if that fails, they go again."""
        with self._locked():
            number, seal = self._tail()
            lines: list[str] = []
            for event in events:
                number += 1
                line = {"n": number, "at": datetime.now(UTC).isoformat(), **{k: _cut(v) for k, v in event.items()}}
                seal = self._seal(seal, line)
                lines.append(json.dumps({**line, "seal": seal}, ensure_ascii=True) + "\n")
            with self._path.open("ab") as file:
                length = file.tell()
                file.write("".join(lines).encode())
                file.flush()
                os.fsync(file.fileno())
                try:
                    yield {"length": number, "seal": seal}
                except BaseException:
                    file.truncate(length)
                    raise

    def verify(self) -> AuditVerdict:
        """Read the whole log. A changed, removed, reordered or cut-off line is named by its number."""
        with self._locked():
            head = self._facts.get(AUDIT_HEAD, {"length": 0, "seal": ""})
            seal, number = "", 0
            for number, text in enumerate(self._lines(), start=1):
                line = _parsed(text)
                claimed = line.pop("seal", "")
                seal = self._seal(seal, line)
                if line.get("n") != number or not hmac.compare_digest(seal, str(claimed)):
                    return AuditVerdict(False, number, "line was changed, removed, inserted or moved", number)
                if number == head["length"] and seal != head["seal"]:
                    return AuditVerdict(False, number, "line is not the one that the state remembers", number)
            if number < head["length"]:
                return AuditVerdict(False, number, f"{head['length'] - number} lines are cut off the end", number + 1)
        return AuditVerdict(True, number, "every line is in place")

    def last(self, count: int) -> list[dict[str, Any]]:
        return [_parsed(text) for text in list(self._lines())[-count:]]

    def about(self, name: str) -> Iterator[dict[str, Any]]:
        """The newest lines that hold this text, newest first, from the last few megabytes of the log."""
        if name:
            yield from self._newest([json.dumps(name, ensure_ascii=True)[1:-1]])

    def told_of(self, events: Collection[str], most: int) -> list[dict[str, Any]]:
        """The newest lines of these events, newest first, from the last few megabytes of the log."""
        lines = self._newest([f'"event": {json.dumps(each)}' for each in events])
        return list(islice((line for line in lines if line.get("event") in events), most))

    def _newest(self, sought: Sequence[str]) -> Iterator[dict[str, Any]]:
        if not self._path.exists():
            return
        wanted = re.compile("|".join(map(re.escape, sought)).encode())
        with self._path.open("rb") as file:
            file.seek(-min(file.seek(0, 2), _TAIL_BYTES), 2)
            found = [line for line in file.read().splitlines() if wanted.search(line)]
        yield from (_parsed(line.decode("utf-8", "replace")) for line in reversed(found))

    def _lines(self) -> Iterator[str]:
        if self._path.exists():
            with self._path.open(encoding="utf-8", errors="replace") as file:
                yield from file

    def _tail(self) -> tuple[int, str]:
        """Number and seal of the last whole line; what a killed process left of a line is dropped."""
        if not self._path.exists():
            self._path.touch(mode=0o600)
            return 0, ""
        with self._path.open("rb+") as file:
            end = file.seek(0, 2)
            block = min(end, 4 * _TEXT_LIMIT * 8)
            file.seek(end - block)
            content = file.read(block)
            whole = content.rfind(b"\n") + 1
            if whole < len(content):
                file.truncate(end - len(content) + whole)
        if not whole:
            return 0, ""
        line = _parsed(content[:whole].splitlines()[-1].decode("utf-8", "replace"))
        return int(line.get("n", 0)), str(line.get("seal", ""))

    def _seal(self, before: str, line: Mapping[str, Any]) -> str:
        text = json.dumps(line, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        return hmac.new(self._key, f"{before}\n{text}".encode(), hashlib.sha256).hexdigest()

    @contextmanager
    def _locked(self) -> Generator[None]:
        with self._path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _parsed(text: str) -> dict[str, Any]:
    try:
        line = json.loads(text)
    except ValueError:
        return {}
    return line if is_mapping(line) else {}


def _cut(value: Any) -> Any:
    return value[:_TEXT_LIMIT] if isinstance(value, str) else value
