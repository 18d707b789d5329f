"""Manifest files to declarations: everything that is wrong is found before anything is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.manifest.entry import Entry, entries
from engine.manifest.facts import read_facts
from engine.manifest.properties import read_properties
from engine.manifest.reader import read_manifests
from engine.manifest.references import Declared, ReferenceCheck
from engine.model.address import Address
from engine.model.resource import Declaration
from engine.model.resource_type import ResourceType
from engine.notation.document import Document
from engine.notation.problems import Problems, quoted

Offers = Mapping[str, Mapping[str, ResourceType]]


def parse(files: Mapping[str, str], offers: Offers, default_provider: str = "") -> tuple[Declaration, ...]:
    """Every declaration of the files, in the order of files and of lines; types' defaults are not filled in.

    Raises `ManifestInvalid` with every problem of every file.
    """
    problems = Problems()
    documents = read_manifests(files, problems)
    readable = [document for document in documents if document]
    found = [_declared(entry, offers, default_provider, problems) for entry in _unique(readable, problems)]
    references = ReferenceCheck(found, complete=len(readable) == len(documents), problems=problems)
    for each in found:
        references.check(each)
    problems.raise_any()
    return tuple(each.declaration for each in found)


def _unique(documents: Sequence[Document], problems: Problems) -> list[Entry]:
    first: dict[Address, Entry] = {}
    for document in documents:
        for entry in entries(document, problems):
            known = first.setdefault(entry.address, entry)
            if known is not entry:
                place = known.document.place(known.path)
                message = f"It is declared in {place.file}:{place.line} already."
                entry.report(problems, (), message, "Keep one of them, or rename one.")
    return list(first.values())


def _declared(entry: Entry, offers: Offers, default_provider: str, problems: Problems) -> Declared:
    provider = entry.provider or default_provider
    if provider != entry.provider:
        entry = Entry(entry.address, entry.body, provider, entry.document, entry.path)
    kind = _type(entry, offers, problems)
    facts = read_facts(entry, problems)
    properties = read_properties(entry, kind, problems) if kind else {}
    declaration = Declaration(
        address=entry.address, provider=provider, properties=properties, count=facts.count, names=facts.names,
        depends_on=facts.depends_on, labels=facts.labels, lifecycle=facts.lifecycle,
        place=entry.document.place(entry.path),
    )  # fmt: skip
    return Declared(entry, declaration, kind)


def _type(entry: Entry, offers: Offers, problems: Problems) -> ResourceType | None:
    if not entry.provider:
        hint = f"Write provider at the top of {entry.document.file} or in the resource: {', '.join(sorted(offers))}."
        entry.report(problems, (), "No provider is named.", hint)
        return None
    types = offers.get(entry.provider)
    if types is None:
        at = ("provider",) if "provider" in entry.body else ()
        hint = problems.nearest(entry.provider, offers, "There are")
        entry.report(problems, at, f"There is no provider {quoted(entry.provider)}.", hint)
        return None
    kind = types.get(entry.address.type)
    if kind is None:
        others = sorted(name for name, covered in offers.items() if entry.address.type in covered)
        hint = (
            f"It is covered by {', '.join(others)}."
            if others
            else problems.nearest(entry.address.type, types, "It covers")
        )
        entry.report(problems, (), f"{entry.provider} does not cover the type {entry.address.type}.", hint)
    return kind
