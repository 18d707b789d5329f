"""Splice: a replacement of one stretch of a text; everything else stays byte for byte."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


class CannotEdit(Exception):
    """The document is written in a way that a small edit can't be made to by machine."""


@dataclass(frozen=True, slots=True)
class Splice:
    start: int
    end: int
    text: str


def spliced(text: str, splices: Iterable[Splice]) -> str:
    """The text with every splice made; those at one place follow each other in the order given.

    Raises `CannotEdit` where two overlap, unless both only take away.
    """
    parts: list[str] = []
    at = 0
    for splice in sorted(splices, key=lambda splice: (splice.start, splice.end)):
        if splice.start < at and splice.text:
            raise CannotEdit
        parts += [text[at : max(splice.start, at)], splice.text]
        at = max(splice.end, at)
    return "".join([*parts, text[at:]])


def line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def line_end(text: str, at: int) -> int:
    """Where the line ends, before its newline."""
    end = text.find("\n", at)
    end = len(text) if end < 0 else end
    return end - 1 if end > at and text[end - 1] == "\r" else end


def lines_gone(text: str, start: int, end: int) -> Splice:
    """Whole lines go, with the newline before them, so that lines can still be put in after them."""
    if start == 0:
        return Splice(0, min(end + len(newline(text)), len(text)), "")
    return Splice(start - (2 if text[start - 2 : start] == "\r\n" else 1), end, "")


def newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"
