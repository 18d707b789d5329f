"""Entry: one resource as its file writes it, before anything in it was judged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from engine.model.address import NAME, TYPE, Address
from engine.notation.document import Document
from engine.notation.nodes import Path
from engine.notation.problems import Problems, quoted

TOP_LEVEL = ("provider", "resources")


@dataclass(frozen=True, slots=True)
class Entry:
    """`provider` is its own or its file's; empty where neither names one."""

    address: Address
    body: dict[str, Any]
    provider: str
    document: Document
    path: Path

    def report(self, problems: Problems, path: Path, message: str, hint: str = "") -> None:
        """`path` begins inside the entry."""
        problems.add(self.document.problem((*self.path, *path), message, hint, str(self.address)))


def entries(document: Document, problems: Problems) -> Iterator[Entry]:
    """Every resource of a document whose address and shape are sound."""
    for key in document.data.keys() - set(TOP_LEVEL):
        hint = problems.nearest(key, TOP_LEVEL, "A manifest has the keys")
        problems.add(document.problem((key,), f"{quoted(key)} is no key of a manifest.", hint))
    default = _default_provider(document, problems)
    for kind, named in _mapping(document, ("resources",), document.data.get("resources"), problems).items():
        if not TYPE.fullmatch(kind):
            hint = "Types are lower-case words such as server."
            problems.add(document.problem(("resources", kind), f"{quoted(kind)} can't be a type.", hint))
            continue
        for name, body in _mapping(document, ("resources", kind), named, problems).items():
            entry = _entry(document, (kind, name), body, default, problems)
            if entry:
                yield entry


def _entry(document: Document, where: tuple[str, str], body: Any, default: str, problems: Problems) -> Entry | None:
    kind, name = where
    path: Path = ("resources", kind, name)
    if not NAME.fullmatch(name):
        hint = "Names begin with a lower-case letter and go on with up to 62 lower-case letters, digits, _ or -."
        problems.add(document.problem(path, f"{quoted(name)} can't be a name.", hint))
        return None
    if not isinstance(body, dict | None):
        hint = f"Write its properties below {name}, or {{}} for none."
        problems.add(document.problem(path, "A resource is a mapping of properties.", hint, f"{kind}.{name}"))
        return None
    properties = cast(dict[str, Any], body or {})
    own = properties.get("provider")
    if own is not None and (not isinstance(own, str) or not own):
        problems.add(document.problem((*path, "provider"), "provider takes the name of one.", "", f"{kind}.{name}"))
        return None
    return Entry(Address(kind, name), properties, own or default, document, path)


def _default_provider(document: Document, problems: Problems) -> str:
    provider = document.data.get("provider")
    if provider is None or (isinstance(provider, str) and provider):
        return provider or ""
    problems.add(document.problem(("provider",), "provider takes the name of one.", "Such as provider: demo."))
    return ""


def _mapping(document: Document, path: Path, value: Any, problems: Problems) -> dict[str, Any]:
    if isinstance(value, dict):
        return cast(dict[str, Any], value)
    if value is not None:
        what = "types" if len(path) == 1 else "names"
        hint = "Write resources, below it a type, below it a name, below it the properties."
        problems.add(document.problem(path, f"{path[-1]} takes a mapping of {what}.", hint))
    return {}
