"""`groundplan advise`: modes, platform, services and sizes for people, and as JSON for programs."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from server.cli.exits import Exit
from tests.unit.cli.conftest import Cli


def test_modes_are_listed_and_one_is_shown_with_what_is_not_built(cli: Cli) -> None:
    assert "16 or more cpu, 32GiB" in cli("advise", "modes").stdout
    shown = cli("advise", "modes", "cicd").stdout
    assert "groundplan rules check" in shown
    assert "Not built yet:" in shown


@pytest.mark.parametrize("mode", ["multiuser", "cicd", "enterprise"])
def test_the_settings_of_a_mode_can_be_pasted_into_the_home(cli: Cli, home: Path, mode: str) -> None:
    text = cli("advise", "modes", mode).stdout.partition("your own addresses:\n")[2].partition("Commands:")[0]
    told = json.loads(cli("advise", "modes", mode, "--json").stdout)["settings"]
    lines = {f"{table}.{key}".removeprefix(".") for table, key in _keys(tomllib.loads(text))}
    assert lines == told.keys()


def test_an_unknown_mode_fails_with_those_that_there_are(cli: Cli) -> None:
    result = cli("advise", "modes", "huge")
    assert result.exit_code == Exit.FAILED
    assert "There are: solo, multiuser, cicd, enterprise." in result.output


def test_the_platform_is_ranked_with_reasons(cli: Cli) -> None:
    advice = json.loads(cli("advise", "platform", "--json").stdout)
    usable = [each["is_usable"] for each in advice["platforms"]]
    assert usable == sorted(usable, reverse=True)
    assert "simulated" in cli("advise", "platform").stdout


def test_services_are_suggested_and_unknown_words_told(cli: Cli) -> None:
    result = cli("advise", "services", "tribbles", "and", "vpn")
    assert "wireguard" in result.stdout
    assert "Nothing here answers to 'tribbles'." in result.stderr
    assert "can't declare services yet" in result.stderr
    assert "one of: solo" in cli("advise", "services").stdout


def test_sizes_of_named_services_and_of_a_workspace(cli: Cli, demo: Path) -> None:
    named = cli("advise", "sizing", "db:postgres,redis", "--workspace", "demo").stdout
    assert "4 cpu, 9GiB, 90GiB" in named
    assert "Together: demo: 32.00 EUR a month" in named
    own = cli("advise", "sizing").stdout
    assert "2 of web" in own
    assert "8.00 EUR a month" in own


def _keys(document: dict[str, object]) -> list[tuple[str, str]]:
    return [
        (name if isinstance(value, dict) else "", key)
        for name, value in document.items()
        for key in (value if isinstance(value, dict) else [name])
    ]
