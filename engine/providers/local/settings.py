"""The home's `[providers.local]` table: where the container engine answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from engine.model.errors import Invalid


class LocalSettings(BaseModel):
    """Left out, the end point comes from DOCKER_HOST, or is the first well-known socket that answers."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    endpoint: str = Field(default="", description="Where the Docker API answers: a unix:// socket or a tcp:// address.")


def load_local_settings(table: Mapping[str, Any]) -> LocalSettings:
    """Raises `Invalid` that names every wrong setting."""
    try:
        return LocalSettings.model_validate(dict(table))
    except ValidationError as wrong:
        places = "; ".join(".".join(map(str, each["loc"])) + ": " + each["msg"].lower() for each in wrong.errors())
        raise Invalid(
            f"[providers.local] in the home's config.toml is wrong: {places}.",
            hint="Mend these settings, then try again.",
        ) from None
