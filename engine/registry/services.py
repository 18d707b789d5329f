"""Services by name: every folder under `engine/services` is one, read from its `service.yaml` when first asked for."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

from pydantic import ValidationError

from engine.graph.order import Circle, in_order
from engine.model.errors import NotFound, Problem
from engine.model.service import Service
from engine.notation.document import Document, Flaw
from engine.notation.problems import Problems, nearest
from engine.notation.reader import read_document

SERVICES = Path(str(files("engine") / "services"))
_FILE = "service.yaml"
_SHAPE = Flaw("A service is a mapping with the keys name, category, summary, purposes and needs.", "See the others.")
Services = Mapping[str, Service]


@cache
def services() -> Services:
    """Those that ship, by name, each after what it requires."""
    return load_services(SERVICES)


def service_of(name: str) -> Service:
    """Raises `NotFound` with the nearest names."""
    known = services()
    if name not in known:
        near = difflib.get_close_matches(name[:60], known, 2)
        hint = f"Did you mean {' or '.join(near)}?" if near else "Ask recommend_services what there is for a purpose."
        raise NotFound(f"There is no service {name[:60]!r} in the catalogue.", hint=hint)
    return known[name]


def load_services(folder: Path) -> Services:
    """Raises `ManifestInvalid` with every problem of every file."""
    problems = Problems()
    documents = dict(_documents(folder, problems))
    found = {name: each for name, document in documents.items() if (each := _service(name, document, problems))}
    for name, each in found.items():
        _check_names(each, documents[name], documents, problems)
    problems.raise_any("the catalogue of services")
    try:
        ordered = in_order({name: each.requires for name, each in found.items()})
    except Circle as circle:
        first = str(circle.items[0])
        problems.add(documents[first].problem(("requires",), circle.message, circle.hint))
        problems.raise_any("the catalogue of services")
        raise
    return MappingProxyType({name: found[name] for name in ordered})


def _documents(folder: Path, problems: Problems) -> Iterator[tuple[str, Document]]:
    for path in sorted(folder.glob(f"*/{_FILE}")):
        shown = f"{path.parent.name}/{_FILE}"
        document = read_document(shown, path.read_text(encoding="utf-8"), problems, _SHAPE)
        if document is not None:
            yield path.parent.name, document


def _service(name: str, document: Document, problems: Problems) -> Service | None:
    try:
        service = Service.model_validate(document.data)
    except ValidationError as wrong:
        for error in wrong.errors(include_url=False):
            key = ".".join(map(str, error["loc"]))
            said = error["msg"].removeprefix("Value error, ").rstrip(".")
            problems.add(document.problem(error["loc"], f"{key}: {said}." if key else f"{said[:1].upper()}{said[1:]}."))
        return None
    if service.name != name:
        message = f"The service is called {service.name}, and its folder {name}."
        problems.add(document.problem(("name",), message, "Give both the same name."))
    return service


def _check_names(service: Service, document: Document, known: Mapping[str, object], problems: Problems) -> None:
    for key, names in (("requires", service.requires), ("suggests", service.suggests)):
        for number, name in enumerate(names):
            place = (key, number)
            if name == service.name:
                problems.add(document.problem(place, f"{name} names itself.", "Take it out."))
            elif name not in known:
                problems.add(_unknown(document, place, name, known))


def _unknown(document: Document, place: tuple[str, int], name: str, known: Mapping[str, object]) -> Problem:
    return document.problem(place, f"There is no service {name!r}.", nearest(name, known))
