"""Advice as answers: short lines that a model reads as they are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel

from engine.model.machine import Platform, PlatformAdvice
from engine.model.mode_defaults import ModeDefaults
from engine.model.service import NOT_DECLARED
from engine.model.service_advice import Recommended, ServiceAdvice
from engine.model.sizing import ServerSizing, Sizing
from server.render.clean import visible

_GIB = 1 << 30
_MOST_OPTIONAL = 6


class AdviceAnswer(BaseModel):
    """Advice is about this machine and the catalogue: no provider account is concerned."""

    workspace: str = ""
    next: str | None = None


class ModeAnswer(AdviceAnswer):
    mode: str
    defaults: dict[str, Any]
    not_built: list[str]


class PlatformAnswer(AdviceAnswer):
    best: str
    platforms: list[str]
    machine: str


class ServicesAnswer(AdviceAnswer):
    services: list[str]
    optional: list[str] | None = None
    unknown: list[str] | None = None


class SizingAnswer(AdviceAnswer):
    servers: list[dict[str, Any]]
    totals: list[str]
    rule: str


def mode_answer(workspace: str, mode: ModeDefaults) -> ModeAnswer:
    defaults = mode.model_dump(mode="json", include={"summary", "processes", "backends", "settings", "commands"})
    return ModeAnswer(
        workspace=workspace, mode=mode.name,
        defaults={"machine": mode.machine, **defaults, "services": list(mode.services)},
        not_built=[each.what for each in mode.not_built],
        next="plan_settings proposes to write these settings, with your own addresses; the rest stays built in.",
    )  # fmt: skip


def platform_answer(workspace: str, advice: PlatformAdvice) -> PlatformAnswer:
    best = advice.best
    return PlatformAnswer(
        workspace=workspace, best=f"provider {best.provider}" if best.is_usable else "none",
        platforms=[visible(platform_line(each), lines=False) for each in advice.platforms],
        machine=machine_line(advice),
        next=f"Declare servers with provider: {best.provider}." if best.is_usable else None,
    )  # fmt: skip


def platform_line(platform: Platform) -> str:
    verdict = "usable" if platform.is_usable else "found" if platform.is_found else "not found"
    provider = f", provider {platform.provider}" if platform.is_usable else ""
    return f"{platform.name}: {verdict}{provider}; {'; '.join(platform.reasons)}"


def machine_line(advice: PlatformAdvice) -> str:
    """Such as `8 cpu, 15.5 of 31.2 GiB memory available, 120 GiB disk free; large enough for solo, multiuser`."""
    facts = advice.machine
    memory = f"{facts.memory_available / _GIB:.1f} of {facts.memory / _GIB:.1f} GiB memory available"
    limits = " (within a container's limits)" if facts.limited else ""
    modes = ", ".join(advice.modes) or "no mode"
    disk = f"{facts.disk_free // _GIB} GiB disk free"
    return f"{facts.system}: {facts.cpu} cpu, {memory}{limits}, {disk}; large enough for {modes}"


def services_answer(workspace: str, advice: ServiceAdvice, purposes: Iterable[str]) -> ServicesAnswer:
    optional = [f"{name}: {why}" for name, why in advice.optional[:_MOST_OPTIONAL]]
    purpose = f"Ask for words, or one of: {', '.join(purposes)}."
    choice = "These are choices, not all needed. " if advice.is_choice else ""
    facts = f"{choice}{NOT_DECLARED} describe shows one; recommend_sizing says how large."
    return ServicesAnswer(
        workspace=workspace, services=[service_line(each) for each in advice.services], optional=optional or None,
        unknown=[visible(word, 60, lines=False) for word in advice.unknown] or None,
        next=facts if advice.services else purpose,
    )  # fmt: skip


def service_line(each: Recommended) -> str:
    return f"{each.service.name}: {visible(each.reason, 200, lines=False)} ({each.service.needs.comfortable})"


def sizing_answer(workspace: str, sizing: Sizing) -> SizingAnswer:
    named = any(each.services for each in sizing.servers)
    return SizingAnswer(
        workspace=workspace, servers=[_server(each) for each in sizing.servers], totals=list(sizing.totals),
        rule=sizing.rule, next=NOT_DECLARED if named else "Name services to see what each server needs.",
    )  # fmt: skip


def _server(each: ServerSizing) -> dict[str, Any]:
    """Fields without a value are left out."""
    facts: dict[str, Any] = {
        "server": each.name, "count": each.count if each.count != 1 else None, "services": list(each.services),
        "needs": str(each.comfortable or ""), "at_least": str(each.least or ""),
        "fits": [str(fit) for fit in each.fits], "tight": str(each.tight or ""), "declared": str(each.declared or ""),
        "is_enough": each.is_enough, "note": visible(each.note),
    }  # fmt: skip
    return {name: value for name, value in facts.items() if value not in (None, "", [])}
