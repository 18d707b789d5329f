"""What our embedder costs above the bare ONNX session that it runs, on the same batches."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.row import Row
from rag.chunk.split import split
from rag.embed.minilm import SHIPPED, MiniLM, batches, open_session, open_tokenizer
from rag.model.document import Document, Scope

_KNOWLEDGE = Path(__file__).resolve().parents[1] / "knowledge"
_CHUNKS = 256
_TURNS = 3
_QUESTION = "how do I give a server more memory?"


def embedding(*, quick: bool) -> Iterator[Row]:
    texts = _texts(64 if quick else _CHUNKS)
    session, embedder = open_session(SHIPPED), MiniLM()
    prepared = [inputs for _, inputs in batches(open_tokenizer(), texts)]
    embedder.embed_query(_QUESTION)
    bare: list[float] = []
    ours: list[float] = []
    for _ in range(_TURNS):  # by turns, so that what else the machine does meets both alike
        began = time.perf_counter()
        for inputs in prepared:
            session.run(["embedding"], inputs)
        bare.append(time.perf_counter() - began)
        began = time.perf_counter()
        embedder.embed(texts)
        ours.append(time.perf_counter() - began)
    each = 1000 / len(texts)
    note = f"{len(texts)} chunks of our own pages, two threads, sorted by length into batches of 16"
    yield Row("embed a chunk", min(ours) * each, "ms", "bare ONNX session", min(bare) * each, "within 15 %", note)
    yield Row("embed a question", _question_ms(embedder), "ms", goal="below 5 ms")


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
