"""What an environment's defaults may say, as a plain JSON schema."""

from __future__ import annotations

from engine.settings.workspace import WorkspaceSettings
from reference.manifest_types import Schema, plain

# They decide which defaults hold, and which workspaces belong together.
NOT_IN_DEFAULTS = ("environment", "project")


def defaults_fields() -> dict[str, Schema]:
    """Each table that a defaults file takes: everything of a workspace but what it is itself."""
    schema = WorkspaceSettings.model_json_schema()
    fields = {name: plain(field, schema["$defs"]) for name, field in schema["properties"].items()}
    return {name: field for name, field in fields.items() if name not in NOT_IN_DEFAULTS}
