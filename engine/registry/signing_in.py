"""Signing in to providers with what the home and the process environment hold, never with a workspace's files."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.model.account import Account
from engine.model.errors import AuthFailed, GroundplanError
from engine.providers.contract import Provider, Surroundings
from engine.registry.providers import provider_kind
from engine.secrets.ssh_keys import public_key
from engine.secrets.store import SecretStore


@dataclass(frozen=True, slots=True)
class SignIn:
    home: Path
    settings: Mapping[str, Mapping[str, Any]]
    environment: Mapping[str, str]

    def surroundings(self, provider: str, workspace: str) -> Surroundings:
        return Surroundings(
            workspace=workspace, home=self.home, settings=self.settings.get(provider, {}), environment=self.environment,
            public_key=public_key(self.home, workspace), secret=SecretStore(self.home, workspace).value,
        )  # fmt: skip

    @asynccontextmanager
    async def open(self, workspace: str, names: Iterable[str]) -> AsyncGenerator[dict[str, Provider]]:
        """Providers for one plan or run. Raises `AuthFailed` where one can't be used from here."""
        opened: dict[str, Provider] = {}
        try:
            for name in sorted(set(names)):
                kind, around = provider_kind(name), self.surroundings(name, workspace)
                missing = kind.available(around)
                if missing:
                    raise AuthFailed(f"provider {name} can't be used here.", hint=missing)
                opened[name] = kind.open(around)
            yield opened
        finally:
            for provider in opened.values():
                await provider.close()

    async def can_sign_in(self, workspace: str, accounts: Iterable[Account]) -> bool:
        """Whether this process reaches exactly these accounts."""
        wanted = {account.provider: account for account in accounts}
        try:
            async with self.open(workspace, wanted) as providers:
                for name, provider in providers.items():
                    if await provider.account() != wanted[name]:
                        return False
        except GroundplanError:
            return False
        return True
