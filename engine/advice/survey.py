"""What servers could run on from here: everything is looked for at once, and ranked by what can be used now."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from engine.advice.machine import machine_facts
from engine.advice.modes import modes
from engine.advice.probes import PROBES, Sight, Sought
from engine.model.errors import GroundplanError
from engine.model.machine import MachineFacts, Platform, PlatformAdvice
from engine.model.quantity import size_in_bytes
from engine.providers.contract import Surroundings
from engine.registry.providers import provider_kind, provider_names

T = TypeVar("T")
SECONDS = 2.0
# A probe that hangs where no time limit reaches, such as in a dead network file system, is left behind.
_GRACE = 0.5
# The provider that works with each; those of other names are providers of their own.
_PROVIDERS = {"docker": "local", "podman": "local"}
# Which of several tells what the provider misses.
_FIRST = {"local": "docker"}
_GIB = 1 << 30
# What stands before the host in an address may be a password.
_LOGIN = re.compile(r"//[^/@\s]*@")
# A machine sold as 4 GB shows a little less.
_NEARLY = 0.9


@dataclass(frozen=True, slots=True)
class Survey:
    """`settings` are the home's tables of providers. No provider is signed in to, and no cluster or cloud is called."""

    home: Path
    environment: Mapping[str, str]
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    root: Path = Path("/")

    def advice(self) -> PlatformAdvice:
        """Within three seconds, whatever hangs."""
        usable = {name: provider_kind(name).available for name in provider_names()}
        began = time.monotonic()
        sought = Sought(self.environment, began + SECONDS, self.root)
        looks: dict[str, Callable[[], object]] = {
            **{f"probe {name}": lambda probe=probe: probe(sought) for name, probe in PROBES.items()},
            **{f"provider {name}": lambda name=name: self._missing(name, usable[name]) for name in usable},
            "machine": lambda: machine_facts(self.home, self.root),
        }
        seen = _all_at_once(looks, SECONDS + _GRACE)
        machine = seen.get("machine")
        if not isinstance(machine, MachineFacts):
            machine = MachineFacts("", 1, 0, 0, 0)
        missing = {
            name: _LOGIN.sub("//…@", str(seen.get(f"provider {name}", "it gave no answer in time"))) for name in usable
        }
        platforms = [_platform(name, seen.get(f"probe {name}"), missing) for name in PROBES]
        platforms = _engine_behind(platforms, missing)
        platforms.append(_demo(missing))
        ranked = sorted(platforms, key=lambda each: _rank(each, machine))
        return PlatformAdvice(machine, tuple(ranked), _modes_for(machine), round(time.monotonic() - began, 2))

    def _missing(self, name: str, available: Callable[[Surroundings], str]) -> str:
        try:
            return available(
                Surroundings("", self.home, self.settings.get(name, {}), self.environment, public_key="", secret=_none)
            )
        except GroundplanError as wrong:
            return str(wrong)


def _none(reference: str) -> str:
    raise LookupError(f"{reference}: no secret is read for advice")


def _all_at_once(looks: Mapping[str, Callable[[], T]], seconds: float) -> dict[str, T]:
    """What each found; one that fails or is not back in time is missing."""
    found: dict[str, T] = {}
    closed = threading.Lock()

    def look(name: str, act: Callable[[], T]) -> None:
        try:
            seen = act()
        except Exception:  # noqa: BLE001 - one probe's trouble must not hide what the others saw
            return
        with closed:
            found[name] = seen

    # Daemons: at the end of the process nobody waits for one that hangs.
    threads = [threading.Thread(target=look, args=each, daemon=True) for each in looks.items()]
    until = time.monotonic() + seconds
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
    with closed:
        return dict(found)


def _platform(name: str, sight: object, missing: Mapping[str, str]) -> Platform:
    if not isinstance(sight, Sight):
        sight = Sight(False, False, ("looking for it failed or took too long",))
    provider = _PROVIDERS.get(name, name)
    if provider not in missing:
        built = ("Groundplan has no provider for it yet",) if sight.is_found else ()
        return Platform(name, sight.is_found, False, (*sight.reasons, *built))
    usable = sight.is_found and missing[provider] == "" and (sight.answers or provider == name)
    wanted = (missing[provider],) if missing[provider] and name == _FIRST.get(provider, name) else ()
    return Platform(name, sight.is_found, usable, (*sight.reasons, *wanted), provider)


def _engine_behind(platforms: list[Platform], missing: Mapping[str, str]) -> list[Platform]:
    """Local needs a socket and no client: where one answers and no client does, that is Docker's interface."""
    if missing.get("local") != "" or any(each.is_usable and each.provider == "local" for each in platforms):
        return platforms
    reason = "a socket with Docker's interface answers, though no client of it does"
    return [
        Platform(each.name, True, True, (reason,), each.provider) if each.name == "docker" else each
        for each in platforms
    ]


def _demo(missing: Mapping[str, str]) -> Platform:
    words = missing.get("demo", "") or "simulated: works everywhere, costs nothing, and builds no real host"
    return Platform("demo", True, missing.get("demo") == "", (words,), "demo")


def _rank(platform: Platform, machine: MachineFacts) -> tuple[bool, bool, bool]:
    """What can be used now, then what is here. Real hosts come before simulated ones where there is room for them."""
    is_small = machine.cpu < 2 or 0 < machine.memory_available < _GIB
    is_second = {"demo": not is_small, "local": is_small}.get(platform.provider, False)
    return (not platform.is_usable, not platform.is_found, is_second)


def _modes_for(machine: MachineFacts) -> tuple[str, ...]:
    return tuple(
        each.name
        for each in modes().values()
        if machine.cpu >= each.cpu and machine.memory >= size_in_bytes(each.memory) * _NEARLY
    )
