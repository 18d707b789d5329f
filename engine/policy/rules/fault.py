"""Fault: what one demand finds in one resource, before it is known which rule made it."""

from __future__ import annotations

from dataclasses import dataclass

from engine.model.request import Edit


@dataclass(frozen=True, slots=True)
class Fault:
    """`about` names the demand; `remedy` is the smallest change in words, `edit` the same for plan_change."""

    about: str
    message: str
    remedy: str = ""
    edit: Edit | None = None


@dataclass(frozen=True, slots=True)
class Open:
    """The demand can't be judged yet."""

    why: str
