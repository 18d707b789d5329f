"""Every illness that doctor names comes with its remedy."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from server.cli.checkup.bare import bare_environment, examine_bare
from server.cli.checkup.check import Check, looked_at
from server.cli.checkup.containers import check_containers
from server.cli.checkup.machine import check_browser, check_home, check_terminal, check_tokens
from server.cli.clients.entry import Launch


def test_what_is_not_well_names_a_remedy(cli, demo) -> None:
    checks = json.loads(cli("doctor", "--json").stdout)
    assert {"python", "home", "database", "audit", "worker", "tokens", "browser", "containers", "terminal"} <= {
        each["name"] for each in checks
    }
    assert all(each["remedy"] for each in checks if each["verdict"] != "ok")


def test_a_home_that_others_may_read_fails(cli, demo, home) -> None:
    home.chmod(0o755)
    result = cli("doctor", "--json")
    assert result.exit_code == 1
    assert [each["remedy"] for each in json.loads(result.stdout) if each["name"] == "home"] == [f"chmod 700 {home}"]


def test_tokens_that_others_may_read_fail(tmp_path) -> None:
    file = tmp_path / "tokens.toml"
    assert check_tokens(file).verdict == "ok"
    file.write_text("")
    file.chmod(0o644)
    assert check_tokens(file).remedy == f"chmod 600 {file}"


def test_a_home_that_is_not_there_is_named(tmp_path) -> None:
    assert check_home(tmp_path / "none").verdict == "fail"


def test_a_damaged_database_is_an_answer_and_not_the_end_of_the_checkup(cli, demo, home) -> None:
    for file in (home / "state").iterdir():
        file.write_bytes(b"this is no database" * 1000)
    result = cli("doctor", "--json")
    assert result.exit_code == 1
    verdicts = {each["name"]: each["verdict"] for each in json.loads(result.stdout)}
    assert verdicts["database"] == "fail"
    assert verdicts["python"] == "ok"


@pytest.mark.skipif(sys.platform != "linux", reason="a Linux desktop's variables")
def test_a_browser_needs_a_command_and_a_screen(tmp_path) -> None:
    assert check_browser({"PATH": str(tmp_path)}).verdict == "warning"
    opener = tmp_path / "xdg-open"
    opener.touch(0o755)
    assert "no screen" in check_browser({"PATH": str(tmp_path)}).text
    assert check_browser({"PATH": str(tmp_path), "DISPLAY": ":0"}).verdict == "ok"
    assert check_browser({"BROWSER": "firefox"}).verdict == "ok"


def test_an_engine_that_does_not_answer_is_a_warning_with_a_remedy(tmp_path) -> None:
    silent = tmp_path / "docker.sock"
    silent.touch()
    found = check_containers({"DOCKER_HOST": f"unix://{silent}", "XDG_RUNTIME_DIR": str(tmp_path)}, tmp_path)
    assert found.verdict == "ok" or found.remedy


def test_a_terminal_is_needed_to_confirm_there() -> None:
    assert check_terminal(at_terminal=True).verdict == "ok"
    assert "page" in check_terminal(at_terminal=False).remedy


def test_whatever_goes_wrong_while_looking_is_an_answer() -> None:
    def look() -> Check:
        raise RuntimeError("boom")

    assert looked_at("x", look) == Check(
        "x", "fail", "RuntimeError: boom", "Mend what it names, then run doctor again."
    )


def test_a_desktop_app_hands_on_neither_the_shells_path_nor_its_variables() -> None:
    given = {"HOME": "/h", "PATH": "/opt/bin", "GROUNDPLAN_HOME": "/x", "HCLOUD_TOKEN": "t", "USER": "ada"}
    bare = bare_environment(given, Launch("x", (), {"PYTHONPATH": "/src"}))
    assert bare == {"HOME": "/h", "USER": "ada", "PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "PYTHONPATH": "/src"}


def test_a_server_that_does_not_start_there_is_told_with_its_last_words() -> None:
    code = "import sys; sys.exit('no such module')"
    (check,) = examine_bare(Launch(sys.executable, ("-c", code)), {"HOME": str(Path.home())})
    assert check.verdict == "fail"
    assert "no such module" in check.text
