"""Accounts of settings: each one's value with what every layer says of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic_core import to_jsonable_python

from engine.model.errors import NotFound
from engine.model.setting import LayerValue, Setting
from engine.model.unknown import is_mapping
from engine.notation.problems import nearest
from engine.settings.closed import holds_password, is_closed
from engine.settings.layer import Layer, LayerName
from engine.settings.merge import Keys, leaves
from engine.settings.resolve import Resolved
from engine.settings.schema import SettingKind, kind_of, kinds
from engine.settings.variables import variable_of

_TELLS_NOTHING = "set, not shown"


def settings_of(resolved: Resolved, query: str = "") -> list[Setting]:
    """In the order of the schema. `query` names keys or parts of them; otherwise it is words of a description."""
    values = resolved.settings.model_dump(mode="json")
    found = [_account(resolved, path, kind, values) for path, kind in _paths(resolved)]
    words = query.lower().split()
    named = [[each for each in found if f".{word}." in f".{each.key}."] for word in words]
    if words and all(named):
        wanted = {each.key for group in named for each in group}
        return [each for each in found if each.key in wanted]
    return [each for each in found if all(word in _words(each) for word in words)]


def setting_of(resolved: Resolved, key: str) -> Setting:
    """Raises `NotFound` with the nearest keys."""
    known = {".".join(path): (path, kind) for path, kind in _paths(resolved)}
    if key not in known:
        hint = nearest(key, known) or "`groundplan settings show` lists all."
        raise NotFound(f"There is no setting {key[:80]!r}.", hint=hint)
    return _account(resolved, *known[key], resolved.settings.model_dump(mode="json"))


def _paths(resolved: Resolved) -> Iterator[tuple[Keys, SettingKind]]:
    """Every setting of the schema; of the user's own tables every value in them."""
    own = [path for path, _ in leaves(resolved.values) if path not in kinds()]
    for path, kind in kinds().items():
        below = [each for each in own if each[: len(path)] == path]
        if kind.type != "table":
            yield path, kind
        for each in below:
            yield each, kind


def _account(resolved: Resolved, path: Keys, kind: SettingKind, values: Mapping[str, Any]) -> Setting:
    value = _at(values, path)
    is_mixed = any(path[:end] in resolved.hidden for end in range(len(path) + 1))
    is_hidden = is_closed(path) or holds_password(value) or is_mixed
    said = [_said(layer, path, hidden=is_closed(path)) for layer in resolved.layers if _says(layer, path)]
    default = to_jsonable_python(kind.default) if path == kind.path else None
    if path == kind.path:
        said.append(LayerValue(layer=LayerName.BUILT_IN.value, value=default))
    return Setting(
        key=".".join(path), value=None if is_hidden and value else value, is_hidden=is_hidden and bool(value),
        description=kind.description, type=kind.type, rules=kind.rules, unit=kind.unit, default=default,
        by_workspace=kind.by_workspace, since=kind.since, variable=variable_of(path), layers=tuple(said),
    )  # fmt: skip


def _said(layer: Layer, path: Keys, *, hidden: bool) -> LayerValue:
    place = layer.place(path)
    stated = _at(layer.values, path)
    value = _TELLS_NOTHING if hidden or holds_password(stated) else to_jsonable_python(stated)
    return LayerValue(layer=layer.name.value, value=value, source=layer.source, line=place.line)


def _says(layer: Layer, path: Keys) -> bool:
    try:
        return not (is_mapping(_at(layer.values, path)) and kind_of(path) is None)
    except KeyError:
        return False


def _at(values: Any, path: Keys) -> Any:
    for key in path:
        if not is_mapping(values) or key not in values:
            raise KeyError(key)
        values = values[key]
    return values


def _words(setting: Setting) -> str:
    return f"{setting.key} {setting.description} {setting.value}".lower()
