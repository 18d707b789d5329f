"""Interpolation: `{{ … }}` in settings files, worked out when a value is asked for.

`env` reads only names that the home allows. What comes out is never read again as a template, so that a variable's
value can't smuggle one in; and nothing is interpolated that came as an argument, which a tool may have sent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.model.errors import Problem
from engine.model.unknown import is_list, is_mapping
from engine.notation.problems import nearest, quoted
from engine.settings.closed import is_closed
from engine.settings.merge import Keys, Merged

_TEMPLATE = re.compile(r'\{\{\s*("\{\{"|[^{}]*?)\s*\}\}')
_BRACES = '"{{"'
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LONGEST = 64 << 10  # characters of a value, however its parts multiply
_MOST_TEXT = 2 << 20  # characters of all that templates make, and of all that they repeat
_DEEPEST = 64  # settings that refer to each other one by one
_MOST_HINTS = 20  # nearest names are slow to find, and nobody reads thousands of mistakes
_SHOWN = 8  # settings of a ring that are named
_FORMS = 'It can be env.NAME, workspace.name, workspace.environment, settings.KEY, now or "{{".'


class Unresolved(Exception):
    """A template that can't be worked out; `problem` says where and why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


@dataclass(slots=True)
class Interpolation:
    """`allowed` are the names that `env` may read; `facts` what `workspace` knows, by name."""

    merged: Merged
    environment: Mapping[str, str]
    allowed: frozenset[str]
    facts: Mapping[str, str]
    now: datetime
    _mixed: set[Keys] = field(init=False, default_factory=set[Keys])
    _known: dict[Keys, Any] = field(init=False, default_factory=dict[Keys, Any])
    _open: list[Keys] = field(init=False, default_factory=list[Keys])
    _broken: dict[Keys, Unresolved] = field(init=False, default_factory=dict[Keys, "Unresolved"])
    _made: int = field(init=False, default=0)
    _overflow: Unresolved | None = field(init=False, default=None)
    _hints: int = field(init=False, default=0)

    @property
    def hidden(self) -> frozenset[Keys]:
        """The settings whose values were put together from one that `is_closed`."""
        return frozenset(path for path in self._mixed if path in self.merged.origins)

    def value(self, path: Keys) -> Any:
        """The setting's value with every template in it worked out. Raises `Unresolved`, `KeyError` for no setting."""
        if path in self._mixed or is_closed(path):
            self._hide()
        if path in self._known:
            return self._known[path]
        if path in self._broken:
            raise self._broken[path]
        if path in self._open:
            ring = [*self._open[self._open.index(path) :], path]
            raise self._unresolved(path, f"It refers to itself: {_arrows(ring)}.", "Break the ring.")
        if len(self._open) > _DEEPEST:
            message = f"It refers through more than {_DEEPEST} settings."
            raise self._unresolved(self._open[0], message, "Refer to the last of them.")
        self._open.append(path)
        try:
            value = self._known[path] = self._worked_out(self._raw(path), path)
        except Unresolved as unresolved:
            self._broken[path] = unresolved
            raise
        finally:
            self._open.pop()
        return value

    def _raw(self, path: Keys) -> Any:
        value: Any = self.merged.values
        for key in path:
            value = value[key]
        return value

    def _worked_out(self, value: Any, path: Keys) -> Any:
        if is_mapping(value):
            return {key: self.value((*path, key)) for key in value}
        origin = self.merged.origin(path)
        if origin is None or not origin.name.is_text:
            return value
        return self._filled(value, path)

    def _filled(self, value: Any, path: Keys) -> Any:
        if isinstance(value, list):
            return [self._filled(each, path) for each in value]  # pyright: ignore[reportUnknownVariableType]
        if not isinstance(value, str) or "{{" not in value:
            return value
        whole = _TEMPLATE.fullmatch(value)
        if whole and whole[1] != _BRACES:
            named = self._named(whole[1], path)  # alone it keeps its type: a number stays one
            self._spend(_size(named, _MOST_TEXT), path)
            return named
        if "{{" in _TEMPLATE.sub("", value):
            raise self._unresolved(
                path, "A {{ in it is not closed.", 'Close it with }}; for the braces, write {{ "{{" }}.'
            )
        text = _TEMPLATE.sub(lambda found: self._text(found[1], path), value)
        if len(text) > _LONGEST:
            raise self._unresolved(path, f"It would be longer than {_LONGEST >> 10} KiB.", "Shorten what it refers to.")
        self._spend(len(text), path)
        return text

    def _spend(self, characters: int, path: Keys) -> None:
        """Raises the same `Unresolved` from where all templates together become too much."""
        self._made += characters
        if self._made > _MOST_TEXT:
            message = f"With it all templates come to more than {_MOST_TEXT >> 20} MiB."
            self._overflow = self._overflow or self._unresolved(path, message, "Refer to less.")
            raise self._overflow

    def _text(self, name: str, path: Keys) -> str:
        if name == _BRACES:
            return "{{"
        value = self._named(name, path)
        if is_mapping(value) or isinstance(value, list):
            raise self._unresolved(path, f"{name} is no single value.", "Name one setting, or let it stand alone.")
        return str(value).lower() if isinstance(value, bool) else str(value)

    def _named(self, name: str, path: Keys) -> Any:
        kind, _, rest = name.partition(".")
        finders: dict[str, Callable[[str, Keys], Any]] = {
            "env": self._variable, "workspace": self._fact, "settings": self._setting,
        }  # fmt: skip
        if name == "now":
            return self.now.isoformat(timespec="seconds")
        if kind not in finders or not rest:
            raise self._unresolved(path, f"{quoted(name)} means nothing here.", _FORMS)
        return finders[kind](rest, path)

    def _variable(self, name: str, path: Keys) -> str:
        if not _NAME.fullmatch(name) or name not in self.allowed:
            hint = f"Add it to interpolation.variables in the home's config.toml: {name[:60]}."
            raise self._unresolved(path, f"The home does not allow env.{name[:60]}.", hint)
        if name not in self.environment:
            raise self._unresolved(path, f"The environment variable {name} is not set.", "Set it, or write the value.")
        value = self.environment[name]
        if is_closed((name,)):
            self._hide()
        return value

    def _fact(self, name: str, path: Keys) -> str:
        if name not in self.facts:
            hint = self._nearest(name, self.facts, "It has")
            raise self._unresolved(path, f"workspace.{name[:60]} is not known.", hint)
        return self.facts[name]

    def _setting(self, name: str, path: Keys) -> Any:
        try:
            return self.value(tuple(name.split(".")))
        except (KeyError, TypeError):
            hint = self._nearest(name, map(".".join, self.merged.origins))
            raise self._unresolved(path, f"settings.{name[:80]} is not set.", hint) from None

    def _nearest(self, name: str, known: Iterable[str], noun: str = "") -> str:
        self._hints += 1
        return nearest(name, known, noun) if self._hints <= _MOST_HINTS else ""

    def _hide(self) -> None:
        """What is being worked out is put together from what is never shown."""
        self._mixed.update(self._open)

    def _unresolved(self, path: Keys, message: str, hint: str) -> Unresolved:
        origin = self.merged.origin(path)
        place = origin.place(path) if origin else None
        where = (place.file, place.line, place.column) if place else ("", 0, 0)
        return Unresolved(Problem(message, hint, *where, address=".".join(path)))


def as_text(value: Any) -> Any:
    """The value as a settings file must hold it to mean just this: braces in it are no template."""
    if isinstance(value, str):
        return value.replace("{{", '{{ "{{" }}')
    if is_mapping(value):
        return {key: as_text(each) for key, each in value.items()}
    return [as_text(each) for each in value] if is_list(value) else value


def _arrows(ring: Sequence[Keys]) -> str:
    names = [".".join(path) for path in ring]
    if len(names) > _SHOWN:
        names = [*names[: _SHOWN // 2], f"{len(names) - _SHOWN + 1} more", *names[1 - _SHOWN // 2 :]]
    return " → ".join(names)


def _size(value: Any, most: int) -> int:
    """About as many characters as the value would take; counting ends where it is more than `most`."""
    size, waiting = 0, [value]
    while waiting and size <= most:
        each = waiting.pop()
        size += len(each) if isinstance(each, str) else 4
        if is_mapping(each):
            waiting += each.values()
        elif is_list(each):
            waiting += each
    return size
