"""How large servers have to be for their services, and what of a provider's sizes holds that."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from engine.model.errors import Invalid
from engine.model.footprint import Footprint
from engine.model.service import Service
from engine.model.sizing import Fit, ServerSizing, Sizing
from engine.providers.contract import OfferedSize, ProviderKind
from engine.registry.providers import provider_kind, provider_names
from engine.registry.services import service_of, services

RULE = (
    "The services' own figures and those of what they require, added up; +30 % memory and disk, 512 MiB and 5 GiB for"
    " the system; memory up to whole GiB, disk to tens of GiB."
)
_HEADROOM_PERCENT = 130
_SYSTEM_MEMORY, _SYSTEM_DISK = 512 << 20, 5 << 30
_GIB = 1 << 30
_MOST_FITS = 4
_MOST_CPU = 512
_MOST_TEXTS, _LONGEST_TEXT = 50, 1_000
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,38}")
ONE = "server"


def groups_of(texts: Sequence[str]) -> dict[str, list[str]]:
    """Services by server, from texts such as `db: postgres, pgbackrest`; those that name no server share one.

    Raises `Invalid` for a text that can't be meant, `NotFound` for an unknown service.
    """
    groups: dict[str, list[str]] = {}
    if len(texts) > _MOST_TEXTS or any(len(text) > _LONGEST_TEXT for text in texts):
        hint = "Ask for some of them at a time."
        raise Invalid(f"More than {_MOST_TEXTS} servers, or more than {_LONGEST_TEXT} characters of one.", hint=hint)
    for text in texts:
        head, colon, tail = text.partition(":")
        server, listed = (head.strip(), tail) if colon else (ONE, head)
        if not _NAME.fullmatch(server):
            hint = "Such as db: postgres, pgbackrest; a name has a-z, 0-9, - and _."
            raise Invalid(f"{server[:60]!r} is no name of a server.", hint=hint)
        names = [name for name in re.split(r"[,\s]+", listed.strip().lower()) if name]
        if not names:
            raise Invalid(f"No service is named for {server}.", hint="Such as db: postgres, pgbackrest.")
        groups.setdefault(server, []).extend(service_of(name).name for name in names)
    return groups


def size_servers(groups: Mapping[str, Sequence[str]], declared: Iterable[ServerSizing] = ()) -> Sizing:
    """`declared` are the workspace's servers: one that a group names is held against what its services need."""
    placed = {name for names in groups.values() for name in names}
    known = {each.name: each for each in declared}
    servers = [_sized(server, names, placed, known.get(server)) for server, names in groups.items()]
    return Sizing(tuple(servers), tuple(_cheapest(servers)), RULE)


def _sized(server: str, names: Sequence[str], placed: set[str], known: ServerSizing | None) -> ServerSizing:
    here = _on_server(names, placed)
    comfortable = _with_headroom([each.needs.comfortable for each in here])
    least = _with_headroom([each.needs.least for each in here])
    sized = ServerSizing(
        name=server, services=tuple(each.name for each in here), comfortable=comfortable, least=least,
        fits=tuple(fits_of(comfortable)[:_MOST_FITS]), tight=next(iter(fits_of(least)), None),
    )  # fmt: skip
    if known is None or known.declared is None:
        return sized
    return replace(
        sized, declared=known.declared, is_enough=known.declared.footprint.holds(comfortable), count=known.count
    )


def _on_server(names: Sequence[str], placed: set[str]) -> list[Service]:
    """Those named, and what they require where no server is named for it."""
    found: dict[str, Service] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop(0)
        if name not in found:
            found[name] = services()[name]
            waiting += [each for each in found[name].requires if each not in placed]
    return list(found.values())


def _with_headroom(each: Sequence[Footprint]) -> Footprint:
    memory = (sum(part.memory_bytes for part in each) * _HEADROOM_PERCENT) // 100 + _SYSTEM_MEMORY
    disk = (sum(part.disk_bytes for part in each) * _HEADROOM_PERCENT) // 100 + _SYSTEM_DISK
    cpu = sum(part.cpu for part in each)
    if cpu > _MOST_CPU:
        raise Invalid(f"{cpu} processors are more than one server has.", hint="Spread the services over servers.")
    return Footprint.of(cpu, _up(memory, _GIB), _up(disk, 10 * _GIB))


def _up(count: int, unit: int) -> int:
    return -(-count // unit) * unit


def fits_of(wanted: Footprint) -> list[Fit]:
    """Every provider's cheapest size that holds it, and the next one up; cheapest first, unpriced last."""
    found: list[Fit] = []
    for name in provider_names():
        kind = provider_kind(name)
        holding = [fit_of(kind, {"size": size.name}, size) for size in kind.sizes if size.gives.holds(wanted)]
        found += sorted(holding, key=_by_price)[:2]
    return sorted(found, key=_by_price)


def fit_of(kind: ProviderKind, properties: Mapping[str, Any], size: OfferedSize) -> Fit:
    price = kind.price("server", properties)
    return Fit(
        kind.name, size.name, size.gives, price.monthly if price else None, price.currency if price else "",
    )  # fmt: skip


def _by_price(fit: Fit) -> tuple[bool, float, int, str]:
    return (fit.monthly is None, fit.monthly or 0.0, fit.footprint.memory_bytes, fit.provider)


def _cheapest(servers: Sequence[ServerSizing]) -> Iterable[str]:
    """What all servers cost at each provider that has a size for every one of them."""
    for name in provider_names():
        chosen = [
            (next((fit for fit in each.fits if fit.provider == name and fit.monthly is not None), None), each.count)
            for each in servers
        ]
        fits = [(fit, count) for fit, count in chosen if fit is not None]
        if fits and len(fits) == len(chosen):
            total = sum((fit.monthly or 0.0) * count for fit, count in fits)
            yield f"{name}: {total:.2f} {fits[0][0].currency} a month"
