"""Plans about settings: which lines of which file, which values in force, what they touch and from when on."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

from engine.model.action import Action
from engine.model.change import Change, Compensation, PropertyDiff
from engine.model.plan import Risk, RiskLevel
from engine.model.setting import Setting
from engine.planner.home_aim import HomeAim
from engine.settings.layer import LayerName
from engine.settings.reach import Reach, reach_of
from engine.settings.rehearsal import LayerEdit, Rehearsal, digest_of

PREFIX = "settings:"
_NOT_SHOWN = "set, not shown"


def aim_at_settings(rehearsal: Rehearsal, worker: str) -> HomeAim:
    """One change for each file whose text changes; values that change along with them are told by the first.

    `worker` is who carries out runs now; empty for nobody.
    """
    edits = [each for each in rehearsal.edits if each.after != (each.before or "")]
    if not edits:
        return HomeAim()
    told = {key for edit in edits for key in _keys(edit)}
    others = [key for key in _moved(rehearsal) if key not in told]
    changes = [
        _change(rehearsal, edit, [*_keys(edit), *(others if number == 0 else [])]) for number, edit in enumerate(edits)
    ]
    return HomeAim(changes, warnings=(*_overruled(rehearsal), *_restarts(rehearsal, worker)))


def settings_risk(rehearsal: Rehearsal) -> Risk:
    """High where the change decides whom the home trusts, or where its data is."""
    guarded = sorted({".".join(path) for edit in rehearsal.edits for path in edit.changes if reach_of(path).guarded})
    if not guarded:
        return Risk(level=RiskLevel.LOW)
    return Risk(level=RiskLevel.HIGH, reasons=(f"changes what the home trusts or where its data is: {_some(guarded)}",))


def _change(rehearsal: Rehearsal, edit: LayerEdit, keys: Iterable[str]) -> Change:
    after: dict[str, Any] = {
        "layer": edit.target.layer.value, "file": edit.target.file,
        "changes": {".".join(path): value for path, value in edit.changes.items()},
        "before_sha256": edit.before_sha256, "after_sha256": digest_of(edit.after), "lines": _lines(rehearsal, edit),
    }  # fmt: skip
    return Change(
        address=f"{PREFIX}{edit.target.file}", effect="settings", action=Action.UPDATE, reason=_reason(edit),
        after=after, diff=tuple(each for key in keys if (each := _diff(rehearsal, key)) is not None),
        compensation=Compensation(possible=True, text="plan the former values with plan_settings"),
    )  # fmt: skip


def _keys(edit: LayerEdit) -> list[str]:
    return [".".join(path) for path in edit.changes]


def _moved(rehearsal: Rehearsal) -> list[str]:
    return [key for key in {**rehearsal.before, **rehearsal.after} if _diff(rehearsal, key) is not None]


def _diff(rehearsal: Rehearsal, key: str) -> PropertyDiff | None:
    """Of the value in force; None where it stays."""
    before, after = _value(rehearsal.before.get(key)), _value(rehearsal.after.get(key))
    hidden = before == after == _NOT_SHOWN and key in {each for edit in rehearsal.edits for each in _keys(edit)}
    return None if before == after and not hidden else PropertyDiff(path=key, before=before, after=after)


def _value(setting: Setting | None) -> Any:
    if setting is None:
        return None
    return _NOT_SHOWN if setting.is_hidden else setting.value


def _reason(edit: LayerEdit) -> str:
    set_ = [".".join(path) for path, value in edit.changes.items() if value is not None]
    gone = [".".join(path) for path, value in edit.changes.items() if value is None]
    parts = [f"sets {_some(set_)}"] * bool(set_) + [f"takes out {_some(gone)}"] * bool(gone)
    where = {"home": "in the home", "workspace": "in the workspace"}.get(edit.target.layer.value, "for the environment")
    at_once = dict.fromkeys(reach_of(path).touches for path in edit.changes if not reach_of(path).restart)
    new = "" if edit.before is not None else ", in a new file"
    return f"{' and '.join(parts)} {where}{new}" + (f"; it touches {', '.join(at_once)}" if at_once else "")


def _lines(rehearsal: Rehearsal, edit: LayerEdit) -> str:
    """What changes in the file; nothing where a line might show what is not to be shown."""
    if edit.target.layer in rehearsal.closed:
        return ""
    before, after, file = (edit.before or "").splitlines(), edit.after.splitlines(), edit.target.file
    return "\n".join(difflib.unified_diff(before, after, f"a/{file}", f"b/{file}", n=0, lineterm=""))


def _overruled(rehearsal: Rehearsal) -> Iterable[str]:
    for edit in rehearsal.edits:
        for key in _keys(edit):
            now = rehearsal.after.get(key)
            if now is not None and _stands_above(now, edit.target.layer):
                yield f"{key} stays as it is: {now.holds.where} says so, which is above {edit.target.file}."


def _stands_above(setting: Setting, layer: LayerName) -> bool:
    order = [each.value for each in LayerName]
    return order.index(setting.holds.layer) < order.index(layer.value)


def _restarts(rehearsal: Rehearsal, worker: str) -> Iterable[str]:
    reaches: dict[Reach, list[str]] = {}
    for edit in rehearsal.edits:
        for path in edit.changes:
            if reach_of(path).restart:
                reaches.setdefault(reach_of(path), []).append(".".join(path))
    for reach, keys in reaches.items():
        yield f"{_some(keys)} touches {reach.touches}, from the next start on: restart what runs."
    if reaches and worker:
        yield f"Running now, with the former values: {worker}."


def _some(names: list[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
