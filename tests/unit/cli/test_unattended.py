"""A plan is approved by a person at one terminal and applied by a pipeline elsewhere, where nobody is asked."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from demo.person import write_browser
from server.cli.exits import Exit
from tests.unit.approval.signed import write_key
from tests.unit.cli.conftest import SOURCES

APPROVED = "to approve this plan: "
ACCEPTED = ("stricter ones in force", "accept looser rules\n")


@pytest.fixture
def key(tmp_path: Path, home: Path, demo: Path) -> Path:
    """A private key whose public half the home lists."""
    path = write_key(tmp_path / "key")
    (home / "config.toml").write_text(f'[approvers]\nada = "{path.with_suffix(".pub").read_text().strip()}"\n')
    return path


@pytest.fixture
def papers(tmp_path: Path) -> dict[str, str]:
    return {"plan": str(tmp_path / "plan.json"), "ok": str(tmp_path / "ok.json")}


@pytest.fixture
def shell(home: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs a command as a pipeline does: in a process of its own, with nobody to type."""

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "GROUNDPLAN_HOME": str(home), "NO_COLOR": "1"}
        return subprocess.run(
            [sys.executable, "-m", "groundplan", *words], cwd=SOURCES, env=environment, timeout=60, check=False,
            stdin=subprocess.DEVNULL, capture_output=True, text=True,
        )  # fmt: skip

    return run


@pytest.fixture
def pipeline(shell, papers: dict[str, str]) -> Callable[..., tuple[int, list[Any]]]:
    """Applies the papers; the exit code, and the lines of JSON."""

    def run(*more: str) -> tuple[int, list[Any]]:
        ended = shell("apply", "--plan-file", papers["plan"], "--approval", papers["ok"], "--json", *more)
        return ended.returncode, [json.loads(line) for line in ended.stdout.splitlines()]

    return run


@pytest.fixture
def approve(terminal, key, papers) -> Callable[..., Any]:
    """A person approves the plan file, at a machine whose home is none."""

    def run(*more: str, typed: str = "yes\n") -> Any:
        words = ["approve", "--plan-file", papers["plan"], "--key", str(key), "--out", papers["ok"], *more]
        return terminal(["--home", papers["ok"] + ".nowhere", *words], [(APPROVED, typed)])

    return run


@pytest.mark.promise("APPROVAL-1")
@pytest.mark.promise("APPROVAL-2")
def test_what_was_approved_elsewhere_is_applied_once_line_by_line(
    cli, terminal, key, papers, approve, pipeline
) -> None:
    assert terminal(["consent", "accept"], [ACCEPTED]).code == Exit.DONE
    assert cli("plan", "--out", papers["plan"]).exit_code == Exit.DONE
    session = approve()
    assert session.code == Exit.DONE, session.text
    assert "+ create server.web[0]" in session.text
    assert not Path(papers["ok"] + ".nowhere").exists()
    code, lines = pipeline()
    assert code == Exit.DONE, lines
    assert [lines[0]["event"], lines[-1]["event"]] == ["confirmed", "done"]
    assert {each["event"] for each in lines[1:-1]} == {"step"}
    assert {each["address"] for each in lines if each.get("status") == "done"} >= {"server.web[0]", "server.web[1]"}
    assert (lines[-1]["status"], lines[-1]["run"]["done"]) == ("succeeded", 4)
    code, lines = pipeline()
    assert code == Exit.FAILED
    assert [each["code"] for each in lines] == ["plan_settled"]
    assert f"runs {cli_run(cli)} --follow" in lines[0]["message"]
    assert len(json.loads(cli("state", "--json").stdout)) == 4


def test_to_people_it_tells_the_steps_in_words(cli, terminal, shell, key, papers, approve) -> None:
    terminal(["consent", "accept"], [ACCEPTED])
    cli("plan", "--out", papers["plan"])
    approve()
    result = shell("apply", "--plan-file", papers["plan"], "--approval", papers["ok"])
    assert result.returncode == Exit.DONE, result.stderr
    assert re.search(r"Run run-\w+ succeeded: 4 of 4 steps", result.stdout)
    assert "✓ create server.web[1]" in result.stderr


@pytest.mark.promise("APPROVAL-3")
def test_a_key_that_nobody_accepted_ends_with_three_and_a_line(cli, key, papers, approve, pipeline) -> None:
    cli("plan", "--out", papers["plan"])
    approve()
    code, lines = pipeline()
    assert code == Exit.UNCONFIRMED
    assert [(each["event"], each["code"]) for each in lines] == [("refused", "approval_invalid")]
    assert "groundplan consent accept" in lines[0]["message"]
    shown = cli("consent", "show")
    assert "not yet" in shown.stdout
    assert "Not accepted yet: plans may be approved beforehand by ada (SHA256:" in shown.stdout
    events = [each["event"] for each in json.loads(cli("audit", "tail", "--json").stdout)]
    assert events[-1] == "approval.refused"
    assert json.loads(cli("state", "--json").stdout) == []


def test_a_file_that_was_changed_ends_with_a_word_on_it(cli, terminal, key, papers, approve, pipeline) -> None:
    terminal(["consent", "accept"], [ACCEPTED])
    cli("plan", "--out", papers["plan"])
    approve()
    plan, ok = Path(papers["plan"]), Path(papers["ok"])
    honest = plan.read_text(), ok.read_text()
    plan.write_text(honest[0].replace('"small"', '"large"', 1))
    assert pipeline()[0] == Exit.FAILED
    plan.write_text(honest[0])
    ok.write_text(honest[1].replace('"workspace": "demo"', '"workspace": "prod"'))
    assert pipeline()[0] == Exit.UNCONFIRMED
    ok.write_text(honest[1])
    assert pipeline("--workspace", "prod")[0] == Exit.FAILED
    assert json.loads(cli("state", "--json").stdout) == []
    assert pipeline("--workspace", "demo")[0] == Exit.DONE


def test_a_workspace_that_takes_the_channel_away_ends_with_three(
    cli, terminal, demo, key, papers, approve, pipeline
) -> None:
    terminal(["consent", "accept"], [ACCEPTED])
    plan = json.loads(cli("plan", "--json", "--out", papers["plan"]).stdout)["id"]
    approve()
    settings = demo / "workspace.toml"
    settings.write_text(settings.read_text() + '\n[consent]\nlow = ["page", "terminal"]\n')
    code, lines = pipeline()
    assert (code, lines[0]["code"]) == (Exit.UNCONFIRMED, "consent_unavailable")
    assert f"groundplan confirm {plan}" in lines[0]["message"]
    here = terminal(["approve", plan, "--key", str(key), "--out", papers["ok"]], [])
    assert here.code == Exit.UNCONFIRMED
    assert "don't accept an approval" in here.text


def test_a_plan_of_another_home_is_refused_with_the_way_on(cli, key, papers, approve, pipeline, tmp_path) -> None:
    cli("plan", "--out", papers["plan"])
    approve()
    code, lines = pipeline("--home", str(tmp_path / "other"))
    assert code == Exit.FAILED
    assert "This home never made plan" in lines[0]["message"]
    assert "groundplan plan --out" in lines[0]["message"]


@pytest.mark.parametrize("typed", ["no\n", "\n", "demo\n", "\x04"])
def test_anything_but_the_phrase_signs_nothing(cli, key, papers, approve, typed) -> None:
    cli("plan", "--out", papers["plan"])
    session = approve(typed=typed)
    assert session.code == Exit.UNCONFIRMED, session.text
    assert not Path(papers["ok"]).exists()


def test_a_pipe_approves_nothing(cli, key, papers) -> None:
    cli("plan", "--out", papers["plan"])
    words = ["approve", "--plan-file", papers["plan"], "--key", str(key), "--out", papers["ok"]]
    assert cli(*words, typed="yes\n").exit_code == Exit.UNCONFIRMED
    assert not Path(papers["ok"]).exists()


def test_at_home_a_plan_is_approved_by_its_id_and_leaves_an_audit_line(cli, terminal, key, papers, pipeline) -> None:
    plan = json.loads(cli("plan", "--json", "--out", papers["plan"]).stdout)["id"]
    words = ["approve", plan, "--key", str(key), "--out", papers["ok"], "--expires", "90s"]
    unknown = terminal(words, [])
    assert unknown.code == Exit.UNCONFIRMED
    assert "nobody accepted it yet" in unknown.text
    terminal(["consent", "accept"], [ACCEPTED])
    assert terminal(words, [(APPROVED, "yes\n")]).code == Exit.DONE
    last = json.loads(cli("audit", "tail", "--json").stdout)[-1]
    assert (last["event"], last["plan"]) == ("plan.approved", plan)
    assert pipeline()[0] == Exit.DONE


def test_a_stored_plan_whoever_made_it_is_handed_out_as_the_same_file(cli, demo, papers, tmp_path) -> None:
    plan = json.loads(cli("plan", "--out", papers["plan"], "--json").stdout)["id"]
    assert cli("show", plan, "--out", str(tmp_path / "again.json")).exit_code == Exit.DONE
    assert (tmp_path / "again.json").read_bytes() == Path(papers["plan"]).read_bytes()
    assert cli("show", "server.web", "--out", str(tmp_path / "none.json")).exit_code == Exit.USAGE
    assert not (tmp_path / "none.json").exists()


@pytest.mark.promise("APPROVAL-1")
def test_a_plan_is_approved_on_the_page_and_only_signed_by_that(
    cli, terminal, key, papers, pipeline, tmp_path, monkeypatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("BROWSER", str(write_browser(tmp_path, tmp_path / "notes")))
    terminal(["consent", "accept"], [ACCEPTED])
    plan = json.loads(cli("plan", "--out", papers["plan"], "--json").stdout)["id"]
    result = cli("approve", plan, "--key", str(key), "--out", papers["ok"], "--page")
    assert result.exit_code == Exit.DONE, result.output
    assert "4 to create" in (tmp_path / "notes").read_text()
    assert json.loads(cli("show", plan, "--json").stdout)["status"] == "pending"
    assert json.loads(cli("state", "--json").stdout) == []
    assert pipeline()[0] == Exit.DONE


def test_a_page_that_nobody_can_open_signs_nothing(cli, terminal, key, papers, monkeypatch) -> None:
    monkeypatch.delenv("BROWSER", raising=False)
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    terminal(["consent", "accept"], [ACCEPTED])
    plan = json.loads(cli("plan", "--json").stdout)["id"]
    result = cli("approve", plan, "--key", str(key), "--out", papers["ok"], "--page")
    assert result.exit_code == Exit.UNCONFIRMED
    assert not Path(papers["ok"]).exists()


def test_a_locked_key_asks_for_its_passphrase(cli, terminal, demo, tmp_path, papers) -> None:
    key = write_key(tmp_path / "locked", passphrase="sesame")
    cli("plan", "--out", papers["plan"])
    words = ["approve", "--plan-file", papers["plan"], "--key", str(key), "--out", papers["ok"]]
    session = terminal(words, [("Passphrase of the key: ", "sesame\n"), (APPROVED, "yes\n")])
    assert session.code == Exit.DONE, session.text
    assert "sesame" not in session.text
    Path(papers["ok"]).unlink()
    assert terminal(words, [("Passphrase of the key: ", "guess\n")]).code == Exit.FAILED
    assert not Path(papers["ok"]).exists()


def test_where_nothing_would_change_no_plan_file_is_written(cli, built, papers) -> None:
    result = cli("plan", "--out", papers["plan"])
    assert result.exit_code == Exit.DONE
    assert "Nothing to do" in result.stdout
    assert not Path(papers["plan"]).exists()


@pytest.mark.parametrize(
    "words",
    [
        ["apply", "--plan-file", "x"],
        ["apply", "--approval", "x"],
        ["approve", "--key", "k", "--out", "o"],
        ["approve", "plan-0123456789ab", "--plan-file", "x", "--key", "k", "--out", "o"],
        ["approve", "--plan-file", "x", "--key", "k", "--out", "o", "--expires", "1d"],
        ["approve", "--plan-file", "x", "--key", "k", "--out", "o", "--expires", "-1m"],
        ["approve", "--plan-file", "x", "--key", "k", "--out", "o", "--expires", "9999999m"],
        ["approve", "--plan-file", "x", "--out", "o"],
        ["approve", "--plan-file", "x", "--key", "k", "--out", "o", "--page"],
    ],
)
def test_options_that_do_not_go_together_are_wrong_usage(cli, words) -> None:
    assert cli(*words).exit_code == Exit.USAGE


@pytest.mark.promise("APPROVAL-2")
def test_a_pipeline_killed_after_the_yes_has_one_run_that_goes_on(
    cli, terminal, key, papers, approve, pipeline, shell, home
) -> None:
    config = home / "config.toml"
    config.write_text(config.read_text() + "[worker]\nlease_seconds = 1\npoll_seconds = 0.1\n")
    config.write_text(config.read_text() + "[providers.demo]\nlatency = 0.5\n")
    terminal(["consent", "accept"], [ACCEPTED])
    cli("plan", "--out", papers["plan"])
    approve()
    words = ["apply", "--plan-file", papers["plan"], "--approval", papers["ok"], "--json"]
    environment = {**os.environ, "GROUNDPLAN_HOME": str(home)}
    process = subprocess.Popen(
        [sys.executable, "-m", "groundplan", *words], cwd=SOURCES, env=environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    first = json.loads(process.stdout.readline())
    process.kill()
    process.wait()
    process.stdout.close()
    assert first["event"] == "confirmed"
    assert pipeline()[1][0]["code"] == "plan_settled"
    finished = shell("runs", first["run"], "--follow")
    assert finished.returncode == Exit.DONE, finished.stderr
    assert len(json.loads(cli("state", "--json").stdout)) == 4
    assert [each["id"] for each in json.loads(cli("runs", "--json").stdout)["items"]] == [first["run"]]


def cli_run(cli) -> str:
    return json.loads(cli("runs", "--json").stdout)["items"][0]["id"]
