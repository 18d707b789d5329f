"""What a workspace may say of itself, in `workspace.toml` and in its environments' defaults."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue

ENVIRONMENT_NAME = r"^[a-z][a-z0-9-]{0,38}$"
_VALUE_NAME = r"^[A-Za-z_][A-Za-z0-9_-]{0,62}$"


class PlanningDefaults(BaseModel):
    """What resources are where their manifest does not say."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    provider: str = Field(
        default="",
        max_length=63,
        description="The provider of resources in files that name none; left out, every file has to name one.",
        json_schema_extra={"x-since": "0.1.0"},
    )


class WorkspaceSettings(BaseModel):
    """The settings that a workspace may state; everything else is the home's."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    environment: str = Field(
        default="",
        pattern=r"^$|" + ENVIRONMENT_NAME,
        description="Which environment's defaults hold: settings/<environment>-defaults.toml, .yaml, .json or .ncl.",
        json_schema_extra={"x-form": "up to 39 of a-z, 0-9 and -, beginning with a letter", "x-since": "0.1.0"},
    )
    project: str = Field(
        default="",
        pattern=r"^$|" + ENVIRONMENT_NAME,
        description="The project whose environments are the workspaces with this same project; between them manifests "
        "are promoted.",
        json_schema_extra={"x-form": "up to 39 of a-z, 0-9 and -, beginning with a letter", "x-since": "0.1.0"},
    )
    planning: PlanningDefaults = Field(
        default=PlanningDefaults(),
        description="What resources are where their manifest does not say.",
        json_schema_extra={"x-since": "0.1.0"},
    )
    values: dict[Annotated[str, Field(pattern=_VALUE_NAME)], JsonValue] = Field(
        default={},
        description="Values of your own, for `{{ settings.values.NAME }}` in settings files.",
        json_schema_extra={"x-since": "0.1.0"},
    )
