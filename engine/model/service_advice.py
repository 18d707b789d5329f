"""Recommended: one service with why; ServiceAdvice: those for a purpose, in the order in which they would be set up."""

from __future__ import annotations

from dataclasses import dataclass

from engine.model.service import Service


@dataclass(frozen=True, slots=True)
class Recommended:
    """`required_by` names the services that pulled it in; empty where it was itself meant."""

    service: Service
    reason: str
    required_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ServiceAdvice:
    """`optional` are good beside them, by name with a reason. `unknown` are words that nothing here answers to.

    With `is_choice` the services are all of one category, to choose from.
    """

    purpose: str
    services: tuple[Recommended, ...] = ()
    optional: tuple[tuple[str, str], ...] = ()
    unknown: tuple[str, ...] = ()
    is_choice: bool = False
