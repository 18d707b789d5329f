"""The page of all settings leaves none out, whoever may say it."""

from __future__ import annotations

from engine.settings.schema import kinds
from engine.settings.variables import variable_of
from engine.settings.workspace import WorkspaceSettings
from reference.page import words
from reference.settings import settings_pages


def test_the_page_has_every_setting_with_what_there_is_to_know() -> None:
    text = next(page.text() for page in settings_pages() if page.path == "settings.md")
    lines = {line.split("|")[1].strip(): line for line in text.splitlines() if line.startswith("| `")}
    for kind in kinds().values():
        line = lines[f"`{kind.key}`"]
        for told in (kind.type, kind.rules, kind.unit, kind.since, f"`{variable_of(kind.path)}`"):
            assert told in line
        assert ("the workspace" in line) == (kind.by_workspace and kind.key != "environment")


def test_the_page_of_a_workspace_has_every_key_that_it_may_say() -> None:
    told = {row[0].strip("`").partition(".")[0] for row in words("settings")["workspace"]["rows"]}
    assert told == {"name", "consent", "schema", *WorkspaceSettings.model_fields}
