"""The home's `config.toml`: read, checked, with defaults for whatever it leaves out."""

from __future__ import annotations

import difflib
import tomllib
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from engine.model.errors import ManifestInvalid, Problem
from engine.model.unknown import is_mapping
from engine.settings.approvers import ApproverKeys
from engine.settings.consent_rules import NO_OPINION, ConsentRules
from engine.settings.index import IndexSettings

CONFIG_FILE = "config.toml"
M = TypeVar("M", bound=BaseModel)


class WorkerSettings(BaseModel):
    """How runs are carried out; times in seconds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    lease_seconds: float = Field(
        default=15.0,
        ge=0.2,
        le=600,
        description="After so long without a sign of life another process takes the worker's runs.",
    )
    poll_seconds: float = Field(
        default=1.0, ge=0.02, le=60, description="How often a process looks for runs to carry out."
    )
    runs_at_once: int = Field(default=4, ge=1, le=64, description="How many runs one worker carries out side by side.")
    retry_attempts: int = Field(
        default=5, ge=1, le=20, description="How often a step is tried in all, where the error is safe to retry."
    )
    retry_base_seconds: float = Field(
        default=0.5,
        ge=0,
        le=60,
        description="Base of the random pause before the next attempt; it doubles with each, up to 30.",
    )


class InterpolationSettings(BaseModel):
    """What `{{ … }}` in settings files may read. Only the home says so: a workspace may be somebody else's text."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    variables: tuple[str, ...] = Field(
        default=("HOME", "USER"), description="Environment variables that `{{ env.NAME }}` may read."
    )


class HomeSettings(BaseModel):
    """`database` and `queue` are SQLAlchemy URLs; empty means files in the home."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    database: str = Field(
        default="",
        description="SQLAlchemy URL of the state database; left out, it is the file state/groundplan.db in the home.",
    )
    queue: str = Field(
        default="",
        description="SQLAlchemy URL of the run queue; left out, it is where the state is, or a file in queue/.",
    )
    plan_seconds: float = Field(
        default=20.0,
        ge=0,
        le=55,
        description="A plan that takes longer is answered with status planning, and made meanwhile.",
    )
    consent: ConsentRules = Field(
        default=ConsentRules(), description="Which channels to a person count for which risk."
    )
    approvers: ApproverKeys = Field(
        default={},
        description="Whose signature may approve plans beforehand: a name, and a public key in OpenSSH form. "
        "A key counts once a person accepted it: `groundplan consent accept`.",
    )
    worker: WorkerSettings = Field(default=WorkerSettings(), description="How runs are carried out.")
    index: IndexSettings = Field(default=IndexSettings(), description="What the knowledge index is built with.")
    interpolation: InterpolationSettings = Field(
        default=InterpolationSettings(), description="What `{{ … }}` in settings files may read."
    )
    providers: dict[str, dict[str, Any]] = Field(default={}, description="A table for each provider, by its name.")


def load_workspace_consent(folder: Path) -> ConsentRules:
    """The `[consent]` table of a `workspace.toml`; the caller lets it tighten only."""
    table = read_toml(folder / "workspace.toml").get("consent", {})
    stated = {**NO_OPINION.model_dump(), **table} if is_mapping(table) else table
    return _validated(folder / "workspace.toml", ConsentRules, stated, prefix="consent.")


def read_toml(path: Path) -> dict[str, Any]:
    """The file's content, empty if there is none. Raises `ManifestInvalid` for bad syntax."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise ManifestInvalid([Problem(f"not valid TOML: {wrong}.", file=str(path))]) from None


def _validated(path: Path, model: type[M], content: Any, prefix: str = "") -> M:
    try:
        return model.model_validate(content)
    except ValidationError as wrong:
        problems = [
            Problem(
                _sentence(error, model), file=str(path), address=prefix + ".".join(str(part) for part in error["loc"])
            )
            for error in wrong.errors()
        ]
        raise ManifestInvalid(problems) from None


def _sentence(error: Any, model: type[BaseModel]) -> str:
    if error["type"] != "extra_forbidden":
        return f"{error['msg']}."
    near = difflib.get_close_matches(str(error["loc"][-1]), list(model.model_fields), 1)
    return "no such setting." + (f" Did you mean {near[0]}?" if near else "")
