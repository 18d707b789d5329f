"""Edits of the manifest: a request's edits become small changes of its files, everything else stays as it is."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from engine.manifest.files import FOLDER, ManifestFiles, evaluated_of
from engine.manifest.reader import read_manifest, read_manifests
from engine.model.address import Address, parse_address
from engine.model.errors import Invalid
from engine.model.request import Edit
from engine.notation.document import Document, Unreadable
from engine.notation.nodes import Keys
from engine.notation.problems import Problems, nearest
from engine.notation.reader import check_values
from engine.notation.splice import CannotEdit
from engine.notation.writer import Writer, writer_of
from engine.notation.yaml_text import scalar_text

NEW_FILE = f"{FOLDER}/main.yaml"


def apply_edits(files: Mapping[str, str], edits: Sequence[Edit], default_provider: str = "") -> ManifestFiles:
    """The files with the edits made, in order; a file that becomes necessary is added.

    Nickel files are programs, and what they import is theirs: neither is edited.

    Raises `ManifestInvalid` for files that can't be read and `Invalid` for an edit that can't be made.
    """
    manifest = _Manifest(files, default_provider)
    for edit in edits:
        manifest.apply(edit, edits)
    manifest.check()
    return ManifestFiles(manifest.texts, evaluated_of(files))


class _Manifest:
    """The texts as they become, beside the data that they must then mean."""

    def __init__(self, files: Mapping[str, str], default_provider: str) -> None:
        problems = Problems()
        self.texts = {file: files[file] for file in sorted(files)}
        documents = [document for document in read_manifests(files, problems) if document]
        self._data = {document.file: _skeleton(document, problems) for document in documents}
        problems.raise_any()
        evaluated = evaluated_of(files)
        self._nickel = {document.file: document for document in documents if document.file in evaluated}
        self._importing = {each: file for file, known in evaluated.items() for each in known.imports}
        self._default_provider = default_provider
        self._touched: dict[str, str] = {}
        self._lowered: set[str] = set()

    def apply(self, edit: Edit, all_edits: Sequence[Edit]) -> None:
        address = parse_address(edit.address)
        value = {key: _without_nulls(item) for key, item in (edit.value or {}).items()}
        if edit.op in ("set", "adopt"):
            _check_value(edit.address, value)
        if edit.op == "set":
            self._set(address, value)
        elif edit.op == "adopt":
            self._adopt(address, value)
        elif address.key is None:
            self._drop(address, must_exist=edit.op == "remove")
        else:
            self._drop_instance(address, all_edits, must_exist=edit.op == "remove")

    def check(self) -> None:
        """Every touched file, read again, means what it has to: no value became anything but itself.

        Raises `Invalid`.
        """
        for file, address in self._touched.items():
            problems = Problems()
            document = read_manifest(file, self.texts[file], problems)
            if document is None or _canonical(document.data) != _canonical(self._data[file]):
                raise _by_hand(file, address)

    def _set(self, address: Address, value: dict[str, Any]) -> None:
        if address.key is not None:
            hint = f"Set {address.declaration}, which all its instances share."
            raise Invalid("one instance of several has no properties of its own.", address=str(address), hint=hint)
        file = self._file_of(address) or self._file_for(address, value)
        resources = self._data[file].setdefault("resources", {})
        declaration = resources.setdefault(address.type, {}).setdefault(address.name, {})
        for key, item in value.items():
            if item is None:
                declaration.pop(key, None)
            else:
                declaration[key] = item
        self._write(file, address, lambda writer, text, path: writer.merge(text, path, value))

    def _adopt(self, address: Address, value: dict[str, Any]) -> None:
        """What is declared already needs no edit to be adopted."""
        value.pop("id", None)
        if value:
            self._set(address, value)

    def _drop(self, address: Address, *, must_exist: bool) -> None:
        file = self._file_of(address)
        if file is None:
            if must_exist:
                raise self._undeclared(address)
            return
        resources = self._data[file]["resources"]
        del resources[address.type][address.name]
        if not resources[address.type]:
            del resources[address.type]
        if not resources:
            del self._data[file]["resources"]
        self._write(file, address, lambda writer, text, path: writer.drop(text, path))

    def _drop_instance(self, address: Address, all_edits: Sequence[Edit], *, must_exist: bool) -> None:
        file = self._file_of(address.declaration)
        declaration: dict[str, Any] = self._data[file]["resources"][address.type][address.name] if file else {}
        names, count = declaration.get("names"), declaration.get("count")
        if isinstance(names, list) and address.key in names:
            left = [name for name in cast(list[Any], names) if name != address.key]
            self._set(address.declaration, {"names": left})
        elif isinstance(count, int) and isinstance(address.key, int) and address.key < count:
            self._lower_count(address, count, all_edits)
        elif must_exist and str(address) not in self._lowered:
            raise self._undeclared(address)

    def _lower_count(self, address: Address, count: int, all_edits: Sequence[Edit]) -> None:
        """Indexes go from the end; edits of one request may name the last ones in any order."""
        going = {
            each.key
            for each in (parse_address(edit.address) for edit in all_edits if edit.op in ("remove", "forget"))
            if each.declaration == address.declaration and isinstance(each.key, int) and each.key < count
        }
        if going != set(range(count - len(going), count)):
            hint = (
                f"Only the last ones can go: {address.declaration}[{count - 1}]. "
                "Declare names instead of count where single ones come and go."
            )
            raise Invalid(
                f"taking it out would renumber the instances after it; count is {count}.",
                address=str(address),
                hint=hint,
            )
        self._lowered |= {str(Address(address.type, address.name, key)) for key in going}
        self._set(address.declaration, {"count": count - len(going)})

    def _write(self, file: str, address: Address, act: Callable[[Writer, str, Keys], str]) -> None:
        path = ("resources", address.type, address.name)
        self._refuse_nickel(file, address, path)
        try:
            self.texts[file] = act(writer_of(file), self.texts[file], path)
        except (CannotEdit, Unreadable) as failure:
            raise _by_hand(file, str(address)) from failure
        self._touched[file] = str(address)

    def _refuse_nickel(self, file: str, address: Address, path: Keys) -> None:
        """Raises `Invalid` for a Nickel file, and for a file that one imports: its value would not be looked at."""
        if file in self._nickel:
            line = self._nickel[file].place(path).line
            message = f"{file}:{line} declares it in Nickel, which is a program; no edit is made to it."
            hint = "Change that file by hand, then plan the manifest as it stands. Other files can be edited."
            raise Invalid(message, address=str(address), hint=hint)
        if file in self._importing:
            message = f"{file} is imported by {self._importing[file]}; no edit is made to it."
            hint = "Change it by hand, then plan the manifest as it stands."
            raise Invalid(message, address=str(address), hint=hint)

    def _file_of(self, address: Address) -> str | None:
        for file, data in self._data.items():
            if address.name in (data.get("resources", {}).get(address.type) or {}):
                return file
        return None

    def _file_for(self, address: Address, value: Mapping[str, Any]) -> str:
        """Where a new resource goes: beside others of its type, or into the first file, or into a new one."""
        open_files = [file for file in self._data if file not in self._nickel and file not in self._importing]
        beside = (file for file in open_files if self._data[file].get("resources", {}).get(address.type))
        file = next(beside, None) or next(iter(open_files), NEW_FILE)
        if file not in self._data:
            named = self._default_provider and not value.get("provider")
            self._data[file] = {"provider": self._default_provider} if named else {}
            self.texts[file] = f"provider: {scalar_text(self._default_provider)}\n" if named else ""
        return file

    def _undeclared(self, address: Address) -> Invalid:
        known = [
            f"{kind}.{name}"
            for data in self._data.values()
            for kind, named in data.get("resources", {}).items()
            for name in named
        ]
        hint = nearest(str(address.declaration), known, "It declares")
        if str(address.declaration) in known:
            hint = "It has no such instance."
        return Invalid(
            "the manifest declares nothing of that address.",
            address=str(address),
            hint=hint or "find_resources lists what exists.",
        )


def _skeleton(document: Document, problems: Problems) -> dict[str, Any]:
    """The document's data with empty mappings where nothing is written; it has at least the shape of a manifest."""
    data = _copy(document.data)
    resources = data.get("resources")
    if resources is None:
        data.pop("resources", None)
        return data
    shapes = [(("resources",), resources)]
    if isinstance(resources, dict):
        kinds = cast(dict[str, Any], resources)
        shapes += [(("resources", kind), named) for kind, named in kinds.items()]
        shapes += [
            (("resources", kind, name), body)
            for kind, named in kinds.items()
            if isinstance(named, dict)
            for name, body in cast(dict[str, Any], named).items()
        ]
    for path, value in shapes:
        if not isinstance(value, dict | None):
            problems.add(document.problem(path, f"{path[-1]} takes a mapping.", "Mend it by hand first."))
    return _filled(data)


def _filled(data: dict[str, Any]) -> dict[str, Any]:
    """Empty mappings for the types and resources that are null."""
    resources = data.get("resources")
    if isinstance(resources, dict):
        kinds = cast(dict[str, Any], resources)
        for kind, named in kinds.items():
            bodies = cast(dict[str, Any], named) if isinstance(named, dict) else {}
            kinds[kind] = {name: body or {} for name, body in bodies.items()}
    return data


def _canonical(data: dict[str, Any]) -> str:
    """Tells 1 from 1.0 and true, which Python's comparison does not; empty and absent mappings are alike."""
    copied = _filled(_copy(data))
    kinds: dict[str, Any] = copied.pop("resources", None) or {}
    resources = {kind: named for kind, named in kinds.items() if named}
    return json.dumps({**copied, "resources": resources}, sort_keys=True)


def _copy(data: dict[str, Any]) -> dict[str, Any]:
    return json.loads(json.dumps(data))


def _without_nulls(value: Any) -> Any:
    """Nulls in nested mappings mean the same as leaving the key out, and TOML has none."""
    if isinstance(value, dict):
        pairs = cast(dict[str, Any], value).items()
        return {key: _without_nulls(item) for key, item in pairs if item is not None}
    if isinstance(value, list):
        return [_without_nulls(item) for item in cast(list[Any], value)]
    return value


def _check_value(address: str, value: Mapping[str, Any]) -> None:
    problems: list[str] = []
    check_values(value, lambda path, message, hint: problems.append(f"{'.'.join(map(str, path))}: {message} {hint}"))
    if problems:
        raise Invalid("the value can't be written.", address=address, hint=" ".join(problems[:5]))


def _by_hand(file: str, address: str) -> Invalid:
    hint = "Aliases or an unusual layout are in the way. Edit the file by hand, then plan the manifest as it stands."
    return Invalid(f"{file} is written in a way that this edit can't be made to.", address=address, hint=hint)
