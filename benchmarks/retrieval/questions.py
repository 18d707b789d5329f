"""Reading what is asked and what answers it: JSON lines, packed with xz or not."""

from __future__ import annotations

import hashlib
import json
import lzma
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from rag.model.document import KNOWLEDGE_SHELF, Document, Format, Scope

_FORMATS = {".rst": Format.RST, ".txt": Format.TEXT}


@dataclass(frozen=True, slots=True)
class Question:
    """`relevant` are ids of the pages that answer; none does where it is empty. `kind` is the set it came from.

    `where` is the file and line, for whoever has to mend it.
    """

    id: str
    text: str
    kind: str
    relevant: frozenset[str]
    where: str = ""


class Pages:
    """A corpus as a source of the index: a line is `id, repo, commit, path, licence, tool, title, text`."""

    shelf = KNOWLEDGE_SHELF
    scope = Scope.KNOWLEDGE

    def __init__(self, digest: str, pages: Mapping[str, dict[str, Any]]) -> None:
        self.digest = digest
        self._pages = pages

    @classmethod
    def of(cls, file: Path) -> Pages:
        """Ends the program at a line that is no page."""
        pages = [_checked(where, line, ("id", "path", "title", "text")) for where, line in _lines(file)]
        return cls(hashlib.sha256(file.read_bytes()).hexdigest(), {page["id"]: page for page in pages})

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
    """Ends the program at a line that is no question."""
    return [_question(where, line) for where, line in _lines(file)]


def _question(where: str, line: object) -> Question:
    found = _checked(where, line, ("qid", "query"))
    relevant = found.get("relevant", [])
    if not isinstance(relevant, list) or not all(isinstance(each, str) for each in cast("list[object]", relevant)):
        sys.exit(f"{where}: `relevant` is no list of ids.")
    return Question(
        found["qid"], found["query"], str(found.get("set", "")), frozenset(cast("list[str]", relevant)), where
    )


def _document(page: dict[str, Any]) -> Document:
    """The tool stands in front of the title, as a page's folder or section would."""
    title = f"{page['tool']} > {page['title']}" if page.get("tool") else page["title"]
    notation = _FORMATS.get(Path(page["path"]).suffix, Format.MARKDOWN)
    return Document(page["id"], Pages.shelf, Pages.scope, page["id"], title, page["text"], "reference", notation)


def _lines(file: Path) -> Iterator[tuple[str, object]]:
    """Each line with where it stands."""
    try:
        packed = file.read_bytes()
        text = (lzma.decompress(packed) if file.suffix == ".xz" else packed).decode("utf-8")
    except (OSError, lzma.LZMAError, UnicodeDecodeError) as error:
        sys.exit(f"{file} can't be read: {error}.")
    for number, line in enumerate(text.split("\n"), 1):
        where = f"{file}, line {number}"
        if line.strip():
            try:
                yield where, json.loads(line)
            except ValueError as error:
                sys.exit(f"{where}: this is no JSON: {error}.")


def _checked(where: str, line: object, texts: Sequence[str]) -> dict[str, Any]:
    """An object that has these texts."""
    if not isinstance(line, dict):
        sys.exit(f"{where}: this is no JSON object.")
    found = cast("dict[str, Any]", line)
    for name in texts:
        if not isinstance(found.get(name), str):
            sys.exit(f"{where}: `{name}` is missing, or no text.")
    return found
