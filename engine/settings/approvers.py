"""The home's `[approvers]` table: whose signature may approve plans beforehand.

Only the home says so, and what it says counts once a person accepted it: see `engine/policy/approvers.py`.
"""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from engine.model.approver import read_public_key
from engine.model.errors import Invalid

# The type of an error that carries its own message and hint.
OWN_WORDS = "own_words"
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")


def _name(text: str) -> str:
    if not _NAME.fullmatch(text):
        hint = "Take small letters, digits, dots and dashes, at most 40, such as ada."
        raise PydanticCustomError(OWN_WORDS, "This is no name of an approver.", {"hint": hint})
    return text


def _public_key(line: str) -> str:
    try:
        read_public_key(line)
    except Invalid as wrong:
        raise PydanticCustomError(OWN_WORDS, wrong.message, {"hint": wrong.hint}) from None  # pyright: ignore[reportArgumentType]
    return line


def _each_once(keys: dict[str, str]) -> dict[str, str]:
    """One key under two names would leave open who approved."""
    seen: dict[bytes, str] = {}
    for name, line in keys.items():
        first = seen.setdefault(read_public_key(line), name)
        if first != name:
            words = {"one": first, "other": name, "hint": "Keep one of the two names."}
            raise PydanticCustomError(OWN_WORDS, "{one} and {other} have the same key.", words)
    return keys


ApproverKeys = Annotated[
    dict[Annotated[str, AfterValidator(_name)], Annotated[str, AfterValidator(_public_key)]],
    AfterValidator(_each_once),
]
