"""Reading what is asked and what answers it: JSON lines, packed with xz or not."""

from __future__ import annotations

import hashlib
import json
import lzma
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.model.document import KNOWLEDGE_SHELF, Document, Format, Scope

_FORMATS = {".rst": Format.RST, ".txt": Format.TEXT}


@dataclass(frozen=True, slots=True)
class Question:
    """`relevant` are ids of the pages that answer; none does where it is empty. `kind` is the set it came from."""

    id: str
    text: str
    kind: str
    relevant: frozenset[str]


class Pages:
    """A corpus as a source of the index: a line is `id, repo, commit, path, licence, tool, title, text`."""

    shelf = KNOWLEDGE_SHELF
    scope = Scope.KNOWLEDGE

    def __init__(self, digest: str, pages: Mapping[str, dict[str, Any]]) -> None:
        self.digest = digest
        self._pages = pages

    @classmethod
    def of(cls, file: Path) -> Pages:
        return cls(hashlib.sha256(file.read_bytes()).hexdigest(), {page["id"]: page for page in _lines(file)})

    def only(self, ids: Iterable[str]) -> Pages:
        pages = {id_: self._pages[id_] for id_ in sorted(ids)}
        return Pages(hashlib.sha256(repr((self.digest, list(pages))).encode()).hexdigest(), pages)

    def __len__(self) -> int:
        return len(self._pages)

    def marks(self) -> dict[str, str]:
        return dict.fromkeys(self._pages, self.digest)

    def read(self, document_id: str) -> Document | None:
        page = self._pages.get(document_id)
        return _document(page) if page is not None else None


def questions(file: Path) -> list[Question]:
    return [
        Question(line["qid"], line["query"], line.get("set", ""), frozenset(line.get("relevant", ())))
        for line in _lines(file)
    ]


def _document(page: dict[str, Any]) -> Document:
    """The tool stands in front of the title, as a page's folder or section would."""
    title = f"{page['tool']} > {page['title']}" if page.get("tool") else page["title"]
    notation = _FORMATS.get(Path(page["path"]).suffix, Format.MARKDOWN)
    return Document(page["id"], Pages.shelf, Pages.scope, page["id"], title, page["text"], "reference", notation)


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    packed = file.read_bytes()
    text = (lzma.decompress(packed) if file.suffix == ".xz" else packed).decode("utf-8")
    yield from (json.loads(line) for line in text.split("\n") if line.strip())
