"""From the text of a pattern to its parts: letters, classes, groups, |, and repetition with bounds."""

from __future__ import annotations

from dataclasses import dataclass

from engine.policy.rules.unsound import Unsound

LONGEST_PATTERN = 200
MOST_REPEATS = 64
_MOST_DEPTH = 10
Range = tuple[str, str]
_SPECIAL = ".[]()|*+?{}^$\\"
_CLASSES: dict[str, tuple[Range, ...]] = {
    "d": (("0", "9"),),
    "w": (("0", "9"), ("A", "Z"), ("_", "_"), ("a", "z")),
    "s": ((" ", " "), ("\t", "\r")),
}
_REPEATS = {"*": (0, None), "+": (1, None), "?": (0, 1)}


@dataclass(frozen=True, slots=True)
class Letters:
    """One character out of some ranges, or out of all others."""

    ranges: tuple[Range, ...]
    negated: bool = False

    def hold(self, letter: str) -> bool:
        return any(low <= letter <= high for low, high in self.ranges) is not self.negated


@dataclass(frozen=True, slots=True)
class Row:
    """One part after the other."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Either:
    choices: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """`most` is None where there is no end."""

    part: Part
    least: int
    most: int | None


Part = Letters | Row | Either | Repeat
ANYTHING = Letters((("\n", "\n"),), negated=True)


def read_pattern(text: str) -> Part:
    """Raises `Unsound`."""
    if len(text) > LONGEST_PATTERN:
        raise Unsound(f"the pattern is longer than {LONGEST_PATTERN} characters", "Shorten it, or write two rules.")
    # The whole text has to fit anyway, so anchors at the ends say nothing new.
    whole = text.removeprefix("^")
    if whole.endswith("$") and not whole.endswith("\\$"):
        whole = whole[:-1]
    reader = _Reader(whole)
    part = reader.either(0)
    if not reader.done:
        raise Unsound("a ) has no ( before it", "Write \\) for the character itself.")
    return part


class _Reader:
    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0

    @property
    def done(self) -> bool:
        return self._at >= len(self._text)

    def either(self, depth: int) -> Part:
        if depth > _MOST_DEPTH:
            raise Unsound(f"groups are nested deeper than {_MOST_DEPTH}", "Flatten the pattern.")
        choices = [self._row(depth)]
        while self._take("|"):
            choices.append(self._row(depth))
        return choices[0] if len(choices) == 1 else Either(tuple(choices))

    def _row(self, depth: int) -> Part:
        parts: list[Part] = []
        while not self.done and self._text[self._at] not in "|)":
            parts.append(self._repeated(self._atom(depth)))
        return Row(tuple(parts))

    def _repeated(self, part: Part) -> Part:
        sign = self._text[self._at : self._at + 1]
        if sign == "{":
            least, most = self._bounds()
        elif sign and sign in _REPEATS:
            self._at += 1
            least, most = _REPEATS[sign]
        else:
            return part
        if self._text[self._at : self._at + 1] in tuple("*+?{"):
            raise Unsound("a repetition is repeated", "Keep one of *, +, ? and {}; lazy and possessive are not read.")
        return Repeat(part, least, most)

    def _bounds(self) -> tuple[int, int | None]:
        inner, closed, _ = self._text[self._at + 1 :].partition("}")
        low, comma, high = inner.partition(",")
        if not closed or not _is_count(low) or (high and not _is_count(high)):
            raise Unsound("a { opens no repetition", "Write {2}, {2,} or {2,4}, or \\{ for the character itself.")
        least, most = int(low), (int(high) if high else None) if comma else int(low)
        if max(least, most or 0) > MOST_REPEATS or (most is not None and least > most):
            raise Unsound(
                f"{{{inner}}} is no repetition up to {MOST_REPEATS}", "Write the smaller number first, or use * or +."
            )
        self._at += len(inner) + 2
        return least, most

    def _atom(self, depth: int) -> Part:
        letter = self._next()
        if letter == "(":
            return self._group(depth)
        if letter == "[":
            return self._class()
        if letter == ".":
            return ANYTHING
        if letter == "\\":
            return Letters(self._escaped())
        if letter in _SPECIAL:
            raise Unsound(f"{letter} can't stand there", f"Write \\{letter} for the character itself.")
        return Letters(((letter, letter),))

    def _group(self, depth: int) -> Part:
        if self._take("?") and not self._take(":"):
            raise Unsound("(?…) is not read", "Write a plain group; look-around, names and flags are left out.")
        part = self.either(depth + 1)
        if not self._take(")"):
            raise Unsound("a ( is not closed", "Write ), or \\( for the character itself.")
        return part

    def _class(self) -> Letters:
        negated, ranges = self._take("^"), list[Range]()
        while self.done or self._text[self._at] != "]" or not ranges:
            ranges.extend(self._member())
        self._at += 1
        return Letters(tuple(ranges), negated)

    def _member(self) -> tuple[Range, ...]:
        if self.done:
            raise Unsound("a [ is not closed", "Write ], or \\[ for the character itself.")
        letter = self._next()
        found = self._escaped() if letter == "\\" else ((letter, letter),)
        (low, high), *more = found
        ahead = self._text[self._at : self._at + 2]
        if more or low != high or len(ahead) < 2 or ahead[0] != "-" or ahead[1] in "]\\":
            return found
        self._at += 2
        if low > ahead[1]:
            raise Unsound(f"{letter}-{ahead[1]} is no range", "Write the lower character first.")
        return ((low, ahead[1]),)

    def _escaped(self) -> tuple[Range, ...]:
        letter = self._next("\\")
        if letter in _CLASSES:
            return _CLASSES[letter]
        if letter.isalnum():
            raise Unsound(f"\\{letter} is not read", "There are \\d, \\w and \\s, and \\ before a special character.")
        return ((letter, letter),)

    def _next(self, after: str = "") -> str:
        if self.done:
            raise Unsound(f"nothing follows the {after}", "Write \\\\ for the character itself.")
        self._at += 1
        return self._text[self._at - 1]

    def _take(self, letter: str) -> bool:
        if self._text[self._at : self._at + 1] != letter:
            return False
        self._at += 1
        return True


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 4
