"""Redact: text with the values of secrets taken out and every line left where it was."""

from __future__ import annotations

import re

from rag.chunk.fence import Fence, fence_at
from rag.model.document import Format
from rag.sources.secret_columns import SecretColumns
from rag.sources.secret_keys import (
    KEY,
    KEY_OR_VALUE,
    NAMING,
    is_about,
    is_count,
    is_harmless,
    may_hold_one,
    without_flags,
)
from rag.sources.secret_shapes import REDACTED, without_tokens

_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\']|\'\')*\'|`[^`]*`')
_OPENS_BLOCK = re.compile(r"""(?:[|>][-+0-9]{0,2}|[\[{(]|&\w+|!\S+)?\s*(?:#.*)?$""")
_NESTED = re.compile(r"(\s*(?:- {1,4}){0,4}(?:[\w.\"'-]{1,80}\s{0,4}[:=]\s{0,4}|- {1,4})?)(.*)$")
_BRACKETS = re.compile(r"[\[\]{}(),|>\s]*$")
_PEM_BEGIN, _PEM_END = "-----BEGIN ", "-----END "
_PEM_BODY = re.compile(r"""[\s>*#"'+|-]*(?:[A-Za-z0-9+/=]*|[A-Z][\w-]{2,20}: .*)(?:\\n)?["',+]*\s*$""")
_MULTILINE_QUOTES = {'"""': '"""', "'''": "'''", 'm%"': '"%'}
_PROSE_VALUE_WORDS = 6  # a longer remark behind "password:" is a sentence, of which the first word may be the value
_LONGEST_VALUE = 4_000  # characters; with a longer one goes the rest of its line
_ENTRY_LINES = 3  # a name and its value stand at most so far apart
_PROSE = frozenset({Format.MARKDOWN, Format.RST, Format.TEXT})


def redacted(text: str, notation: Format) -> str:
    """As many lines as before."""
    redaction = _Redaction(prose=notation in _PROSE)
    return "\n".join(redaction.line(line) for line in text.split("\n"))


class _Redaction:
    """Goes through the lines in order; what is open tells how the next one is read."""

    def __init__(self, *, prose: bool) -> None:
        self._is_prose = prose
        self._columns = SecretColumns()
        self._until = ""  # the sign that ends a value of several lines
        self._in_pem = False
        self._indent = -1  # of the key whose nested values are secret
        self._fence: Fence | None = None
        self._entry = 0  # lines in which `value` is that of a name which was told above

    def line(self, line: str) -> str:
        if self._until:
            return self._inside(line)
        if self._in_pem and _PEM_BODY.match(line[:200]) and len(line) < 200:
            return REDACTED if line.strip() else line
        if _PEM_BEGIN in line or (self._in_pem and _PEM_END in line):
            self._in_pem = _PEM_END not in line
            return without_tokens(self._without_values(line.partition(_PEM_BEGIN)[0].partition(_PEM_END)[0])) + REDACTED
        self._in_pem = False
        if self._indent >= 0 and self._is_nested(line):
            return _nested(line)
        self._indent = -1
        return self._plain(line)

    def _plain(self, line: str) -> str:
        in_prose = self._in_prose
        self._follow_fence(line)
        names = may_hold_one(line) and NAMING.search(line) is not None
        self._entry = _ENTRY_LINES if names else max(0, self._entry - 1)
        shown = self._columns.line(line) if in_prose else line
        return without_tokens(self._without_values(shown))

    @property
    def _in_prose(self) -> bool:
        return self._is_prose and self._fence is None

    def _inside(self, line: str) -> str:
        before, sign, after = line.partition(self._until)
        if not sign:
            return REDACTED if line.strip() else line
        self._until = ""
        return (REDACTED if before.strip() else before) + sign + without_tokens(self._without_values(after))

    def _is_nested(self, line: str) -> bool:
        indent = len(line) - len(line.lstrip())
        listed = indent == self._indent and line.lstrip().startswith("- ")
        return not line.strip() or indent > self._indent or listed

    def _follow_fence(self, line: str) -> None:
        if self._fence is not None:
            self._fence = None if self._fence.is_closed_by(line) else self._fence
        elif self._is_prose:
            self._fence = fence_at(line)

    def _without_values(self, line: str) -> str:
        if not self._entry and not may_hold_one(line):
            return line
        line = without_flags(line)
        kept, begin = list[str](), 0
        keys = KEY_OR_VALUE if self._entry else KEY
        while (key := keys.search(line, begin)) is not None:
            kept.append(line[begin : key.end()])
            begin = key.end()
            if not is_about(key["rest"]):
                value, begin = self._value(line, key)
                kept.append(value)
        return "".join((*kept, line[begin:]))

    def _value(self, line: str, key: re.Match[str]) -> tuple[str, int]:
        """What is shown for the value, and where the line goes on behind it."""
        begin, rest = key.end(), line[key.end() : key.end() + _LONGEST_VALUE]
        if _OPENS_BLOCK.match(rest):
            if not self._in_prose:
                self._indent = len(line) - len(line.lstrip())
            return rest, len(line)
        if is_harmless(rest) or ("token" in key[0].casefold() and is_count(rest)):
            return rest, len(line)
        for opening, closing in _MULTILINE_QUOTES.items():
            if rest.startswith(opening) and closing not in rest[3:]:
                self._until = closing
                return opening + REDACTED, len(line)
        if (quoted := _QUOTED.match(rest)) is not None:
            mark = quoted[0][0]
            shown = quoted[0] if is_harmless(quoted[0]) else f"{mark}{REDACTED}{mark}"
            return shown, begin + quoted.end()
        return self._unquoted(rest), len(line)

    def _unquoted(self, rest: str) -> str:
        words = rest.split(maxsplit=_PROSE_VALUE_WORDS)
        if self._in_prose and len(words) > _PROSE_VALUE_WORDS:
            return rest.replace(words[0], REDACTED, 1)
        return REDACTED


def _nested(line: str) -> str:
    """A line below a key whose values are secret: its own key stays."""
    found = _NESTED.match(line)
    if found is None or is_harmless(found[2]) or _BRACKETS.match(found[2]):
        return line
    return f"{found[1]}{REDACTED}"
