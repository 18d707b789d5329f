"""Processes that index and are killed: `python -m tests.crash.indexer FOLDER FIRST LAST`, one after another.

Chroma is imported once, then each is forked. Number N does its act on what the sources are at round N and kills itself:
an even one at a statement of SQLite, a call of Chroma or a step of making a volume, an odd one after a while, wherever
it is then. The numbers of those that finished before they died are printed. It ends with an error as soon as a kill
leaves something that a search would go wrong in.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from threading import Thread
from typing import Any

import chromadb  # noqa: F401 - imported before the fork

from rag.index import prebuilt, volume
from rag.index.chroma import Chroma
from rag.index.folder import IndexFolder
from rag.model.document import Scope
from rag.model.options import LibraryOptions
from rag.prebuild import _copy
from tests.scenario.rag.contents import contents, flaws
from tests.scenario.rag.shelf import Pages, Words, shelving

ALWAYS_COPIED = LibraryOptions(prebuilt=False, embedder="words.1", exact_up_to=0)
PAGES = 25
_STATEMENTS = 600
_MAKING_STEPS = 12  # and a little further, into the first statements behind them
_SECONDS = 1.5
_MODELS = ("words", "thoughts")


class Act(StrEnum):
    """What a process is killed at. MAKE begins with the name of its folder's volume gone, and a prebuilt index."""

    REFRESH = "refresh"
    REBUILD = "rebuild"
    MOVE = "move"
    MAKE = "make"


def act_of(number: int) -> Act:
    """Each comes up with both ways to die."""
    return tuple(Act)[number // 2 % len(Act)]


def model_at(number: int) -> str:
    """Each move is to the other one; what was killed on the way goes on with the next round."""
    return _MODELS[sum(act_of(each) is Act.MOVE for each in range(number + 1)) % 2]


def made_at(folder: Path) -> Path:
    """The index whose volumes are made from a prebuilt one, beside the other, which grows old."""
    return folder.with_name(f"{folder.name}-made")


def sources_at(round_: int) -> Pages:
    """Some pages come, go, and change with every round; the word `everywhere` is on each."""
    texts: dict[str, str] = {}
    for turn in range(round_ + 1):
        chance = random.Random(turn)
        for _ in range(PAGES if turn == 0 else 6):
            name = f"page-{chance.randrange(2 * PAGES)}"
            sections = chance.randrange(1, 5)
            texts[name] = "\n\n".join(
                f"## Part {part}\n\neverywhere {' '.join(f'word{chance.randrange(400)}' for _ in range(60))}"
                for part in range(sections)
            )
        for name in chance.sample(sorted(texts), 2 if turn else 0):
            texts[f"{name}-moved" if len(name) < 12 else name] = texts.pop(name)
        for name in chance.sample(sorted(texts), 2 if turn else 0):
            del texts[name]
    return Pages(texts, "ws-1", Scope.FILES)


def prebuild(folder: Path) -> None:
    """The index of the sources at round 0, as one that ships."""
    folder.mkdir()
    index = shelving(folder.with_name("beforehand"), sources_at(0), options=ALWAYS_COPIED)
    index.refresh()
    _copy(index.database, folder / prebuilt.NAME)
    index.close()


def die_at_a_point(number: int) -> None:
    chance = random.Random(number)
    if number % 2:
        seconds = chance.uniform(0.0, _SECONDS)
        Thread(target=lambda: (time.sleep(seconds), os.kill(os.getpid(), signal.SIGKILL)), daemon=True).start()
        return
    left = [chance.randrange(_MAKING_STEPS if act_of(number) is Act.MAKE else _STATEMENTS)]

    def passed(*_: object) -> None:
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    connected = volume.connect

    def traced(path: Path, *, reading: bool) -> Any:
        connection = connected(path, reading=reading)
        connection.set_trace_callback(passed)
        return connection

    volume.connect = traced
    call: Callable[..., Any] = Chroma._call
    Chroma._call = lambda self, *given: (call(self, *given), passed())[0]  # type: ignore[method-assign]
    if act_of(number) is Act.MAKE:
        _watch_making(passed)


def _watch_making(passed: Callable[[], None]) -> None:
    """Around each step of it, and in the middle of the copy."""
    copied, adopted, replaced = shutil.copyfile, IndexFolder.adopt, Path.replace

    def copy(source: Path, target: Path) -> None:
        passed()
        target.write_bytes(source.read_bytes()[: source.stat().st_size // 2])
        passed()
        copied(source, target)
        passed()

    def around(step: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *given: (passed(), step(*given), passed())[1]

    shutil.copyfile = copy
    IndexFolder.adopt, Path.replace = around(adopted), around(replaced)


def index_once(
    folder: Path, pages: Pages, act: Act = Act.REFRESH, model: str = _MODELS[0], shipped: Path | None = None
) -> None:
    """What `shipped` holds is what a volume is made from, if one has to be made."""
    embedder = Words(model)
    wish = replace(ALWAYS_COPIED, embedder=embedder.fingerprint, prebuilt=shipped is not None, read_at=time.time())
    prebuilt.SHIPPED = prebuilt.CHECKOUT = shipped or folder / "none"
    index = shelving(folder, pages, embedder=embedder, options=wish)
    if act is Act.REBUILD:
        index.rebuild()
    else:
        index.refresh()
    index.close()


def _do(folder: Path, number: int) -> None:
    act, pages, shipped = act_of(number), sources_at(number), folder.with_name("shipped")
    if act is Act.MAKE:
        index_once(made_at(folder), pages, shipped=shipped)
    else:
        index_once(folder, pages, act, model_at(number))


def _forget_volume(folder: Path) -> None:
    """What killed processes left beside it stays."""
    for name in folder.glob("current-*"):
        name.unlink()


def _held(folder: Path) -> dict[str, Any] | None:
    """What a search has to answer from now; None where no volume is named yet."""
    return contents(folder, "everywhere") if IndexFolder(folder).current() else None


def _left(folder: Path, number: int, before: dict[str, Any] | None) -> list[str]:
    """What must not be once number N is dead: a named volume with a flaw, or one that is half made anew."""
    held = _held(folder)
    if held is None:
        return []
    ids = {row[2] for row in held["documents"]}
    if act_of(number) is Act.REBUILD and before and held != before and ids != set(sources_at(number).texts):
        return [f"{len(ids)} documents serve while all are read anew"]
    return flaws(folder)


def main() -> None:
    killed, first, last = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    for number in range(first, last):
        folder = made_at(killed) if act_of(number) is Act.MAKE else killed
        if act_of(number) is Act.MAKE:
            _forget_volume(folder)
        before = _held(folder)
        child = os.fork()
        if child == 0:
            die_at_a_point(number)
            _do(killed, number)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if status == 0:
            print(number, flush=True)
        elif os.waitstatus_to_exitcode(status) != -signal.SIGKILL:
            sys.exit(f"{number} ended with {os.waitstatus_to_exitcode(status)}")
        elif wrong := _left(folder, number, before):
            sys.exit(f"{number}, killed at {act_of(number)}: {wrong}")


if __name__ == "__main__":
    main()
