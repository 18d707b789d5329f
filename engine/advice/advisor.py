"""class Advisor: what the engine can say about modes, platforms, services and sizes. It reads and changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.advice.modes import mode_of, modes
from engine.advice.purpose import recommend
from engine.advice.servers import as_they_are, servers_of
from engine.advice.sizing import groups_of, size_servers
from engine.advice.survey import Survey
from engine.manifest import parse, read_files
from engine.model.machine import PlatformAdvice
from engine.model.mode_defaults import ModeDefaults
from engine.model.resource import Recorded
from engine.model.service import CATEGORIES
from engine.model.service_advice import ServiceAdvice
from engine.model.sizing import ServerSizing, Sizing
from engine.model.workspace import Workspace
from engine.registry.providers import offers
from engine.registry.services import services
from engine.settings.schema import Settings


@dataclass(frozen=True, slots=True)
class Advisor:
    """`providers` are the home's tables of them. `settings_of` and `recorded` are asked about a workspace."""

    home: Path
    environment: Mapping[str, str]
    providers: Mapping[str, Mapping[str, Any]]
    settings_of: Callable[[Workspace], Settings]
    recorded: Callable[[str], Sequence[Recorded]]

    def modes(self) -> tuple[ModeDefaults, ...]:
        """The smallest first."""
        return tuple(modes().values())

    def mode(self, name: str) -> ModeDefaults:
        """Raises `NotFound` with the modes that there are."""
        return mode_of(name)

    def platform(self) -> PlatformAdvice:
        """What servers could run on from here; takes up to three seconds, and calls no cloud."""
        return Survey(self.home, self.environment, self.providers).advice()

    def purposes(self) -> tuple[str, ...]:
        """What may be asked for besides words: modes and categories."""
        return (*modes(), *CATEGORIES)

    def services(self, purpose: str) -> ServiceAdvice:
        """Services for a mode, a category, or words; in the order in which they would be set up."""
        return recommend(purpose, services())

    def sizing(self, texts: Sequence[str], place: Workspace | None = None) -> Sizing:
        """For services by server, such as `db: postgres`; with no text, the workspace's servers as they are.

        Raises `Invalid`, `NotFound` for an unknown service, or `ManifestInvalid`.
        """
        known = self._servers(place) if place else []
        return size_servers(groups_of(texts), known) if texts else as_they_are(known)

    def _servers(self, place: Workspace) -> list[ServerSizing]:
        declared = parse(read_files(Path(place.path)), offers(), self.settings_of(place).planning.provider)
        return servers_of(declared, self.recorded(place.name))
