"""The home's `config.toml`: read, checked, with defaults for whatever it leaves out."""

from __future__ import annotations

import difflib
import tomllib
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from engine.model.errors import ManifestInvalid, Problem
from engine.model.unknown import is_mapping
from engine.settings.consent_rules import NO_OPINION, ConsentRules
from engine.settings.index import IndexSettings

CONFIG_FILE = "config.toml"
M = TypeVar("M", bound=BaseModel)


class WorkerSettings(BaseModel):
    """How runs are carried out; times in seconds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    lease_seconds: float = Field(default=15.0, ge=0.2, le=600)
    poll_seconds: float = Field(default=1.0, ge=0.02, le=60)
    runs_at_once: int = Field(default=4, ge=1, le=64)
    retry_attempts: int = Field(default=5, ge=1, le=20)
    retry_base_seconds: float = Field(default=0.5, ge=0, le=60)


class HomeSettings(BaseModel):
    """`database` and `queue` are SQLAlchemy URLs; empty means files in the home."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    database: str = ""
    queue: str = ""
    plan_seconds: float = Field(default=20.0, ge=0, le=55)
    consent: ConsentRules = ConsentRules()
    worker: WorkerSettings = WorkerSettings()
    index: IndexSettings = IndexSettings()
    providers: dict[str, dict[str, Any]] = {}


def load_home_settings(home: Path) -> HomeSettings:
    """Raises `ManifestInvalid` that names every wrong key of `config.toml` and the remedy."""
    return HomeSettings.model_validate(_checked(home / CONFIG_FILE, HomeSettings))


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


def _checked(path: Path, model: type[BaseModel]) -> dict[str, Any]:
    content = read_toml(path)
    _validated(path, model, content)
    return content


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
