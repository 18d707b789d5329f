"""The demand that a resource comes with another one: a production server with a volume, a firewall, …"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.model.request import Edit
from engine.model.unknown import Unknown, is_list
from engine.policy.rules.fault import Fault, Open
from engine.policy.rules.pattern import pattern
from engine.policy.rules.rule import Related, Require
from engine.policy.rules.scope import has_labels
from engine.policy.rules.subject import Subject, Subjects


def relation_findings(need: Require, subject: Subject, around: Subjects) -> Iterator[Fault | Open]:
    wanted = need.related
    if wanted is None:
        return
    there = [each for each in around.related(subject, wanted.type) if _fits(wanted, each)]
    strangers = around.strangers(subject, wanted.type)
    if len(there) >= wanted.at_least:
        return
    if strangers and len(there) + len(strangers) >= wanted.at_least:
        # Their type is certain, their name and labels are not.
        if wanted.name is not None or wanted.labels:
            yield Open(f"nothing is known here of {wanted.type} {', '.join(strangers)}")
        return
    has = f"has {len(there)} {wanted.type}" if there else f"has no {wanted.type}"
    message = f"{has}{_kind(wanted)}; it needs at least {wanted.at_least}"
    remedy, edit = _remedy(wanted, subject, around, {each.address for each in there})
    yield Fault(f"related.{wanted.type}", message, remedy, edit if wanted.at_least == len(there) + 1 else None)


def _fits(wanted: Related, other: Subject) -> bool:
    named = wanted.name is None or pattern(wanted.name).fits(other.address.name)
    return named and has_labels(other.resource.labels, wanted.labels)


def _kind(wanted: Related) -> str:
    labels = ", ".join(f"{key}: {' or '.join(values)}" for key, values in wanted.labels.items())
    name = f" whose name fits {wanted.name}" if wanted.name is not None else ""
    return name + (f" with {labels}" if labels else "")


def _remedy(wanted: Related, subject: Subject, around: Subjects, there: set[Any]) -> tuple[str, Edit | None]:
    """Refer to one that there is, from whichever side takes a reference; or, in words, declare one."""
    others = [each for each in around.some(wanted.type) if each.address not in there and _fits(wanted, each)]
    own = _taking(subject, wanted.type)
    if own and others:
        reference = Unknown(f"${{{others[0].address}.id}}")
        value = subject.resource.properties.get(own)
        takes_several = is_list(subject.type.properties[own].default)
        if takes_several or value is None:
            whole = [*(value if is_list(value) else []), reference] if takes_several else reference
            return f"Let its {own} name {reference.expression}.", subject.edit(**{own: whole})
    for other in others:
        theirs = _taking(other, subject.address.type)
        if theirs and other.resource.properties.get(theirs) is None and other.address.key is None:
            reference = Unknown(f"${{{subject.address}.id}}")
            remedy = f"Let {theirs} of {other.address} name {reference.expression}."
            return remedy, other.edit(**{theirs: reference})
    if own:
        return f"Declare a {wanted.type}{_kind(wanted)}, and let its {own} name ${{{wanted.type}.NAME.id}}.", None
    return f"Declare a {wanted.type}{_kind(wanted)} that refers to ${{{subject.address}.id}}.", None


def _taking(subject: Subject, type: str) -> str | None:
    """The property that takes ids of a type."""
    return next((name for name, field in subject.type.inputs.items() if field.refers == type), None)
