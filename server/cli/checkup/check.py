"""Check: what was looked at, how it is, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Verdict = Literal["ok", "warning", "fail"]


@dataclass(frozen=True, slots=True)
class Check:
    """A warning leaves Groundplan usable, a failure does not; both name a remedy."""

    name: str
    verdict: Verdict
    text: str
    remedy: str = ""


def looked_at(name: str, look: Callable[[], Check]) -> Check:
    """The check's answer; whatever goes wrong while looking is an answer too."""
    try:
        return look()
    except Exception as error:  # noqa: BLE001 - a doctor names every illness, also those it did not expect
        return Check(name, "fail", f"{type(error).__name__}: {error}", "Mend what it names, then run doctor again.")
