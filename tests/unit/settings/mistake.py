"""One thing that can be wrong with settings: what is written where, and everything that is told of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.notation.nickel import LIMITS, Limits

SECRET = "s3cr3t-planted"
# A quarter of what there is, so that what never ends is ended soon.
SMALL = Limits(memory=256 << 20)
SHORT = Limits(seconds=0.5, memory=4 << 30)
Files = dict[str, str | bytes]


class Mistake:
    """`told` are the exact words, in their order; ~ stands for the home."""

    def __init__(
        self,
        files: Files,
        *told: str,
        variables: Mapping[str, str] | None = None,
        environment: str = "",
        arguments: Mapping[str, Any] | None = None,
        limits: Limits = LIMITS,
    ) -> None:
        self.files, self.told, self.limits = files, list(told), limits
        self.variables, self.environment, self.arguments = variables or {}, environment, arguments or {}


def own(text: str | bytes) -> Files:
    return {"workspace.toml": text}


def home(text: str) -> Files:
    return {"config.toml": text}


def dev(ending: str, text: str | bytes) -> Files:
    """An environment's defaults."""
    return {"workspace.toml": 'environment = "dev"\n', f"settings/dev-defaults.{ending}": text}
