"""Edits of one settings file: its text with some keys set and others taken out, every other byte as it was."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from engine.model.errors import Invalid
from engine.model.unknown import is_mapping
from engine.notation.document import Document
from engine.notation.problems import Problems
from engine.notation.reader import read_document
from engine.notation.splice import CannotEdit
from engine.notation.writer import Writer, writer_of
from engine.settings.files import SHAPE
from engine.settings.merge import Keys

Changes = Mapping[Keys, Any]  # what each key is to be; None takes it out


def edited(text: str, file: str, changes: Changes) -> str:
    """The text as the changes want it. Raises `Invalid` where that can't be done without touching anything else."""
    document = _read(file, text)
    if document is None:
        raise Invalid(f"{file} can't be read as it stands.", hint="`groundplan settings validate` says why.")
    wanted, writer = deepcopy(document.data), writer_of(file)
    try:
        for path, value in changes.items():
            if _put(wanted, path, value):
                text = _written(writer, text, path, value)
    except CannotEdit:
        raise _by_hand(file) from None
    after = _read(file, text)
    if after is None or after.data != wanted:
        raise _by_hand(file)
    return text


def _read(file: str, text: str) -> Document | None:
    return read_document(file, text, Problems(), SHAPE)


def _put(data: dict[str, Any], path: Keys, value: Any) -> bool:
    """Whether this changed anything. Tables that become empty go with their last key, as they do in the text."""
    chain = [data]
    for key in path[:-1]:
        below = chain[-1].get(key)
        if not is_mapping(below):
            if value is None:
                return False
            below = chain[-1][key] = {}
        chain.append(below)
    before = chain[-1].get(path[-1])
    if value is not None:
        chain[-1][path[-1]] = deepcopy(value)
        return before is None or before != value or type(before) is not type(value)
    if before is None:
        return False
    del chain[-1][path[-1]]
    for table, key in reversed([*zip(chain, path[:-1], strict=False)]):
        if not table[key]:
            del table[key]
    return True


def _written(writer: Writer, text: str, path: Keys, value: Any) -> str:
    return writer.drop(text, path) if value is None else writer.merge(text, path[:-1], {path[-1]: value})


def _by_hand(file: str) -> Invalid:
    return Invalid(
        f"{file} is written in a way that this edit can't be made in by machine.", hint="Make it by hand, or write "
        "the table as lines of its own.",
    )  # fmt: skip
