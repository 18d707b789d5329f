"""Patterns that can't run away: a text is read once, in all ways at a time, so time grows with its length."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from engine.policy.rules.pattern_reader import Either, Letters, Part, Repeat, Row, read_pattern
from engine.policy.rules.unsound import Unsound

LONGEST_TEXT = 256
_MOST_STATES = 500
# Repeated empty groups have no states, and still take their time.
_MOST_PARTS = 5_000


class Pattern:
    """A regular expression without back references and look-around; it has to fit the whole text."""

    def __init__(self, text: str) -> None:
        """Raises `Unsound`."""
        self._states: list[_State] = [_State()]
        self._end, self._parts = 0, 0
        self._start = self._built(read_pattern(text), self._end)

    def fits(self, text: str) -> bool:
        """False also for a text that is longer than a pattern is tried on."""
        if len(text) > LONGEST_TEXT:
            return False
        now = self._reached({self._start})
        for letter in text:
            following = {
                state.then
                for state in (self._states[number] for number in now)
                if state.letters is not None and state.letters.hold(letter)
            }
            if not following:
                return False
            now = self._reached(following)
        return self._end in now

    def _reached(self, numbers: set[int]) -> set[int]:
        """These states and those that lie behind them without a letter."""
        found, waiting = set[int](), list(numbers)
        while waiting:
            number = waiting.pop()
            if number not in found:
                found.add(number)
                waiting.extend(self._states[number].ways)
        return found

    def _built(self, part: Part, then: int) -> int:
        """The state at which the part begins, when `then` is where it ends."""
        self._parts += 1
        if self._parts > _MOST_PARTS:
            raise _too_large()
        match part:
            case Letters():
                return self._added(_State(part, then))
            case Row(parts):
                for each in reversed(parts):
                    then = self._built(each, then)
                return then
            case Either(choices):
                return self._added(_State(ways=tuple(self._built(each, then) for each in choices)))
            case Repeat(inner, least, most):
                return self._repeated(inner, least, most, then)

    def _repeated(self, part: Part, least: int, most: int | None, then: int) -> int:
        if most is None:
            loop = self._added(_State())
            self._states[loop] = _State(ways=(self._built(part, loop), then))
            then = loop
        end = then
        for _ in range((most or least) - least):
            then = self._added(_State(ways=(self._built(part, then), end)))
        for _ in range(least):
            then = self._built(part, then)
        return then

    def _added(self, state: _State) -> int:
        if len(self._states) >= _MOST_STATES:
            raise _too_large()
        self._states.append(state)
        return len(self._states) - 1


@dataclass(frozen=True, slots=True)
class _State:
    """Goes on to `then` with one of `letters`, and to each of `ways` with none."""

    letters: Letters | None = None
    then: int = 0
    ways: tuple[int, ...] = ()


def _too_large() -> Unsound:
    return Unsound("the pattern repeats too much", "Use smaller numbers in {}, or write two rules.")


@lru_cache(1024)
def pattern(text: str) -> Pattern:
    """Raises `Unsound`."""
    return Pattern(text)
