"""Evaluation in a process of its own, which is given copies of the files, no environment, and limits.

py-nickel holds the interpreter's lock, can't be interrupted and reads any path that an import names; none of that can
be mended from inside, so it runs where it can be ended and has nothing else to read.
"""

from __future__ import annotations

import importlib.util
import json
import math
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from engine.notation.document import MOST_BYTES, Flaw
from engine.notation.nickel.complaint import SHIPPED, Sources, complaints
from engine.notation.nickel.evaluated import Evaluated
from engine.notation.nickel.imports import Closure

_ENDLESS = "Look for a function that calls itself without an end, or for a list that is too long."
_LONGEST_WORDS = 64 << 10
_CHILD = Path(__file__).with_name("child.py")


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one reading of all files: seconds on the clock, bytes of memory, bytes of what it writes."""

    seconds: float = 10
    memory: int = 768 << 20
    output: int = 16 << 20


LIMITS = Limits()


def evaluate(
    folder: Path,
    texts: Mapping[str, str],
    library: Mapping[str, str],
    limits: Limits = LIMITS,
    contract: str = "Manifest",
) -> dict[str, Evaluated]:
    """What each of the files amounts to; `texts` are by path inside the folder, `library` what any may import.

    The value depends on nothing but the files. What is wrong with one is in its `Evaluated`; nothing is raised.
    `contract` is the shipped one of a whole file, which knows the names that a misspelt one is compared with.
    """
    closure = Closure(folder, texts)
    refused = {file: flaws for file in texts if (flaws := _refused(closure, file))}
    sound = [file for file in texts if file not in refused]
    told = dict(_run(closure, sound, library, limits)) if sound else {}
    return {
        file: Evaluated(flaws=refused[file])
        if file in refused
        else _evaluated(file, told[file], closure, Sources(file, closure.texts, library, contract))
        for file in texts
    }  # fmt: skip


def _refused(closure: Closure, file: str) -> tuple[Flaw, ...]:
    """The flaws of the file and of what it imports, each with the file it stands in."""
    others = sorted(closure.reached(file) - {file})
    own = closure.flaws.get(file, [])
    return (*own, *(replace(flaw, file=each) for each in others for flaw in closure.flaws.get(each, ())))


def _evaluated(file: str, told: Mapping[str, Any], closure: Closure, sources: Sources) -> Evaluated:
    if "json" in told:
        return Evaluated(json=told["json"], imports=closure.reached(file))
    if "large" in told:
        return Evaluated(flaws=(Flaw("It evaluates to more than 2 MiB.", "Split it into several files.", 1, 1),))
    if "error" in told:
        return Evaluated(flaws=complaints(told["error"], sources))
    return Evaluated(flaws=(told["ended"],))


def _run(
    closure: Closure, files: list[str], library: Mapping[str, str], limits: Limits
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """What the child tells of each file, or why it told nothing."""
    found = importlib.util.find_spec("nickel")
    if found is None or found.origin is None:
        for file in files:
            yield (
                file,
                {"ended": Flaw("Nickel files can't be read here: py-nickel is missing.", "Install py-nickel.", 1, 1)},
            )
        return
    with tempfile.TemporaryDirectory(prefix="groundplan-") as made:
        private = _Private(Path(made).resolve())
        private.fill(closure.texts, library)
        why = private.run(files, str(Path(found.origin).parent.parent), limits)
        told = private.told()
    for file in files:
        yield file, told.get(file, {"ended": why})
        if file not in told:
            why = Flaw("It was not evaluated: another file broke it off.", "Mend that one first.", 1, 1)


class _Private:
    """A folder of ours alone: copies of the files, of the library, and what the child writes."""

    def __init__(self, folder: Path) -> None:
        self._files = folder / "files"
        self._tree = self._files / "workspace"
        self._shelf = self._files / "library"
        self._out, self._err = folder / "out", folder / "err"

    def fill(self, texts: Mapping[str, str], library: Mapping[str, str]) -> None:
        for below, files in ((self._tree, texts), (self._shelf, library)):
            for name, text in files.items():
                (below / name).parent.mkdir(parents=True, exist_ok=True)
                (below / name).write_bytes(text.encode())

    def run(self, files: Sequence[str], packages: str, limits: Limits) -> Flaw:
        """Run the child to its end or to the limit; why it broke off, which the first untold file brought about."""
        job = {
            "folder": str(self._files), "files": files, "library": [str(self._shelf)], "packages": packages,
            "largest": MOST_BYTES, "seconds": math.ceil(limits.seconds), "memory": limits.memory,
            "output": limits.output,
        }  # fmt: skip
        with self._out.open("wb") as out, self._err.open("wb") as err:
            command = [sys.executable, "-I", "-S", "-B", str(_CHILD)]
            child = subprocess.Popen(  # noqa: S603 - our own program; what it reads comes through its input
                command, stdin=subprocess.PIPE, stdout=out, stderr=err, cwd=self._tree, env={}
            )
            try:
                child.communicate(json.dumps(job).encode(), limits.seconds)
            except subprocess.TimeoutExpired:
                return _too_long(limits)
            finally:
                child.kill()
                child.wait()
        with self._err.open("rb") as said:
            return _why(child.returncode, said.read(_LONGEST_WORDS), limits)

    def told(self) -> dict[str, Mapping[str, Any]]:
        """What the child wrote of each file, without a word of where this folder lies."""
        told: dict[str, Mapping[str, Any]] = {}
        for line in self._out.read_bytes().splitlines(keepends=True):
            if not line.endswith(b"\n"):
                break
            each = json.loads(line)
            if "error" in each:
                each["error"] = self._shown(each["error"])
            told[each["file"]] = each
        return told

    def _shown(self, text: str) -> str:
        shown = text.replace(f"{self._tree}/", "").replace(f"{self._shelf}/", SHIPPED)
        return shown.replace(str(self._files.parent), "")


def _why(code: int, said: bytes, limits: Limits) -> Flaw:
    if any(word in said for word in (b"memory allocation of", b"out of memory", b"MemoryError")):
        return Flaw(f"The evaluation takes more than {limits.memory >> 20} MiB of memory.", _ENDLESS, 1, 1)
    if b"File too large" in said:
        most = f"{limits.output / (1 << 20):g}"
        return Flaw(f"The files evaluate to more than {most} MiB in all.", "Declare less in them.", 1, 1)
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        return _too_long(limits)
    if code == -signal.SIGSEGV:
        return Flaw("It is nested too deeply to be evaluated.", "Flatten it, or end the recursion earlier.", 1, 1)
    return Flaw(f"The evaluation broke off (code {code}).", "Take away what was changed last, and plan again.", 1, 1)


def _too_long(limits: Limits) -> Flaw:
    return Flaw(f"The evaluation did not end within {limits.seconds:g} s.", _ENDLESS, 1, 1)
