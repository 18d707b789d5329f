"""References and depends_on: what they name must be declared, and must have what is asked of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.manifest.entry import Entry
from engine.manifest.properties import texts_with_references
from engine.model.address import Address
from engine.model.resource import Declaration
from engine.model.resource_type import ResourceType
from engine.model.unknown import Reference, Unknown
from engine.notation.nodes import Path
from engine.notation.problems import Problems, quoted


@dataclass(frozen=True, slots=True)
class Declared:
    """One entry with what became of it; without a type its provider or type is wrong, which is reported already."""

    entry: Entry
    declaration: Declaration
    type: ResourceType | None


class ReferenceCheck:
    """`complete` says whether every file could be read: only then is an absent target a problem."""

    def __init__(self, declared: Sequence[Declared], complete: bool, problems: Problems) -> None:
        self._declared: Mapping[Address, Declared] = {each.declaration.address: each for each in declared}
        self._complete = complete
        self._problems = problems
        self._names: dict[str, list[str]] = defaultdict(list)
        for address in self._declared:
            self._names[address.type].append(str(address))

    def check(self, source: Declared) -> None:
        for name, value in source.declaration.properties.items():
            for path, unknown in texts_with_references(value, (name,)):
                for reference in unknown.references():
                    self._reference(source, path, unknown, reference)
        for number, address in enumerate(source.declaration.depends_on):
            self._target(source, ("depends_on", number), address, "depends_on names")

    def _reference(self, source: Declared, path: Path, unknown: Unknown, reference: Reference) -> None:
        target = self._target(source, path, reference.address, "The reference names")
        if target is None or target.type is None:
            return
        report = source.entry.report
        field = target.type.properties.get(reference.property)
        if field is None:
            hint = self._problems.nearest(reference.property, target.type.properties, f"{target.type.name} has")
            message = f"{target.declaration.address} has no property {quoted(reference.property)}."
            report(self._problems, path, message, hint)
        elif field.secret:
            message = f"{reference} is a secret, which no reference can read."
            report(self._problems, path, message, "Write the same secret://NAME here if the property takes a secret.")
        wanted = source.type.properties[str(path[0])].refers if source.type else ""
        if wanted and reference.address.type != wanted and unknown.expression.strip() == unknown.expression:
            message = f"{path[0]} takes the id of a {wanted}; this refers to a {reference.address.type}."
            report(self._problems, path, message, f"Write ${{{wanted}.NAME.id}}.")

    def _target(self, source: Declared, path: Path, address: Address, says: str) -> Declared | None:
        """The declaration that is named, once the name was found to be sound."""
        report = source.entry.report
        if address.declaration == source.declaration.address:
            report(self._problems, path, f"{says} the resource itself.", "Take it out, or name another resource.")
            return None
        target = self._declared.get(address.declaration)
        if target is None:
            if self._complete:
                same_type = self._names.get(address.type)
                near = same_type or [str(known) for known in self._declared]
                hint = self._problems.nearest(str(address.declaration), near, "There are") or "Declare it first."
                report(self._problems, path, f"{says} {address.declaration}, which no manifest file declares.", hint)
            return None
        wrong = _wrong_key(address, target.declaration)
        if wrong:
            report(self._problems, path, *wrong)
            return None
        return target


def _wrong_key(address: Address, target: Declaration) -> tuple[str, str] | None:
    """Why the key does not fit, and the remedy."""
    key, whole = address.key, address.declaration
    if key is None or (target.names is not None and key in target.names):
        return None
    if target.names is not None:
        names = ", ".join(target.names[:12]) or "(none)"
        return f"{whole} has no instance {quoted(key)}.", f"It has the names {names}."
    if target.count is None:
        return f"{whole} is a single resource; {address} names one of several.", f"Write {whole} without the brackets."
    if isinstance(key, str):
        return f"{whole} is counted; its instances have numbers.", f"Write {whole}[0]."
    last = f"The last one is {whole}[{target.count - 1}]." if target.count else "Its count is 0."
    return (f"{address} is out of range: count is {target.count}.", last) if key >= target.count else None
