"""Demands that one resource meets by itself: properties, labels, name, provider, region, size, prevent_destroy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from engine.model.unknown import is_list, is_mapping, unknowns
from engine.policy.rules.check import Check
from engine.policy.rules.fault import Fault, Open
from engine.policy.rules.pattern import pattern
from engine.policy.rules.rule import Require
from engine.policy.rules.subject import Subject, as_written

REGIONS = ("region", "location", "zone")
Findings = Iterator[Fault | Open]


def property_findings(need: Require, subject: Subject) -> Findings:
    for path, check in need.properties.items():
        if subject.has(path):
            yield from _property(path, check, subject)
    for name, check in need.labels.items():
        for message, better in check.faults(subject.resource.labels.get(name)):
            yield _label(subject, name, message, better)
    for findings in _SINGLE:
        yield from findings(need, subject)


def _property(path: str, check: Check, subject: Subject) -> Findings:
    value = subject.value(path)
    if is_list(value):
        known = [item for item in value if not any(True for _ in unknowns(item))]
        if len(known) < len(value):
            yield Open(f"{path} is not known yet in whole")
        if len(known) < len(value) and not known:
            return
        value = known
    elif any(True for _ in unknowns(value)):
        yield Open(f"{path} is not known yet")
        return
    for message, better in check.faults(value):
        remedy, properties = _better(path, check, better, subject)
        edit = subject.edit(**properties) if properties is not None else None
        yield Fault(f"properties.{path}", f"{path} {message}", remedy, edit)


def _better(path: str, check: Check, better: Any, subject: Subject) -> tuple[str, dict[str, Any] | None]:
    """What to do, and the properties that do it where that can be told."""
    name, *inner = path.split(".")
    field = subject.type.properties[name]
    if field.computed:
        return f"The provider sets {name}; change what it depends on.", None
    if better is None:
        if check.present is False and not inner and not field.required:
            return f"Leave {name} out.", {name: None}
        return f"Write another {path}." if subject.value(path) is not None else f"Write {path}.", None
    whole = _with(subject.resource.properties.get(name), inner, better)
    return f"Write {path}: {as_written(better)}.", None if whole is None else {name: whole}


def _with(value: Any, inner: Sequence[str], better: Any) -> Any:
    """The value with one place below it changed; None where the way there leads through a list."""
    if not inner:
        return better
    if value is not None and not is_mapping(value):
        return None
    below = _with((value or {}).get(inner[0]), inner[1:], better)
    return None if below is None else {**(value or {}), inner[0]: below}


def _label(subject: Subject, name: str, message: str, better: Any) -> Fault:
    labels = subject.resource.labels
    edit = subject.edit(labels={**labels, name: better}) if isinstance(better, str) else None
    shown = f"{name}: {better}" if isinstance(better, str) else name
    if message.startswith("has to be left out"):
        edit = subject.edit(labels={key: text for key, text in labels.items() if key != name})
        return Fault(f"labels.{name}", f"the label {name} {message}", f"Take the label {name} out.", edit)
    return Fault(f"labels.{name}", f"the label {name} {message}", f"Write the label {shown}.", edit)


def _name(need: Require, subject: Subject) -> Findings:
    name = subject.address.name
    if need.name is not None and not pattern(need.name).fits(name):
        remedy = "Name it so; what exists under another name is forgotten and adopted anew, or it would be replaced."
        yield Fault("name", f"its name {name} does not fit {need.name}", remedy)


def _provider(need: Require, subject: Subject) -> Findings:
    if need.providers and subject.resource.provider not in need.providers:
        message = f"its provider is {subject.resource.provider}; {_allowed(need.providers)}"
        # Another provider may not cover the type or its properties, so no edit is offered.
        yield Fault("providers", message, f"Declare it with {' or '.join(need.providers)}.")


def _region(need: Require, subject: Subject) -> Findings:
    path = next((name for name in REGIONS if name in subject.type.inputs), None)
    if need.regions and path:
        yield from _one_of("regions", path, need.regions, subject, {})


def _size(need: Require, subject: Subject) -> Findings:
    if need.sizes and subject.address.type == "server" and subject.has("size"):
        instead = {"needs": None} if subject.resource.properties.get("needs") is not None else {}
        yield from _one_of("sizes", "size", need.sizes, subject, instead)


def _one_of(about: str, path: str, allowed: Sequence[str], subject: Subject, more: dict[str, Any]) -> Findings:
    value = subject.value(path)
    if any(True for _ in unknowns(value)):
        yield Open(f"{path} is not known yet")
    elif value not in allowed:
        said = f"{path} is left to the provider" if value is None else f"{path} is {value}"
        edit = subject.edit(**{path: allowed[0]}, **more)
        yield Fault(about, f"{said}; {_allowed(allowed)}", f"Write {path}: {allowed[0]}.", edit)


def _prevent_destroy(need: Require, subject: Subject) -> Findings:
    lifecycle = subject.resource.lifecycle
    if need.prevent_destroy is None or lifecycle.prevent_destroy is need.prevent_destroy:
        return
    order = {"replace": lifecycle.replace} if lifecycle.replace != "delete_first" else {}
    word = str(need.prevent_destroy).lower()
    edit = subject.edit(lifecycle={"prevent_destroy": need.prevent_destroy, **order})
    yield Fault(
        "prevent_destroy", f"prevent_destroy is not {word}", f"Write lifecycle: {{prevent_destroy: {word}}}.", edit
    )


def _allowed(words: Iterable[str]) -> str:
    return f"allowed are {', '.join(words)}"


_SINGLE: tuple[Callable[[Require, Subject], Findings], ...] = (_name, _provider, _region, _size, _prevent_destroy)
