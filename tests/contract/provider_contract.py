"""What the contract suite has to know of a provider to try its promises: one `CASE` in `cases/<provider>.py`.

The suite makes the samples in their order, so that a later one may refer to an earlier one with `Made`.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import engine.providers
from engine.providers.contract import Provider, ProviderKind, Surroundings, Wish

CASES = Path(__file__).parent / "cases"
CANARY = "canary-7f3a9e51c2d84b06"
PUBLIC_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGNvbnRyYWN0LXN1aXRlLWtleS0wMTIzNDU2Nzg5YWJj contract"


@dataclass(frozen=True)
class Made:
    """Stands for a property of the object that an earlier sample of this type made."""

    type: str
    property: str = "id"


@dataclass(frozen=True)
class Sample:
    """One object to wish for. `edit` is made in place, `replacing` can't be; either holds the properties that change.

    None means that the type has no such property; then the type must not declare one.
    """

    type: str
    properties: Mapping[str, Any]
    edit: Mapping[str, Any] | None = None
    replacing: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class ProviderCase:
    """`settings` is the home's table for the provider in every test.

    `lost_create` is what to add to it, so that the next create has its effect and its answer is lost.
    `breakages` maps an error's code to what to add, so that a create of the first sample fails with it.
    A provider that can't be made to fail leaves both empty.
    """

    samples: tuple[Sample, ...]
    settings: Mapping[str, Any] = field(default_factory=dict[str, Any])
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    lost_create: Mapping[str, Any] = field(default_factory=dict[str, Any])
    breakages: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])


def provider_names() -> list[str]:
    """Every folder of `engine/providers`, told of or not."""
    folders = Path(engine.providers.__path__[0]).iterdir()
    return sorted(folder.name for folder in folders if (folder / "__init__.py").is_file())


def kind_of(name: str) -> ProviderKind:
    return importlib.import_module(f"engine.providers.{name}").KIND


def case_of(name: str) -> ProviderCase:
    return importlib.import_module(f"tests.contract.cases.{name}").CASE


def needs_hosts(name: str) -> bool:
    """Whether its case says `NEEDS_HOSTS = True`. Without a case the tests run, and fail."""
    if not (CASES / f"{name}.py").is_file():
        return False
    return getattr(importlib.import_module(f"tests.contract.cases.{name}"), "NEEDS_HOSTS", False)


class Bench:
    """A provider under test in a home of its own; whatever it makes is taken away by `clear`."""

    def __init__(self, name: str, home: Path) -> None:
        self.kind = kind_of(name)
        self.case = case_of(name)
        self.home = home
        self.secrets_asked: list[str] = []
        # Objects outlive the home where a cloud is outside it: names and keys must not meet those of another test.
        self.run = uuid4().hex[:8]
        self._opened: list[Provider] = []
        self._made: list[tuple[str, str]] = []

    def surroundings(self, **settings: Any) -> Surroundings:
        return Surroundings(
            workspace=f"contract-{self.run}",
            home=self.home,
            settings={**self.case.settings, **settings},
            environment=self.case.environment,
            public_key=PUBLIC_KEY,
            secret=self._secret,
        )

    def open(self, **settings: Any) -> Provider:
        provider = self.kind.open(self.surroundings(**settings))
        self._opened.append(provider)
        return provider

    def wish(
        self, sample: Sample, ids: Mapping[str, Mapping[str, Any]], changed: Mapping[str, Any] | None = None
    ) -> Wish:
        """The sample as the planner would hand it on: normal form, defaults in place, references filled in."""
        inputs = self.kind.types[sample.type].inputs
        wanted = {name: field.default for name, field in inputs.items()} | dict(sample.properties) | dict(changed or {})
        if sample.type == "ssh_key" and wanted["public_key"] is None:
            wanted["public_key"] = PUBLIC_KEY
        filled = {name: inputs[name].normal(_filled(value, ids)) for name, value in wanted.items() if value is not None}
        name = f"{sample.type.replace('_', '-')}-{self.run}"
        key = f"{self.run}{sample.type.encode().hex():0<24.24}"
        return Wish(sample.type, name, filled, key, {"groundplan-test": self.run})

    def remember(self, type: str, id: str) -> None:
        self._made.append((type, id))

    async def clear(self) -> None:
        provider = self.open()
        for type, id in reversed(dict.fromkeys(self._made)):
            await provider.delete(type, id)
        for each in self._opened:
            await each.close()

    def _secret(self, reference: str) -> str:
        self.secrets_asked.append(reference)
        return CANARY


def _filled(value: Any, ids: Mapping[str, Mapping[str, Any]]) -> Any:
    if isinstance(value, Made):
        return ids[value.type][value.property]
    if isinstance(value, Mapping):
        return {name: _filled(item, ids) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_filled(item, ids) for item in value]
    return value
