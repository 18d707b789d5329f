"""What an editor is told of manifests."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Cli

LINE = "# yaml-language-server: $schema=../.groundplan/manifest.schema.json"


def test_the_schema_is_printed_as_json_and_nothing_else(cli: Cli) -> None:
    printed = cli("schema")
    assert printed.exit_code == 0
    assert "server" in json.loads(printed.stdout)["definitions"]


def test_the_schema_is_written_where_a_manifest_can_point_to(cli: Cli, demo: Path) -> None:
    written = cli("schema", "--write")
    assert written.exit_code == 0, written.output
    assert LINE in written.output
    named = LINE.partition("=")[2]
    assert json.loads((demo / "infra" / named).read_text("utf-8")) == json.loads(cli("schema").stdout)
    assert "Server" in (demo / ".groundplan" / "groundplan.ncl").read_text("utf-8")


@pytest.mark.parametrize("kind", ["workspace", "defaults", "config"])
def test_the_schemas_of_settings_are_printed_and_those_of_a_workspace_written(cli: Cli, demo: Path, kind: str) -> None:
    printed = json.loads(cli("schema", kind).stdout)
    assert "planning" in printed["properties"]
    assert cli("schema", "--write").exit_code == 0
    file = demo / ".groundplan" / f"{kind}.schema.json"
    assert file.exists() == (kind != "config"), "what the home may say is no file of a workspace"


def test_a_link_does_not_lead_the_writing_out_of_the_workspace(cli: Cli, demo: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (demo / ".groundplan").symlink_to(tmp_path / "elsewhere")
    refused = cli("schema", "--write")
    assert refused.exit_code == 1
    assert "is a link that may leave the workspace" in refused.output
    assert list((tmp_path / "elsewhere").iterdir()) == []
