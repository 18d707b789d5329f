"""Ruling: a Decision with what a person should be told beside it."""

from __future__ import annotations

from dataclasses import dataclass

from engine.model.decision import Decision


@dataclass(frozen=True, slots=True)
class Ruling:
    decision: Decision
    warnings: tuple[str, ...] = ()
