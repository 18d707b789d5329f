"""The home's `[providers.demo]` table: how this cloud behaves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from engine.model.errors import Invalid

Verb = Literal["account", "create", "update", "delete", "read", "list", "find"]
Trouble = Literal["auth", "quota", "rate_limit", "capacity", "not_found", "conflict", "invalid", "transient"]
Seconds = Annotated[float, Field(ge=0, le=600)]


class FaultRule(BaseModel):
    """A failure on request: the next `times` calls that match fail (0: every one).

    With `after_effect` the call has its effect and its answer is lost; `error` is `transient` then.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    on: Verb
    type: str = ""
    name: str = ""
    error: Trouble = "transient"
    times: int = Field(1, ge=0)
    after_effect: bool = False


class DemoSettings(BaseModel):
    """`latency` is how long a call takes, for all verbs or by verb; `quota` is the most objects of a type."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    region: str = Field("demo-1", pattern=r"^[a-z0-9-]{1,40}$")
    account: str = Field("demo-account", pattern=r"^[A-Za-z0-9._-]{1,63}$")
    latency: Seconds | dict[Verb, Seconds] = 0.0
    quota: dict[str, Annotated[int, Field(ge=0)]] = {}
    parallel: int = Field(50, ge=1, le=1000)
    rate_per_second: float | None = Field(None, gt=0)
    faults: tuple[FaultRule, ...] = ()

    def latency_of(self, verb: Verb) -> float:
        return self.latency.get(verb, 0.0) if isinstance(self.latency, dict) else self.latency


def load_demo_settings(table: Mapping[str, Any]) -> DemoSettings:
    """Raises `Invalid` that names every wrong setting."""
    try:
        return DemoSettings.model_validate(dict(table))
    except ValidationError as wrong:
        places = "; ".join(
            ".".join(str(part) for part in error["loc"]) + ": " + error["msg"].lower() for error in wrong.errors()
        )
        raise Invalid(
            f"[providers.demo] in the home's config.toml is wrong: {places}.",
            hint="Mend these settings, then try again.",
        ) from None
