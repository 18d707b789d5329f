"""Interpolation: `{{ … }}` in settings files, worked out when a value is asked for.

`env` reads only names that the home allows. What comes out is never read again as a template, so that a variable's
value can't smuggle one in; and nothing is interpolated that came as an argument, which a tool may have sent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.model.errors import Problem
from engine.model.unknown import is_list, is_mapping
from engine.notation.problems import nearest, quoted
from engine.settings.merge import Keys, Merged

_TEMPLATE = re.compile(r'\{\{\s*("\{\{"|[^{}]*?)\s*\}\}')
_BRACES = '"{{"'
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LONGEST = 64 << 10  # characters of a value, however its parts multiply
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
    _known: dict[Keys, Any] = field(init=False, default_factory=dict[Keys, Any])
    _open: list[Keys] = field(init=False, default_factory=list[Keys])

    def value(self, path: Keys) -> Any:
        """The setting's value with every template in it worked out. Raises `Unresolved`, `KeyError` for no setting."""
        if path in self._known:
            return self._known[path]
        if path in self._open:
            ring = [*self._open[self._open.index(path) :], path]
            raise self._unresolved(path, f"It refers to itself: {' → '.join(map('.'.join, ring))}.", "Break the ring.")
        self._open.append(path)
        try:
            value = self._known[path] = self._worked_out(self._raw(path), path)
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
            return self._named(whole[1], path)  # alone it keeps its type: a number stays one
        text = _TEMPLATE.sub(lambda found: self._text(found[1], path), value)
        if len(text) > _LONGEST:
            raise self._unresolved(path, f"It would be longer than {_LONGEST >> 10} KiB.", "Shorten what it refers to.")
        return text

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
        return self.environment[name]

    def _fact(self, name: str, path: Keys) -> str:
        if name not in self.facts:
            hint = nearest(name, self.facts, "It has")
            raise self._unresolved(path, f"workspace.{name[:60]} is not known.", hint)
        return self.facts[name]

    def _setting(self, name: str, path: Keys) -> Any:
        try:
            return self.value(tuple(name.split(".")))
        except (KeyError, TypeError):
            hint = nearest(name, map(".".join, self.merged.origins))
            raise self._unresolved(path, f"settings.{name[:80]} is not set.", hint) from None

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
