"""The model that ships gives the vectors of the published one, as sentence-transformers computes them."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from rag.chunk.split import split
from rag.embed.choose import open_embedder
from rag.embed.contract import Embedder, Vectors
from rag.embed.minilm import MiniLM
from rag.model.document import Document, Scope
from tests.contract.embedder_contract import published_model

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.sentence_transformers, pytest.mark.slow, pytest.mark.xdist_group("model")]

_COUNT = 500
_WORDS = (
    "server", "network", "volume", "postgres", "10.77.0.4", "run-d45a4c99c67e", "quota", "drift", "--force", "ssh",
    "größer", "подсеть", "服务器", "eth0", "permission denied", "i/o timeout", "cidr", "→", "{}", "E_LIMIT", "🙂",
)  # fmt: skip
_FORMS = (
    "How do I change the {0} of a {1} that has a {2}?",
    "error: {0}: {1} failed after 3 tries ({2})",
    "{0}:\n  name: {1}\n  size: {2}\n  tags: [{0}, {1}]",
    "$ {0} {1} {2}\n{1}: {2}\nexit status 1",
    '{{"{0}": "{1}", "{2}": [1, 2, 3]}}',
)


@pytest.fixture(scope="module")
def texts() -> list[str]:
    """Chunks of our own pages, and made-up questions, errors, manifests and logs: 500 in all."""
    chosen = random.Random(4)
    pages = sorted((ROOT / "knowledge").rglob("*.md"))
    chunks = [chunk.embedded_text for page in pages for chunk in split(_document(page))]
    found = chosen.sample(chunks, min(len(chunks), _COUNT // 2))
    return found + [chosen.choice(_FORMS).format(*chosen.sample(_WORDS, 3)) for _ in range(_COUNT - len(found))]


@pytest.fixture(scope="module")
def published(texts: list[str]) -> Vectors:
    return open_embedder(f"sentence-transformers:{published_model()}").embed(texts)


def test_the_shipped_model_gives_the_published_models_vectors(texts: list[str], published: Vectors) -> None:
    assert _cosines(MiniLM(), texts, published).min() >= 0.999


def test_the_script_makes_a_model_that_gives_the_shipped_ones_vectors(
    tmp_path: Path, texts: list[str], published: Vectors
) -> None:
    made = MiniLM(_made(tmp_path / "made.onnx"))
    assert np.abs(made.embed(texts[:50]) - MiniLM().embed(texts[:50])).max() < 1e-5
    assert _cosines(made, texts[-50:], published[-50:]).min() >= 0.999


def test_the_portable_form_stays_near(tmp_path: Path, texts: list[str], published: Vectors) -> None:
    portable = MiniLM(_made(tmp_path / "int8.onnx", "--int8"))
    assert portable.fingerprint != MiniLM().fingerprint
    assert _cosines(portable, texts, published).min() >= 0.99


def _cosines(embedder: Embedder, texts: list[str], published: Vectors) -> Vectors:
    assert len(texts) == len(published)
    return (embedder.embed(texts) * published).sum(axis=1)


def _made(file: Path, *arguments: str) -> Path:
    command = [sys.executable, "-m", "models.make_minilm", str(file), *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    return file


def _document(page: Path) -> Document:
    text = page.read_text("utf-8")
    return Document(page.stem, "", Scope.KNOWLEDGE, f"groundplan://knowledge/{page.stem}", page.stem, text)
