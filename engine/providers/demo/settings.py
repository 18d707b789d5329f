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

    on: Verb = Field(description="The call that fails.")
    type: str = Field(default="", description="Only calls about this resource type; left out, any.")
    name: str = Field(
        default="", description="Only the object of this name, such as web-1 for server.web[1]; left out, any."
    )
    error: Trouble = Field(default="transient", description="The code of the error that is raised.")
    times: int = Field(default=1, ge=0, description="How many calls fail; 0 is every one.")
    after_effect: bool = Field(default=False, description="The call has its effect and only its answer is lost.")


class DemoSettings(BaseModel):
    """`latency` is how long a call takes, for all verbs or by verb; `quota` is the most objects of a type."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    region: str = Field(
        default="demo-1", pattern=r"^[a-z0-9-]{1,40}$", description="The region that objects are made in."
    )
    account: str = Field(
        default="demo-account",
        pattern=r"^[A-Za-z0-9._-]{1,63}$",
        description="Another name is another account with its own objects.",
    )
    latency: Seconds | dict[Verb, Seconds] = Field(
        default=0.0, description="Seconds that a call takes: one number, or one for each verb."
    )
    quota: dict[str, Annotated[int, Field(ge=0)]] = Field(
        default={}, description="The most objects of a resource type that the account may have, by type."
    )
    parallel: int = Field(default=50, ge=1, le=1000, description="How many calls the engine makes at once.")
    rate_per_second: float | None = Field(
        default=None, gt=0, description="More calls a second are refused as rate_limit."
    )
    faults: tuple[FaultRule, ...] = Field(default=(), description="Failures on request, in this order.")

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
