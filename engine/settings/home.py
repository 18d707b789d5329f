"""What the home's `config.toml` may say, with defaults for whatever it leaves out."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from engine.settings.approvers import ApproverKeys
from engine.settings.consent_rules import ConsentRules
from engine.settings.index import IndexSettings

CONFIG_FILE = "config.toml"


class WorkerSettings(BaseModel):
    """How runs are carried out; times in seconds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    lease_seconds: float = Field(
        default=15.0,
        ge=0.2,
        le=600,
        description="After so long without a sign of life another process takes the worker's runs.",
        json_schema_extra={"x-since": "0.1.0"},
    )
    poll_seconds: float = Field(
        default=1.0,
        ge=0.02,
        le=60,
        description="How often a process looks for runs to carry out.",
        json_schema_extra={"x-since": "0.1.0"},
    )
    runs_at_once: int = Field(
        default=4,
        ge=1,
        le=64,
        description="How many runs one worker carries out side by side.",
        json_schema_extra={"x-since": "0.1.0"},
    )
    retry_attempts: int = Field(
        default=5,
        ge=1,
        le=20,
        description="How often a step is tried in all, where the error is safe to retry.",
        json_schema_extra={"x-since": "0.1.0"},
    )
    retry_base_seconds: float = Field(
        default=0.5,
        ge=0,
        le=60,
        description="Base of the random pause before the next attempt; it doubles with each, up to 30.",
        json_schema_extra={"x-since": "0.1.0"},
    )


class InterpolationSettings(BaseModel):
    """What `{{ … }}` in settings files may read. Only the home says so: a workspace may be somebody else's text."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    variables: tuple[str, ...] = Field(
        default=("HOME", "USER"),
        description="Environment variables that `{{ env.NAME }}` may read.",
        json_schema_extra={"x-since": "0.1.0"},
    )


class HomeSettings(BaseModel):
    """`database` and `queue` are SQLAlchemy URLs; empty means files in the home."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    database: str = Field(
        default="",
        description="SQLAlchemy URL of the state database; left out, it is the file state/groundplan.db in the home.",
        json_schema_extra={"x-since": "0.1.0"},
    )
    queue: str = Field(
        default="",
        description="SQLAlchemy URL of the run queue; left out, it is where the state is, or a file in queue/.",
        json_schema_extra={"x-since": "0.1.0"},
    )
    plan_seconds: float = Field(
        default=20.0,
        ge=0,
        le=55,
        description="A plan that takes longer is answered with status planning, and made meanwhile.",
        json_schema_extra={"x-since": "0.1.0"},
    )
    consent: ConsentRules = Field(
        default=ConsentRules(),
        description="Which channels to a person count for which risk.",
        json_schema_extra={"x-since": "0.1.0"},
    )
    worker: WorkerSettings = Field(
        default=WorkerSettings(), description="How runs are carried out.", json_schema_extra={"x-since": "0.1.0"}
    )
    index: IndexSettings = Field(
        default=IndexSettings(),
        description="What the knowledge index is built with.",
        json_schema_extra={"x-since": "0.1.0"},
    )
    approvers: ApproverKeys = Field(
        default={},
        description="Whose signature may approve plans beforehand: a name, and a public key in OpenSSH form. "
        "A key counts once a person accepted it: `groundplan consent accept`.",
        json_schema_extra={"x-since": "0.1.0"},
    )
    interpolation: InterpolationSettings = Field(
        default=InterpolationSettings(),
        description="What `{{ … }}` in settings files may read.",
        json_schema_extra={"x-since": "0.1.0"},
    )
    providers: dict[str, dict[str, Any]] = Field(
        default={}, description="A table for each provider, by its name.", json_schema_extra={"x-since": "0.1.0"}
    )
