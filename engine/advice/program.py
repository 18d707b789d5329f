"""Asking another program for a fact: fixed arguments, no shell, a time limit, and only the head of what it says."""

from __future__ import annotations

import contextlib
import os
import selectors
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

LONGEST_ANSWER = 4096
_TOO_MUCH = 1 << 20
_LONGEST_WORD = 80
# What a container engine's own client needs to find its engine. No credential is handed on.
_HANDED_ON = ("PATH", "HOME", "USER", "LANG", "XDG_RUNTIME_DIR", "DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CONFIG")


def find_program(name: str, environment: Mapping[str, str]) -> str:
    """Its path, empty where the PATH has none; entries of the PATH that are not absolute are not looked into."""
    folders = [each for each in environment.get("PATH", "").split(os.pathsep) if Path(each).is_absolute()]
    return shutil.which(name, path=os.pathsep.join(folders)) or "" if folders else ""


def first_line(line: Sequence[str], environment: Mapping[str, str], until: float) -> str | None:
    """What the program prints first, made plain; None where it fails, says too much, or is not done by `until`.

    `until` is a moment of the monotonic clock. A program that is not done is ended with all that it started.
    """
    handed = {name: environment[name] for name in _HANDED_ON if name in environment}
    try:
        process = subprocess.Popen(  # noqa: S603 - a program of the PATH with our own fixed arguments
            list(line), env=handed, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
    except OSError:
        return None
    assert process.stdout is not None  # noqa: S101 - it was asked for
    with process.stdout as pipe:
        said = _read(pipe.fileno(), until)
        code = None if said is None else _ended(process, until)
        if code is None:
            _end(process)
    return plain((said or b"").decode("utf-8", "replace").partition("\n")[0]) if code == 0 else None


def plain(text: str, longest: int = _LONGEST_WORD) -> str:
    """Without anything that is not seen, and short."""
    return "".join(sign for sign in text[: longest * 4] if sign.isprintable()).strip()[:longest]


def _read(pipe: int, until: float) -> bytes | None:
    """The head of what comes, once it ends; None where it does not end in time, or is endless."""
    taken, total = b"", 0
    with selectors.DefaultSelector() as waiting:
        waiting.register(pipe, selectors.EVENT_READ)
        while (left := until - time.monotonic()) > 0 and total <= _TOO_MUCH and waiting.select(left):
            part = os.read(pipe, 65_536)
            if not part:
                return taken
            taken += part[: LONGEST_ANSWER - len(taken)]
            total += len(part)
    return None


def _ended(process: subprocess.Popen[bytes], until: float) -> int | None:
    try:
        return process.wait(max(0.0, until - time.monotonic()))
    except subprocess.TimeoutExpired:
        return None


def _end(process: subprocess.Popen[bytes]) -> None:
    """Nobody has waited for it yet, so the number still names its own group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
