"""Names that rules use and nobody else knows: a rule about the type servr would hold for nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from engine.model.resource_type import ResourceType
from engine.model.unknown import is_mapping
from engine.notation.document import Document
from engine.notation.nodes import Path
from engine.notation.problems import Problems, nearest, quoted

Types = Mapping[str, Mapping[str, ResourceType]]


def check_names(document: Document, types: Types, problems: Problems) -> None:
    """Report types, providers and properties that no provider has, also in rules that are wrong otherwise."""
    check = _Names(document, types, problems)
    rules = document.data.get("rules")
    for number, rule in enumerate(cast("list[Any]", rules) if isinstance(rules, list) else []):
        check.rule(_below(rule, "when"), _below(rule, "require"), ("rules", number))


class _Names:
    def __init__(self, document: Document, types: Types, problems: Problems) -> None:
        self._document, self._types, self._problems = document, types, problems
        self._kinds = {name for covered in types.values() for name in covered}

    def rule(self, when: dict[str, Any], need: dict[str, Any], path: Path) -> None:
        kinds = _texts(when.get("type"))
        self._known(kinds, self._kinds, (*path, "when", "type"), "type")
        self._known(_texts(when.get("provider")), self._types, (*path, "when", "provider"), "provider")
        self._properties(_below(when, "properties"), kinds, (*path, "when", "properties"))
        self._known(_texts(need.get("providers")), self._types, (*path, "require", "providers"), "provider")
        self._properties(_below(need, "properties"), kinds, (*path, "require", "properties"))
        partner = _texts(_below(need, "related").get("type"))
        self._known(partner, self._kinds, (*path, "require", "related", "type"), "type")
        for demand, kind in (("closed_ports", "firewall"), ("sizes", "server")):
            if demand in need and kinds and kind not in kinds:
                message = f"{demand} is about every {kind}, and this rule is about none."
                self._add((*path, "require", demand), message, f"Take when.type out, or write type: {kind}.")

    def _known(self, words: Iterable[str], known: Iterable[str], path: Path, noun: str) -> None:
        names = sorted(known)
        for number, word in enumerate(words):
            if word not in names:
                hint = nearest(word, names, "There are")
                self._add((*path, number), f"There is no {noun} {quoted(word)}.", hint)

    def _properties(self, paths: Iterable[str], kinds: Sequence[str], at: Path) -> None:
        """Each has to be a property of one of the types, with one of the providers."""
        covered = [kind for types in self._types.values() for kind in types.values()]
        meant = [kind for kind in covered if not kinds or kind.name in kinds]
        names = {name for kind in meant for name in kind.properties}
        for path in paths:
            word = path.partition(".")[0]
            if names and word not in names:
                whose = ", ".join(kinds) or "any type"
                self._add((*at, path), f"{quoted(word)} is no property of {whose}.", nearest(word, names, "There are"))

    def _add(self, path: Path, message: str, hint: str) -> None:
        self._problems.add(self._document.problem(path, message, hint))


def _below(value: Any, key: str) -> dict[str, Any]:
    found = value.get(key) if is_mapping(value) else None
    return found if is_mapping(found) else {}


def _texts(value: Any) -> list[str]:
    """One text or several, as both may be written; what is no text is reported elsewhere."""
    several = cast("list[Any]", value) if isinstance(value, list) else [value]
    return [each for each in several if isinstance(each, str)]
