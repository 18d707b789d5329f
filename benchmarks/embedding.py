"""What our embedder costs above the bare ONNX session that it runs on the same batches, and its int8 file beside it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.row import Row
from rag.chunk.split import split
from rag.embed.minilm import SHIPPED, MiniLM, Session, batches, open_session, open_tokenizer
from rag.model.document import Document, Scope

_KNOWLEDGE = Path(__file__).resolve().parents[1] / "knowledge"
_PORTABLE = Path(__file__).resolve().parents[1] / ".cache" / "portable.onnx"
_NO_PORTABLE = "The int8 file is not at hand: `python -m models.make_minilm .cache/portable.onnx --int8` makes it."
_CHUNKS = 256
_TURNS = 3
_QUESTION = "how do I give a server more memory?"


def embedding(*, quick: bool) -> Iterator[Row]:
    texts = _texts(64 if quick else _CHUNKS)
    session, embedder = open_session(SHIPPED), MiniLM()
    portable = MiniLM(_PORTABLE) if _PORTABLE.is_file() else None
    prepared = [inputs for _, inputs in batches(open_tokenizer(), texts)]
    for each in filter(None, (embedder, portable)):
        each.embed_query(_QUESTION)
    bare: list[float] = []
    ours: list[float] = []
    int8: list[float] = []
    for _ in range(_TURNS):  # by turns, so that what else the machine does meets all alike
        bare.append(_took(lambda: _run(session, prepared)))
        ours.append(_took(lambda: embedder.embed(texts)))
        if portable is not None:
            int8.append(_took(lambda: portable.embed(texts)))
    ms = 1000 / len(texts)
    note = f"{len(texts)} chunks of our own pages, two threads, sorted by length into batches of 16"
    note += "" if int8 else f". {_NO_PORTABLE}"
    yield Row("embed a chunk", min(ours) * ms, "ms", "bare ONNX session", min(bare) * ms, "within 15 %", note)
    if int8:
        yield Row("embed a chunk, int8 file", min(int8) * ms, "ms", "the file that ships", min(ours) * ms, "", note)
    yield Row("embed a question", _question_ms(embedder), "ms", goal="below 5 ms")


def _run(session: Session, prepared: Sequence[Mapping[str, Any]]) -> None:
    for inputs in prepared:
        session.run(["embedding"], inputs)


def _took(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _texts(count: int) -> list[str]:
    chunks: list[str] = []
    for page in sorted(_KNOWLEDGE.rglob("*.md")):
        text = page.read_text("utf-8")
        document = Document(page.stem, "", Scope.KNOWLEDGE, "", page.stem, text)
        chunks += [chunk.embedded_text for chunk in split(document)]
    return chunks[:: max(1, len(chunks) // count)][:count]


def _question_ms(embedder: MiniLM) -> float:
    took: list[float] = []
    for _ in range(50):
        began = time.perf_counter()
        embedder.embed_query(_QUESTION)
        took.append(time.perf_counter() - began)
    return median(took) * 1000
