"""BundledPages: the pages of `knowledge/`, which ship with Groundplan."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from rag.model.document import KNOWLEDGE_SHELF, Document, Format, Scope
from rag.sources.front_matter import first_title, read_page

# The room beside ours: in a checkout and in the wheel alike.
FOLDER = Path(__file__).resolve().parents[2] / "knowledge"
_CONTENTS = "README"  # a list of all pages answers no question and would come up for every one
_KIND = "guide"


class BundledPages:
    """A page's id is its path without `.md`; its mark is its content, which installing leaves as it is."""

    shelf = KNOWLEDGE_SHELF
    scope = Scope.KNOWLEDGE

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder

    def marks(self) -> Mapping[str, str]:
        pages = sorted(self._folder.rglob("*.md"))
        found = ((page.relative_to(self._folder).with_suffix("").as_posix(), page) for page in pages)
        return {
            name: hashlib.sha256(page.read_bytes()).hexdigest() for name, page in found if not name.endswith(_CONTENTS)
        }

    def read(self, document_id: str) -> Document | None:
        path = self._folder / f"{document_id}.md"
        if not path.resolve().is_relative_to(self._folder.resolve()) or not path.is_file():
            return None
        whole = path.read_text("utf-8")
        page = read_page(whole)
        return Document(
            id=document_id,
            shelf=self.shelf,
            scope=self.scope,
            uri=f"groundplan://knowledge/{document_id}",
            title=page.title or first_title(page.text) or document_id,
            text=page.text,
            kind=page.kind or _KIND,
            format=Format.MARKDOWN,
            tags=page.tags,
            updated_at=page.reviewed,
            line_offset=page.line_offset,
            whole=whole,
        )
