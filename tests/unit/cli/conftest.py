"""A temporary home, the command line on it, and a terminal with a person who types."""

from __future__ import annotations

import contextlib
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from engine.model.confirmation import Channel, Confirmation
from engine.model.request import PlanChange
from engine.model.run import RunStatus
from server.cli.app import build_app
from server.office import Office

SOURCES = Path(__file__).resolve().parents[3]
# The terminal becomes the program's own, so that Ctrl-C typed there reaches it.
OWN_TERMINAL = """
import fcntl, signal, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
# A job in the background is born deaf to Ctrl-C, and so would be the terminal that it opens.
signal.signal(signal.SIGINT, signal.default_int_handler)
from server.cli import main
main(sys.argv[1:])
"""
SERVERS = """
  server:
    web:
      count: 2
      image: debian-12
      size: small
      networks: ["${network.private.id}"]
"""
Cli = Callable[..., Result]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def cli(home: Path, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Runs a command as a program would: no terminal, no colours."""
    monkeypatch.setenv("GROUNDPLAN_HOME", str(home))
    monkeypatch.setenv("NO_COLOR", "1")
    runner = CliRunner()

    def run(*words: str, typed: str = "") -> Result:
        return runner.invoke(build_app(), list(words), input=typed, prog_name="groundplan")

    return run


@pytest.fixture
def demo(home: Path) -> Path:
    """The folder of the demo workspace, which declares two servers; nothing is built yet."""
    office = Office(home, {})
    try:
        folder = Path(office.engine().ensure_demo_workspace().path)
    finally:
        office.close()
    manifest = folder / "infra" / "main.yaml"
    manifest.write_text(manifest.read_text() + SERVERS)
    return folder


@pytest.fixture
async def built(home: Path, demo: Path) -> Path:
    """The same, with everything built."""
    office = Office(home, {})
    try:
        engine, person = office.engine(), office.person("cli")
        plan = (await engine.propose("demo", PlanChange(), person)).plan
        assert plan is not None
        run = engine.apply(Confirmation(plan.id, plan.digest, Channel.TERMINAL, person))
        engine.start_worker()
        while not run.status.is_over:
            run = await engine.wait_run(run.id, 5)
        assert run.status is RunStatus.SUCCEEDED
    finally:
        office.close()
    return demo


@dataclass(frozen=True)
class Session:
    """What a terminal showed, and the exit code."""

    text: str
    code: int


@pytest.fixture
def terminal(home: Path) -> Callable[[Sequence[str], Sequence[tuple[str, str]]], Session]:
    """Runs a command at a terminal; whenever the first text yet to come appears, the person types its answer."""

    def run(words: Sequence[str], answers: Sequence[tuple[str, str]]) -> Session:
        person, program = os.openpty()
        environment = {**os.environ, "GROUNDPLAN_HOME": str(home), "TERM": "xterm", "NO_COLOR": "1", "COLUMNS": "120"}
        command = [sys.executable, "-c", OWN_TERMINAL, *words]
        process = subprocess.Popen(
            command, stdin=program, stdout=program, stderr=program, env=environment, cwd=SOURCES, start_new_session=True
        )
        os.close(program)
        try:
            text = _converse(person, list(answers), time.monotonic() + 60)
            return Session(text, process.wait(20))
        finally:
            os.close(person)
            process.kill()
            process.wait()

    return run


def _converse(person: int, answers: list[tuple[str, str]], until: float) -> str:
    shown, seen = "", 0
    while time.monotonic() < until:
        if not select.select([person], [], [], 0.2)[0]:
            continue
        part = b""
        with contextlib.suppress(OSError):  # Linux answers an error once the program has closed its end
            part = os.read(person, 65536)
        if not part:
            return shown
        shown += part.decode("utf-8", "replace")
        if answers and (at := shown.find(answers[0][0], seen)) >= 0:
            seen = at + len(answers[0][0])
            os.write(person, answers.pop(0)[1].encode())
    raise AssertionError(f"the program did not end; it showed:\n{shown}")
