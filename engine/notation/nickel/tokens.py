"""Tokens of Nickel source, as far as they are needed to find keys in it; never a reason to refuse a file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_CODE = re.compile(
    r"""(?P<gap>\s+|\#[^\n]*)
    |(?P<open>(?:m|[A-Za-z_][\w'-]*-s)(?P<signs>%+)")
    |(?P<quote>")
    |(?P<name>_*[A-Za-z][\w'-]*|_+)
    |(?P<tag>'[A-Za-z_][\w'-]*)
    |(?P<sign>==|=>|<=|>=|!=|\|>|\|\||->|&&|\.\.|[0-9]+(?:\.[0-9]+)?|.)""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """`is_name` marks what may be a key: an identifier, or a plain string, with `text` as its value."""

    text: str
    start: int
    is_name: bool = False
    is_string: bool = False


def tokens(text: str) -> Iterator[Token]:
    """Every token of the code; interpolated code comes between brackets."""
    at, ends = 0, list[str | None]()
    while at < len(text):
        found = _CODE.match(text, at)
        if found is None:
            return
        at = found.end()
        if found["gap"]:
            continue
        if found["open"] or found["quote"]:
            string = _String(text, found.start(), at, len(found["signs"] or ""))
        elif found["sign"] == "{":
            ends.append(None)
            yield Token("{", found.start())
            continue
        elif found["sign"] == "}" and ends:
            resumed = ends.pop()
            if resumed is None:
                yield Token("}", found.start())
                continue
            yield Token(")", found.start())
            string = _String(text, at, at, len(resumed))
        else:
            yield Token(found[0], found.start(), is_name=found["name"] is not None)
            continue
        at = string.end
        if string.interpolates:
            ends.append("%" * string.signs)
            yield Token("(", at - 1)
        else:
            yield Token(string.value, found.start(), is_name=string.is_plain, is_string=True)


class _String:
    """A string from where its text begins to its end, or to the code that is interpolated next."""

    def __init__(self, text: str, start: int, begins: int, signs: int) -> None:
        self.signs = signs
        close, opens = '"' + "%" * signs, "%" * max(signs, 1) + "{"
        at = begins
        while at < len(text) and not text.startswith((close, opens), at):
            at += 2 if not signs and text[at] == "\\" else 1
        self.interpolates = text.startswith(opens, at)
        self.value = text[begins:at]
        self.is_plain = not signs and start < begins and "\\" not in self.value
        self.end = min(at + len(opens if self.interpolates else close), len(text))
