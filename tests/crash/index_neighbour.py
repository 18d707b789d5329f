"""One of several processes on one index: `python -m tests.crash.index_neighbour FOLDER ROUND`.

It refreshes until the index is as the sources are at that round, and searches meanwhile. Lines it prints: `writing`
when it has begun to embed, `done` at the end. A search that sees half a document ends it with an error.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from threading import Event, Thread

from rag.index.shelving import Shelving
from rag.model.errors import IndexBusy
from rag.model.query import Within
from rag.model.status import Phase, Progress
from tests.crash.indexer import ALWAYS_COPIED, sources_at
from tests.scenario.rag.shelf import Words, shelving

SHELF = Within(("ws-1",))


def main() -> None:
    pages = sources_at(int(sys.argv[2]))
    index = shelving(Path(sys.argv[1]), pages, options=ALWAYS_COPIED)
    done = Event()
    wrong: list[str] = []
    searching = Thread(target=search, args=(index, done, wrong))
    searching.start()
    while not is_up_to_date(index, set(pages.texts)) and not wrong:
        try:
            index.refresh(tell)
        except IndexBusy:
            continue
    done.set()
    searching.join()
    index.close()
    if wrong:
        sys.exit("\n".join(wrong))
    print("done", flush=True)


def tell(progress: Progress) -> None:
    if progress.phase is Phase.EMBEDDING and progress.done == 0:
        print("writing", os.getpid(), flush=True)


def is_up_to_date(index: Shelving, wanted: set[str]) -> bool:
    with index.view() as store:
        keys = [key for key, _ in store.lexical('"everywhere"', SHELF, 10_000)]
        held = {each.document_id for each in store.chunks(keys).values()}
        return held == wanted and store.without_vectors(SHELF.shelves) == 0


def search(index: Shelving, done: Event, wrong: list[str]) -> None:
    """Whatever is found is there, is of our shelf, and is of documents that are whole."""
    question = Words().embed_query("everywhere word7 word8")
    while not done.is_set() and not wrong:
        with index.view() as store:
            found = [key for key, _ in store.dense(question, SHELF, 20)]
            found += [key for key, _ in store.lexical('"everywhere"', SHELF, 10_000)]
            known = store.chunks(found)
            if set(found) != set(known):
                wrong.append(f"found and not there: {set(found) - set(known)}")
            parts: dict[int, set[int]] = {}
            for each in known.values():
                parts.setdefault(each.document_key, set()).add(each.chunk.ordinal)
            wrong += [f"half a document: {key}" for key, held in parts.items() if held != set(range(len(held)))]


if __name__ == "__main__":
    main()
