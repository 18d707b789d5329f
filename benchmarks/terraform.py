"""The named peer: Terraform with its built-in `terraform_data`, which needs neither a download nor a cloud."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from benchmarks.manifests import Shape

PEER = "Terraform"
_LONGEST_SECONDS = 1200.0


@dataclass(frozen=True, slots=True)
class PeerSeen:
    """Seconds of the whole commands, their start included; `apply_seconds` 0 when it was not asked for."""

    plan_seconds: float
    apply_seconds: float


@cache
def seen_of_terraform(shape: Shape, count: int, *, apply: bool) -> PeerSeen | None:
    """One plan, and one apply when asked for; None when no `terraform` is on the path."""
    if shutil.which("terraform") is None:
        return None
    with _configured(shape, count) as folder:
        planned = _seconds(folder, "plan", "-out=plan", "-input=false")
        applied = _seconds(folder, "apply", "-input=false", "plan") if apply else 0.0
        return PeerSeen(planned, applied)


def why_no_peer() -> str:
    return "" if shutil.which("terraform") else "no terraform on the path, so nothing to compare with"


@contextmanager
def _configured(shape: Shape, count: int) -> Generator[Path]:
    with tempfile.TemporaryDirectory(prefix="groundplan-bench-tf-") as name:
        folder = Path(name)
        (folder / "main.tf").write_text(_configuration(shape, count), encoding="utf-8")
        _seconds(folder, "init", "-input=false")
        yield folder


def _configuration(shape: Shape, count: int) -> str:
    if shape == "counted":
        return f'resource "terraform_data" "key" {{\n  count = {count}\n}}\n'
    return "".join(f'resource "terraform_data" "key-{number:05}" {{}}\n' for number in range(count))


def _seconds(folder: Path, *words: str) -> float:
    quiet = {"TF_CLI_CONFIG_FILE": os.devnull, "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1"}
    begun = time.perf_counter()
    subprocess.run(
        ["terraform", *words, "-no-color"], cwd=folder, env={**os.environ, **quiet},
        stdout=subprocess.DEVNULL, check=True, timeout=_LONGEST_SECONDS,
    )  # fmt: skip
    return time.perf_counter() - begun
