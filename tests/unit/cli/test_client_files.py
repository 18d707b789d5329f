"""Merging into a client's file: other entries stay, a copy is kept, and what can't be understood is left alone."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.model.errors import Invalid
from server.cli.clients.entry import Launch, Listening, as_json, claude_code_line, stdio_launch
from server.cli.clients.kinds import KINDS, Desktop, settings_file
from server.cli.clients.merge import merge_entry

NOW = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)
ENTRY = {"command": "/opt/groundplan", "args": ["stdio"]}


def test_a_new_file_holds_the_entry_and_is_its_owners_alone(tmp_path) -> None:
    merged = merge_entry(tmp_path / "deep" / "mcp.json", "mcpServers", ENTRY, NOW)
    assert merged.changed
    assert merged.backup is None
    assert json.loads(merged.file.read_text()) == {"mcpServers": {"groundplan": ENTRY}}
    assert stat.S_IMODE(merged.file.stat().st_mode) == 0o600


def test_other_entries_and_settings_stay_in_their_order_and_indentation(tmp_path) -> None:
    file = tmp_path / "mcp.json"
    before = {"theme": "dark", "mcpServers": {"other": {"command": "x"}, "groundplan": {"command": "old"}}, "z": [1]}
    file.write_text(json.dumps(before, indent="\t"))
    merge_entry(file, "mcpServers", ENTRY, NOW)
    after = json.loads(file.read_text())
    assert list(after) == list(before)
    assert after["mcpServers"] == {"other": {"command": "x"}, "groundplan": ENTRY}
    assert '\n\t"theme"' in file.read_text()


def test_the_file_as_it_was_is_kept_under_a_name_with_the_time(tmp_path) -> None:
    file = tmp_path / "mcp.json"
    file.write_text('{"a": 1}')
    first = merge_entry(file, "mcpServers", ENTRY, NOW)
    second = merge_entry(file, "mcpServers", {"command": "newer"}, NOW)
    assert first.backup == tmp_path / "mcp.json.backup-20261124-120000"
    assert first.backup is not None
    assert first.backup.read_text() == '{"a": 1}'
    assert second.backup == tmp_path / "mcp.json.backup-20261124-120000-2"


def test_a_file_that_holds_the_entry_already_is_not_written(tmp_path) -> None:
    file = tmp_path / "mcp.json"
    merge_entry(file, "mcpServers", ENTRY, NOW)
    written = file.stat().st_mtime_ns
    merged = merge_entry(file, "mcpServers", ENTRY, NOW)
    assert not merged.changed
    assert file.stat().st_mtime_ns == written
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("text", ['{"servers": {} // mine\n}', '{"servers": {},}', "[]", '{"servers": []}', "nonsense"])
def test_what_is_not_plain_json_of_the_right_shape_is_left_alone(tmp_path, text) -> None:
    file = tmp_path / "mcp.json"
    file.write_text(text)
    with pytest.raises(Invalid, match="left alone"):
        merge_entry(file, "servers", ENTRY, NOW)
    assert file.read_text() == text
    assert list(tmp_path.iterdir()) == [file]


def test_a_linked_file_stays_a_link_and_keeps_its_rights(tmp_path) -> None:
    real, link = tmp_path / "dotfiles.json", tmp_path / "mcp.json"
    real.write_text("{}")
    real.chmod(0o640)
    link.symlink_to(real)
    merge_entry(link, "servers", ENTRY, NOW)
    assert link.is_symlink()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert "groundplan" in real.read_text()


def test_every_client_is_told_home_workspace_and_an_absolute_command() -> None:
    launch = stdio_launch(Path("/home/ada/.groundplan"), "shop", Launch("/opt/bin/groundplan", ()))
    for kind in KINDS.values():
        entry = kind.document(launch)[kind.table]["groundplan"]
        assert entry["command"] == "/opt/bin/groundplan"
        assert entry["args"] == ["--home", "/home/ada/.groundplan", "--workspace", "shop", "stdio"]
        assert ("type" in entry) == kind.typed
    assert claude_code_line(launch) == (
        "claude mcp add --scope user groundplan -- /opt/bin/groundplan --home /home/ada/.groundplan --workspace shop stdio"
    )


def test_over_http_the_entry_holds_the_address_and_the_bearer_token() -> None:
    target = Listening("http://127.0.0.1:7341/mcp", "gp_x")
    assert as_json(target, typed=True) == {
        "type": "http",
        "url": target.url,
        "headers": {"Authorization": "Bearer gp_x"},
    }
    assert "--header 'Authorization: Bearer gp_x'" in claude_code_line(target)
    assert "gp_x" not in repr(target)


@pytest.mark.parametrize(
    ("client", "system", "expected"),
    [
        ("claude-desktop", "Linux", "/home/ada/.config/Claude/claude_desktop_config.json"),
        ("claude-desktop", "Darwin", "/home/ada/Library/Application Support/Claude/claude_desktop_config.json"),
        ("cursor", "Darwin", "/home/ada/.cursor/mcp.json"),
        ("vscode", "Linux", "/work/.vscode/mcp.json"),
        ("claude-code", "Linux", "/work/.mcp.json"),
    ],
)
def test_each_client_keeps_its_servers_where_it_looks_for_them(client, system, expected) -> None:
    assert str(settings_file(KINDS[client], Desktop(system, Path("/home/ada"), Path("/work")), http=False)) == expected


def test_a_token_is_not_written_where_git_would_take_it() -> None:
    desktop = Desktop("Linux", Path("/home/ada"), Path("/work"))
    assert str(settings_file(KINDS["vscode"], desktop, http=True)) == "/home/ada/.config/Code/User/mcp.json"
    with pytest.raises(Invalid, match="token"):
        settings_file(KINDS["claude-code"], desktop, http=True)


def test_write_merges_into_the_clients_file_and_names_the_copy(cli, demo, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr("platform.system", lambda: "Linux")
    file = tmp_path / ".cursor" / "mcp.json"
    file.parent.mkdir()
    file.write_text('{"mcpServers": {"other": {"command": "x"}}}')
    result = cli("client-config", "cursor", "--write")
    assert result.exit_code == 0, result.output
    assert set(json.loads(file.read_text())["mcpServers"]) == {"other", "groundplan"}
    assert "backup-" in result.stderr


def test_claude_desktop_over_http_is_refused_before_a_token_is_issued(cli, demo, home) -> None:
    assert cli("client-config", "claude-desktop", "--http").exit_code == 1
    assert not (home / "tokens.toml").exists()
