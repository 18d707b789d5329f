"""An index in a process of its own: `python -m benchmarks.search_process index|search|rate FOLDER COUNT [--chroma]`."""

from __future__ import annotations

import time

BEGAN = time.perf_counter()

import json  # noqa: E402 - the clock runs before anything is imported
import lzma  # noqa: E402
import os  # noqa: E402
import random  # noqa: E402
import sys  # noqa: E402
from collections.abc import Mapping, Sequence  # noqa: E402
from dataclasses import asdict, dataclass  # noqa: E402
from pathlib import Path  # noqa: E402

import numpy as np  # noqa: E402

from benchmarks.resident import resident_mb  # noqa: E402
from rag.chunk.split import split  # noqa: E402
from rag.embed.contract import Vectors  # noqa: E402
from rag.embed.minilm import SHIPPED, MiniLM, batches, open_session, open_tokenizer  # noqa: E402
from rag.index.embedding import batches as sorted_batches  # noqa: E402
from rag.index.vectors import Unembedded  # noqa: E402
from rag.library import Library  # noqa: E402
from rag.model.document import Document, Scope  # noqa: E402
from rag.model.options import LibraryOptions  # noqa: E402
from rag.model.query import Query, Within  # noqa: E402
from rag.model.status import Phase, Progress  # noqa: E402

_KNOWLEDGE = Path(__file__).resolve().parents[1] / "knowledge"
_CORPUS = Path(__file__).resolve().parents[2] / "shared" / "eval" / "corpus.jsonl.xz"
_SHELF = "bench"
_WARM = 200
_CHUNKS_A_PAGE = 9


@dataclass(frozen=True, slots=True)
class Indexed:
    words_seconds: float
    megabytes: float
    chunks: int
    text: str


@dataclass(frozen=True, slots=True)
class Searched:
    cold_seconds: float
    p50_ms: float
    p95_ms: float
    resident_mb: float


class Chance:
    """As the shipped model to the index, so that its questions are compared with these; it only takes no time."""

    fingerprint = MiniLM().fingerprint
    dimensions = MiniLM.dimensions
    batch = MiniLM.batch

    def __init__(self) -> None:
        self._chance = np.random.default_rng(7)

    def embed(self, texts: Sequence[str]) -> Vectors:
        rows = self._chance.standard_normal((len(texts), self.dimensions), np.float32)
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)

    def embed_query(self, text: str) -> Vectors:
        return self.embed([text])[0]


class Pages:
    """Real documentation where it is at hand, else our own pages with their words in another order."""

    shelf = _SHELF
    scope = Scope.FILES

    def __init__(self, chunks: int) -> None:
        texts = _real_texts() or _shuffled_texts(chunks // _CHUNKS_A_PAGE + 1)
        self.what = "real documentation" if _CORPUS.is_file() else "our own pages, shuffled"
        self._texts = dict(texts[: chunks // _CHUNKS_A_PAGE + 1])

    def marks(self) -> Mapping[str, str]:
        return dict.fromkeys(self._texts, "1")

    def read(self, document_id: str) -> Document:
        return Document(document_id, _SHELF, self.scope, f"file:{document_id}", document_id, self._texts[document_id])


def _real_texts() -> list[tuple[str, str]]:
    if not _CORPUS.is_file():
        return []
    with lzma.open(_CORPUS, "rt", encoding="utf-8") as lines:
        return [(page["id"], page["text"]) for page in map(json.loads, lines)]


def _shuffled_texts(pages: int) -> list[tuple[str, str]]:
    chance = random.Random(7)
    words = [word for page in sorted(_KNOWLEDGE.rglob("*.md")) for word in page.read_text("utf-8").split()]
    return [
        (f"page-{n}", "\n\n".join(f"## Part {part}\n\n{' '.join(chance.choices(words, k=150))}" for part in range(9)))
        for n in range(pages)
    ]


def index(folder: Path, count: int, options: LibraryOptions) -> Indexed:
    pages, first = Pages(count), dict[Phase, float]()
    chance = Chance()
    library = Library(folder, options, lambda: (pages,), lambda _: chance)
    began = time.perf_counter()

    def seen(progress: Progress) -> None:
        first.setdefault(progress.phase, time.perf_counter() - began)

    library.refresh(seen)
    status = library.status()
    library.close()
    return Indexed(first[Phase.EMBEDDING], status.bytes / 1e6, sum(each.chunks for each in status.shelves), pages.what)


def search(folder: Path, options: LibraryOptions) -> Searched:
    """Cold from the start of this module: the interpreter itself is not ours to make quicker."""
    asked = questions()
    library = Library(folder, options)
    _ask(library, asked[0])
    cold = time.perf_counter() - BEGAN
    for question in asked[:10]:
        _ask(library, question)
    took = sorted(_ask(library, question) for question in asked[:_WARM])
    figures = Searched(cold, took[len(took) // 2] * 1e3, took[int(len(took) * 0.95)] * 1e3, resident_mb(os.getpid()))
    library.close()
    return figures


def _ask(library: Library, question: str) -> float:
    began = time.perf_counter()
    library.search(Query(question, Within((_SHELF,))), look=None)
    return time.perf_counter() - began


def questions() -> list[str]:
    """As people ask, of words that stand in the index: titles and first sentences of our own pages."""
    chance = random.Random(3)
    words = [word for page in sorted(_KNOWLEDGE.rglob("*.md")) for word in page.read_text("utf-8").split()]
    starts = ("how do I", "what does", "why is", "where is", "can I change")
    return [
        f"{chance.choice(starts)} {' '.join(words[at : at + chance.randrange(3, 9)])}?"
        for at in chance.sample(range(len(words) - 10), _WARM)
    ]


def rate(folder: Path, count: int) -> dict[str, float]:
    """Milliseconds a passage: of a refresh while it embeds, and of the bare session on the same batches."""
    pages, embedder, began = Pages(count), MiniLM(), dict[Phase, float]()
    embedder.embed_query("warm")
    library = Library(folder, LibraryOptions(prebuilt=False), lambda: (pages,), lambda _: embedder)

    def seen(progress: Progress) -> None:
        began.setdefault(progress.phase, time.perf_counter())

    report = library.refresh(seen)
    ours = time.perf_counter() - began[Phase.EMBEDDING]
    library.close()
    texts = [chunk for page in pages.marks() for chunk in split(pages.read(page))]
    session, tokenizer = open_session(SHIPPED), open_tokenizer()
    prepared = [
        inputs
        for batch in sorted_batches([Unembedded(b"", chunk.embedded_text) for chunk in texts], embedder.batch)
        for _, inputs in batches(tokenizer, [each.text for each in batch])
    ]
    bare_began = time.perf_counter()
    for inputs in prepared:
        session.run(["embedding"], inputs)
    bare = time.perf_counter() - bare_began
    return {"ours_ms": ours / report.embedded * 1e3, "bare_ms": bare / len(texts) * 1e3}


def main() -> None:
    what, folder, count = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    options = LibraryOptions(prebuilt=False, exact_up_to=0 if "--chroma" in sys.argv else 1_000_000)
    match what:
        case "index":
            told = asdict(index(folder, count, options))
        case "search":
            told = asdict(search(folder, options))
        case _:
            told = rate(folder, count)
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
