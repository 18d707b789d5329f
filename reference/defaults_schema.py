"""What an environment's defaults may say, as a plain JSON schema."""

from __future__ import annotations

from engine.settings.workspace import WorkspaceSettings
from reference.manifest_types import Schema, plain

# It decides which defaults hold.
NOT_IN_DEFAULTS = ("environment",)


def defaults_fields() -> dict[str, Schema]:
    """Each table that a defaults file takes: everything of a workspace but the choice of its environment."""
    schema = WorkspaceSettings.model_json_schema()
    fields = {name: plain(field, schema["$defs"]) for name, field in schema["properties"].items()}
    return {name: field for name, field in fields.items() if name not in NOT_IN_DEFAULTS}
