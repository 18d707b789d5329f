"""`make contracts`: write what manifests may say anew, for Nickel and for editors."""

from __future__ import annotations

from engine.contracts import CONFIG_SCHEMA, DEFAULTS_SCHEMA, FOLDER, NICKEL, SCHEMA, WORKSPACE_SCHEMA
from reference.manifest_schema import schema_text
from reference.nickel_contracts import nickel_text
from reference.settings_schema import config_schema, defaults_schema, workspace_schema


def contract_files() -> dict[str, str]:
    """By their names in the folder of contracts."""
    return {
        NICKEL: nickel_text(), SCHEMA: schema_text(), CONFIG_SCHEMA: config_schema(),
        WORKSPACE_SCHEMA: workspace_schema(), DEFAULTS_SCHEMA: defaults_schema(),
    }  # fmt: skip


def write_contracts() -> list[str]:
    """The names of those that changed."""
    texts = contract_files()
    changed = [
        name
        for name, text in texts.items()
        if not (FOLDER / name).is_file() or (FOLDER / name).read_text("utf-8") != text
    ]
    for name in changed:
        (FOLDER / name).write_text(texts[name], encoding="utf-8")
    return changed


if __name__ == "__main__":
    print("\n".join(write_contracts()) or "nothing changed")  # noqa: T201
