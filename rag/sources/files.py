"""WorkspaceFiles: a workspace's own files, and what a person added to them, with secrets kept out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from rag.model.document import Document, Format, Scope
from rag.model.errors import DocumentUnreadable
from rag.sources.front_matter import Page, first_title, read_page
from rag.sources.notation import PDF
from rag.sources.open_file import MOST_BYTES, MOST_PDF_BYTES, decoded, read_bytes
from rag.sources.pdf import pdf_text
from rag.sources.redact import redacted
from rag.sources.secret_files import is_secret_text
from rag.sources.walk import Listed, listed, walk

MOST_FILES = 5_000
_RULES = 1  # of what is left out and redacted: raised with them, so that every file is read again
_WHOLE = "."  # stands for the folder where it has more files than are taken
_KINDS = frozenset({"concept", "guide", "reference", "runbook", "provider", "decision"})


class WorkspaceFiles:
    """`shelf` is the workspace's uid. An id is a file's path in the folder; of an added one, its whole path."""

    scope = Scope.FILES

    def __init__(
        self, shelf: str, name: str, folder: Path, added: Sequence[Path] = (), *, most: int = MOST_FILES
    ) -> None:
        self.shelf = shelf
        self._name = name
        self._folder = folder
        self._added = added
        self._most = most
        self._listing: dict[str, Listed | None] = {}  # as the last marks were

    def marks(self) -> Mapping[str, str]:
        """Raises `DocumentUnreadable` when the workspace's folder can't be looked into."""
        self._listing = self._files()
        # The workspace's name is in every address: when it is renamed, each file is looked at again.
        rules = f"{_RULES}-{self._name}"
        return {id_: f"{file.size}-{file.mtime_ns}-{rules}" if file else _WHOLE for id_, file in self._listing.items()}

    def read(self, document_id: str) -> Document | None:
        listing = self._listing or self._files()
        if document_id not in listing:
            return None  # a path that merely names a file is not enough
        file = listing[document_id]
        if file is None:
            raise DocumentUnreadable(
                f"There are more than {self._most} files; those that come first by name are indexed.",
                hint="Leave folders out by .groundplanignore.",
            )
        text = _text(file)
        return None if text is None or is_secret_text(text, file.format) else self._document(document_id, file, text)

    def _document(self, document_id: str, file: Listed, text: str) -> Document:
        clean = redacted(text, file.format)
        page = read_page(clean) if file.format is Format.MARKDOWN else Page(clean)
        heading = first_title(page.text) if file.format is Format.MARKDOWN else ""
        return Document(
            id=document_id,
            shelf=self.shelf,
            scope=self.scope,
            uri=f"groundplan://workspaces/{self._name}/files/{quote(document_id, errors='replace')}",
            title=page.title or heading or document_id,
            text=page.text,
            kind=page.kind if page.kind in _KINDS else "file",
            format=file.format,
            tags=page.tags,
            updated_at=datetime.fromtimestamp(file.mtime_ns / 1e9, UTC),
            line_offset=page.line_offset,
            whole=clean,
        )

    def _files(self) -> dict[str, Listed | None]:
        found: dict[str, Listed | None] = {}
        for id_, file in self._found():
            if len(found) >= self._most:
                found[_WHOLE] = None
                break
            found[id_] = file
        return found

    def _found(self) -> Iterator[tuple[str, Listed]]:
        folder = self._folder.resolve()
        try:
            for file in walk(folder):
                yield file.path.relative_to(folder).as_posix(), file
        except OSError as error:
            raise DocumentUnreadable(
                f"{self._folder} can't be looked into: {error.strerror}.", hint="Mend its rights, or archive it."
            ) from error
        for path in sorted({each.resolve() for each in self._added}):
            if not path.is_relative_to(folder):
                yield from ((file.path.as_posix(), file) for file in _added(path))


def _text(file: Listed) -> str | None:
    is_pdf = file.path.suffix.casefold() == PDF
    content = read_bytes(file.path, MOST_PDF_BYTES if is_pdf else MOST_BYTES)
    if content is None:
        return None
    return pdf_text(content) if is_pdf else decoded(content)


def _added(path: Path) -> Iterator[Listed]:
    """What was added and is gone since has no files."""
    if path.is_dir():
        yield from walk(path)
    elif (file := listed(path)) is not None:
        yield file
