"""The MCP conformance suite: fetched once into a cache, run against an address, its verdict read from its report."""

from __future__ import annotations

import fcntl
import json
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.means import node

VERSION = "0.2.0-alpha.12"
_PACKAGE = "@modelcontextprotocol/conformance"
_ROOT = Path(__file__).resolve().parents[2]
_RUN_SECONDS = 300
_DATED = re.compile(r"-\d{4}-\d\d-\d\dT[\d-]+Z$")
_NOT_RUN = {"id": "report", "status": "FAILURE", "errorMessage": "the scenario left no report"}


@dataclass(frozen=True)
class Verdict:
    """What a run said: how many scored checks passed, and the scored scenarios that did not, each with its reasons."""

    passed: int
    failures: dict[str, list[str]]
    said: str


def fetched() -> Path:
    """The suite's program; from npm the first time, by whichever of several test processes comes first."""
    cache = Path(os.environ.get("GROUNDPLAN_TEST_CACHE") or _ROOT / ".cache") / f"conformance-{VERSION}"
    program = cache / "node_modules" / _PACKAGE / "dist" / "index.js"
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not program.exists():
            _npm("install", "--no-audit", "--no-fund", "--silent", "--prefix", str(cache), f"{_PACKAGE}@{VERSION}")
    return program


def run(url: str, revision: str, out: Path) -> Verdict:
    """Every scenario that the revision requires of a server."""
    done = subprocess.run(
        [str(node()), str(fetched()), "server", "--url", url, "--requirements", revision, "-o", str(out)],
        capture_output=True, text=True, check=False, timeout=_RUN_SECONDS,
    )  # fmt: skip
    reports = dict(_reports(out))
    checks = {name: reports.get(name, [_NOT_RUN]) for name in _scored(revision)}
    failures = {
        name: bad for name, found in checks.items() if (bad := [_reason(each) for each in found if _is_bad(each)])
    }
    passed = sum(each["status"] == "SUCCESS" for found in checks.values() for each in found)
    return Verdict(passed, failures, f"exit code {done.returncode}\n{done.stdout[-4000:]}\n{done.stderr[-2000:]}")


@contextmanager
def served(home: Path, log: Path, *, python: str, plain: bool = False) -> Iterator[str]:
    """The address of a server in a process of its own."""
    command = [python, "-m", "tests.conformance.serve", str(home), *(["--plain"] if plain else [])]
    with log.open("w") as errors:
        process = subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, stderr=errors, text=True)
        try:
            assert process.stdout is not None
            url = process.stdout.readline().strip()
            assert url, log.read_text()
            yield url
        finally:
            process.terminate()
            process.communicate(timeout=30)


def _npm(*arguments: str) -> None:
    program = node()
    assert program is not None
    npm = program.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    command = [str(program), str(npm)] if npm.exists() else ["npm"]
    subprocess.run([*command, *arguments], check=True, timeout=_RUN_SECONDS)


def _scored(revision: str) -> list[str]:
    """The scenarios that count, from the suite's own list; what it prints can be cut short when it exits."""
    listed = fetched().parents[1] / "requirements" / f"{revision}.yaml"
    return yaml.safe_load(listed.read_text("utf-8"))["server"]


def _reports(out: Path) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A scenario's name and its checks, from `server-<scenario>-<time>/checks.json`."""
    for report in sorted(out.glob("server-*/checks.json")):
        yield _DATED.sub("", report.parent.name.removeprefix("server-")), json.loads(report.read_text("utf-8"))


def _is_bad(check: dict[str, Any]) -> bool:
    return check["status"] in ("FAILURE", "WARNING")


def _reason(check: dict[str, Any]) -> str:
    return f"{check['id']}: {check['status'].lower()}: {check.get('errorMessage', '')}"
