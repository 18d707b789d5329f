"""Questions about the workspace itself and the home: serial, folder, loose ends, settings in force."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from engine.model.citation import cite_resource, cite_workspace
from engine.model.state_answer import StateRow
from engine.questions.case import Case, Draft, SettingFact
from engine.questions.lexeme import Part
from engine.questions.tell import ROWS, clock, cut, listed
from engine.settings.closed import holds_password, is_closed
from engine.settings.home import CONFIG_FILE, HomeSettings

_LIGHT = {Part.ASK, Part.DO, Part.DEFINITE, Part.TIED, Part.WITH}
# What people call a setting besides its name.
_ALSO = {
    "lease_time": "lease_seconds", "lease_duration": "lease_seconds", "poll_interval": "poll_seconds",
    "polling_interval": "poll_seconds",
}  # fmt: skip


def setting_facts(settings: HomeSettings) -> dict[str, SettingFact]:
    """By dotted name and, where that is one setting's alone, by its last part and what else people call it."""
    facts = {fact.name: fact for fact in _facts(settings, "")}
    last: dict[str, list[SettingFact]] = {}
    for fact in facts.values():
        last.setdefault(fact.name.rpartition(".")[2], []).append(fact)
    short = {name: found[0] for name, found in last.items() if len(found) == 1 and "_" in name}
    return {**{said: short[name] for said, name in _ALSO.items() if name in short}, **short, **facts}


def about_settings(case: Case) -> Draft | None:
    """`What is retry_attempts set to?`, `what is the lease time?`, `which settings are configured?`"""
    reading = case.reading
    named = [each.value for each in reading.all(Part.SETTING) if isinstance(each.value, SettingFact)]
    if not reading.only({*_LIGHT, Part.SETTING, Part.SET_TO}) or reading.asks(
        "who", "when", "why", "about", "how long"
    ):
        return None
    current = reading.has(Part.SET_TO) or bool(reading.fillers & {"currently", "now", "right now", "we", "here"})
    # `What is the lease time?` is about ours; `what is the lease time for?` is not.
    current = current or (reading.has(Part.DEFINITE) and reading.asks("what") and "for" not in reading.fillers)
    if not named:
        return _configured(case) if reading.has(Part.SETTING) and reading.has(Part.SET_TO) else None
    if not current and not reading.asks("list"):
        return None
    rows = tuple(StateRow(each.name, "", {"value": each.text, "from": each.source}) for each in named)
    words = "; ".join(f"{each.name} is {each.text} ({each.source})" for each in named)
    return Draft(f"{words}.", f"settings {listed(each.name for each in named)}", len(rows), rows)


def about_place(case: Case) -> Draft | None:
    """The workspace: its serial, its folder, its age; which others there are."""
    reading = case.reading
    if not reading.only({*_LIGHT, Part.WORKSPACE, Part.SERIAL, Part.FOLDER, Part.STATUS, Part.MOVED, Part.SET_TO}):
        return None
    place, here = case.place, (cite_workspace(case.name),)
    local = "this workspace" in " ".join(reading.fillers) or "in this workspace" in reading.fillers
    if reading.has(Part.SERIAL) and (reading.has(Part.DEFINITE, Part.WORKSPACE) or reading.asks("list") or local):
        text = f"Workspace {place.name} is at state serial {place.serial}."
        return Draft(text, "the state serial", 1, _place_row(case), citations=here)
    if reading.has(Part.FOLDER) and (reading.has(Part.WORKSPACE) or local):
        return Draft(f"Workspace {place.name} is in {cut(place.path)}.", "the workspace's folder", 1, _place_row(case))
    if reading.has(Part.WORKSPACE) and not reading.has(Part.FOLDER, Part.SERIAL):
        return _workspaces(case)
    if local and reading.asks("when") and reading.holds(Part.MOVED, "create"):
        return Draft(
            f"Workspace {place.name} was registered {clock(place.created_at, case.now)}.",
            "its age",
            1,
            _place_row(case),
        )
    return None


def loose_ends(case: Case) -> Draft | None:
    """`Are there loose ends?`: creates whose answer is not known."""
    reading = case.reading
    if not reading.has(Part.LOOSE_END) or not reading.only({*_LIGHT, Part.LOOSE_END}):
        return None
    if not (reading.asks("exists", "list", "count") or reading.fillers & {"there", "we", "here"}):
        return None
    ends = case.stores.resources.loose_ends(case.name)
    if not ends:
        return Draft("There are no loose ends.", "loose ends", citations=(cite_workspace(case.name),))
    rows = tuple(
        StateRow(each.address, cite_resource(case.name, each.address), {"provider": each.provider, "type": each.type})
        for each in ends[:ROWS]
    )
    many = f"{len(ends):,} create{'' if len(ends) == 1 else 's'}"
    text = f"{many} whose answer is not known: {listed(each.name for each in rows)}."
    return Draft(text, "loose ends", len(ends), rows, next="plan_change without edits settles them.")


def _facts(model: BaseModel, prefix: str) -> Iterator[SettingFact]:
    for name in type(model).model_fields:
        value: Any = getattr(model, name)
        if isinstance(value, BaseModel):
            yield from _facts(value, f"{prefix}{name}.")
        elif name != "providers":
            stated = name in model.model_fields_set
            yield SettingFact(f"{prefix}{name}", _shown(name, value), CONFIG_FILE if stated else "default")


def _shown(name: str, value: Any) -> str:
    if is_closed(tuple(name.split("."))) or holds_password(value):
        return "set (not shown)" if value else "not set"
    if isinstance(value, tuple):
        return ", ".join(str(each) for each in value) or "none"  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    return cut(f"{value}") if value not in ("", None) else "not set"


def _configured(case: Case) -> Draft:
    stated = {fact.name: fact for fact in case.settings.values() if fact.source == CONFIG_FILE}
    asked = f"settings that {CONFIG_FILE} states"
    if not stated:
        return Draft(f"{CONFIG_FILE} states none: every setting has its default.", asked)
    rows = tuple(StateRow(each.name, "", {"value": each.text, "from": each.source}) for each in stated.values())
    words = listed(f"{each.name} {each.text}" for each in stated.values())
    return Draft(f"{len(rows)} from {CONFIG_FILE}: {words}.", asked, len(rows), rows[:ROWS])


def _workspaces(case: Case) -> Draft | None:
    reading = case.reading
    active = any(each.text == "active" for each in reading.all(Part.STATUS))
    if (reading.has(Part.STATUS) and not active) or reading.has(Part.MOVED, Part.SET_TO):
        return None
    asked_here = reading.asks("list", "count", "exists") or bool(reading.fillers & {"there", "we", "i"}) or active
    if not asked_here or reading.asks("who", "when", "why", "about", "where"):
        return None
    found = case.stores.workspaces.all()
    if active:
        found = [each for each in found if each.active]
    rows = tuple(
        StateRow(
            each.name, cite_workspace(each.name), {"serial": str(each.serial), "active": "yes" if each.active else "no"}
        )
        for each in found[:ROWS]
    )
    kind = "active workspace" if active else "workspace"
    names = f": {listed(each.name for each in found)}" if found else ""
    return Draft(f"{len(found):,} {kind}{'' if len(found) == 1 else 's'}{names}.", f"{kind}s", len(found), rows)


def _place_row(case: Case) -> tuple[StateRow, ...]:
    place = case.place
    fields = {"serial": str(place.serial), "path": cut(place.path), "created": clock(place.created_at, case.now)}
    return (StateRow(place.name, cite_workspace(place.name), fields),)
