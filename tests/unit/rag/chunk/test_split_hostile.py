"""Splitting never loses a line, never makes a chunk too large and never takes long, whatever the text."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.chunk.sizes import SIZES
from rag.chunk.split import split
from rag.chunk.tokens import count
from rag.model.chunk import Chunk
from rag.model.document import Document, Format, Scope
from rag.model.hidden import without_hidden

MEGABYTE = 1_000_000
LINES = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            "# One", "## Two ##", "####### Seven", "Title", "=====", "-----", "```", "```sh", "~~~", "> ```", "- item", "",
            "| a | b |", "|---|---|", "| 1 | 2 |", "key:", "  inner: value", "[table]", '"key": {', "}", "---", "\f", "..",
            ".. note:: x", "    indented", "text::", "+--+--+", "==== ====", "word " * 300, "x" * 3_000, "漢" * 900,
            "\x00", "\ud800", "a\r", "#" * 400, "`" * 900, "> " * 400 + "```",
        ]
    ),
)  # fmt: skip
TEXTS = st.lists(LINES, max_size=60).map("\n".join)


def document(text: str, notation: Format = Format.MARKDOWN, title: str = "Page", offset: int = 0) -> Document:
    return Document("page", "", Scope.FILES, "u", title, text, format=notation, line_offset=offset)


def assert_sound(chunks: list[Chunk]) -> None:
    for ordinal, chunk in enumerate(chunks):
        assert chunk.ordinal == ordinal
        assert chunk.first_line <= chunk.last_line
        assert chunk.tokens == count(chunk.embedded_text)
        assert count(chunk.text) <= SIZES.whole
        assert len(chunk.crumb) <= 7
        assert all(len(title) <= 200 for title in chunk.crumb)
        assert chunk.text.strip()
        chunk.embedded_text.encode("utf-8")
        assert "\x00" not in chunk.embedded_text
    for before, after in pairwise(chunks):
        assert before.last_line <= after.first_line


@given(TEXTS.filter(lambda text: "<!--" not in text and "{/*" not in text), st.sampled_from(list(Format)))
@settings(max_examples=300, deadline=None)
def test_every_line_is_in_the_lines_of_a_chunk(text: str, notation: Format) -> None:
    chunks = split(document(text, notation))
    assert_sound(chunks)
    covered = {line for chunk in chunks for line in range(chunk.first_line, chunk.last_line + 1)}
    lines = enumerate(without_hidden(text).split("\n"), 1)
    written = {number for number, line in lines if line.strip() and not (notation is Format.RST and _comment(text))}
    assert written <= covered


def _comment(text: str) -> bool:
    return any(line.startswith("..") for line in text.split("\n"))


@given(
    st.lists(
        st.text(alphabet=st.characters(codec="utf-8", exclude_characters="#`~|<>{}=-\\"), max_size=80), max_size=40
    )
)
@settings(max_examples=200, deadline=None)
def test_a_line_is_in_one_chunk_only(words: list[str]) -> None:
    text = "\n".join(each.replace("\n", " ") for each in words)
    seen = [line for chunk in split(document(text)) for line in range(chunk.first_line, chunk.last_line + 1)]
    assert len(seen) == len(set(seen))


@given(st.text())
@settings(max_examples=300, deadline=None)
def test_any_text_can_be_split(text: str) -> None:
    for notation in Format:
        assert_sound(split(document(text, notation)))


HOSTILE = {
    "one line without a space": "x" * 3 * MEGABYTE,
    "one line of words": "lorem ipsum " * 200_000,
    "one line of blanks": " " * 2 * MEGABYTE + "x",
    "one line of four-byte signs": "𠀀" * 300_000,
    "a hundred thousand headings": "# Heading\n" * 100_000,
    "headings ever deeper": "".join(f"{'#' * (1 + n % 6)} H{n}\n" for n in range(50_000)),
    "a fence that is never closed": "```\n" + "line of code\n" * 50_000,
    "many fences": "```\n" * 100_000,
    "comments that are never closed": "<!-- " * 300_000,
    "comments without end on lines": "<!--\n" * 100_000,
    "many comments": "<!-- a --> " * 100_000,
    "mixed comment signs": "<!-- {/* ` " * 100_000,
    "quotations a thousand deep": "\n".join("> " * 1_000 + "deep" for _ in range(200)),
    "brackets a million deep": "[" * MEGABYTE,
    "backticks": "`" * MEGABYTE,
    "table rows": "| a | b |\n|---|---|\n" + "| 1 | 2 |\n" * 50_000,
    "a table as wide as it is long": "|" * MEGABYTE + "\n" + "|-" * (MEGABYTE // 2),
    "NULs": "\x00" * MEGABYTE,
    "lone surrogates": "\ud800" * 100_000,
    "CRLF": "# A\r\n\r\nText.\r\n" * 30_000,
    "carriage returns alone": "a\r" * 300_000,
    "underlines": "=====\n" * 100_000,
    "nested keys": "".join(f"{' ' * (n % 1_000)}k{n}:\n" for n in range(3_000)),
    "quotes": '"' * MEGABYTE,
    "backslashes": "\\" * MEGABYTE,
    "literal marks": "a::\n\n" * 100_000,
    "comment marks of reStructuredText": "..\n\n" * 100_000,
}


@pytest.mark.slow
def test_ten_megabytes_in_one_line_can_be_split() -> None:
    assert_sound_sizes(split(document("x" * 10 * MEGABYTE)))


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_takes_time_in_proportion(name: str) -> None:
    text = HOSTILE[name]
    count("warm")
    for notation in (Format.MARKDOWN, Format.RST, Format.JSON):  # the others read lines as one of these does
        begin = time.process_time()
        chunks = split(document(text, notation))
        spent = time.process_time() - begin
        # Ten times what a slow machine needs for honest text; what grows with the square takes minutes.
        assert spent < 2 + 4 * len(text.encode("utf-8", "surrogatepass")) / MEGABYTE, (notation, spent)
        assert_sound(chunks[:50])
        assert_sound_sizes(chunks)


def assert_sound_sizes(chunks: list[Chunk]) -> None:
    assert all(chunk.tokens <= SIZES.whole + 1_000 for chunk in chunks)  # breadcrumbs of at most seven titles
