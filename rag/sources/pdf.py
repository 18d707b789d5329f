"""The text of PDF files, by the optional extra `pdf`."""

from __future__ import annotations

import io
import logging
from typing import Any, cast

from rag.chunk.plain import PAGE_BREAK
from rag.model.errors import DocumentUnreadable

_MOST_PAGES = 1_000
_MOST_CHARACTERS = 2_000_000


def pdf_text(content: bytes) -> str | None:
    """Pages parted by form feeds at the beginning of a line; None when it is encrypted.

    Raises `DocumentUnreadable` when it is damaged, or the extra is not installed.
    """
    try:
        # An optional extra, and slow to import.
        import pypdf  # noqa: PLC0415
    except ImportError as error:
        raise DocumentUnreadable(
            "Reading PDF needs an extra.", hint='Install it: pip install "groundplan[pdf]".'
        ) from error
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it speaks of every flaw of a file
    try:
        reader = cast("Any", pypdf.PdfReader(io.BytesIO(content)))
        return None if reader.is_encrypted else _pages(reader)
    except Exception as error:  # what a damaged file raises inside is as manifold as the damage
        raise DocumentUnreadable(
            f"It can't be read as PDF: {type(error).__name__}.", hint="Save it anew, or as text."
        ) from error


def _pages(reader: Any) -> str:
    texts, size = list[str](), 0
    for page in reader.pages[:_MOST_PAGES]:
        text = str(page.extract_text()).replace("\r\n", "\n").replace(PAGE_BREAK, " ")
        size += len(text)
        if size > _MOST_CHARACTERS:
            break
        texts.append(text)
    return f"\n{PAGE_BREAK}".join(texts)
