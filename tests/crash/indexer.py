"""Processes that index and are killed: `python -m tests.crash.indexer FOLDER FIRST LAST`, one after another.

Chroma is imported once, then each is forked. Number N indexes what the sources are at round N and kills itself:
an even one at a statement of SQLite or a call of Chroma, an odd one after a while, wherever it is then. The numbers
of those that finished before they died are printed.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import Any

import chromadb  # noqa: F401 - imported before the fork

from rag.index import volume
from rag.index.chroma import Chroma
from rag.model.document import Scope
from rag.model.options import LibraryOptions
from tests.scenario.rag.shelf import Pages, shelving

ALWAYS_COPIED = LibraryOptions(prebuilt=False, embedder="words.1", exact_up_to=0)
PAGES = 25
_STATEMENTS = 600
_SECONDS = 1.5


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


def die_at_a_point(number: int) -> None:
    chance = random.Random(number)
    if number % 2:
        seconds = chance.uniform(0.0, _SECONDS)
        Thread(target=lambda: (time.sleep(seconds), os.kill(os.getpid(), signal.SIGKILL)), daemon=True).start()
        return
    left = [chance.randrange(_STATEMENTS)]

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


def index_once(folder: Path, pages: Pages) -> None:
    index = shelving(folder, pages, options=ALWAYS_COPIED)
    index.refresh()
    index.close()


def main() -> None:
    folder, first, last = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    for number in range(first, last):
        child = os.fork()
        if child == 0:
            die_at_a_point(number)
            index_once(folder, sources_at(number))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if status == 0:
            print(number, flush=True)
        elif os.waitstatus_to_exitcode(status) != -signal.SIGKILL:
            sys.exit(f"{number} ended with {os.waitstatus_to_exitcode(status)}")


if __name__ == "__main__":
    main()
