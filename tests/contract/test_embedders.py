"""What every embedder owes the index, whichever the setting names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from rag.embed.contract import Embedder
from rag.model.errors import EmbedderFailed
from tests.contract.embedder_contract import EMBEDDERS, Bench, bench, needs_sentence_transformers

TEXTS = [
    "How do I resize a server?",
    "server > resize\nSet `size` and plan: the provider stops the server, changes it and starts it again.",
    "A network's address range can't change once servers are in it.",
    "x",
    "networks:\n  private:\n    cidr: 10.77.0.0/24\n" * 8,
    "Wie ändere ich die Größe eines Servers? 服务器 сервер",
]
HOSTILE = [
    "", " \t\n", "\0", "\ud800 lone \udfff", "\u202e\u200b\ufeff", "🙂" * 5_000, "x" * 10_000_000, "a b " * 2_500_000,
    "</s> [CLS] [SEP] [MASK] <|endoftext|>",
]  # fmt: skip


@pytest.fixture(scope="module", params=[
    pytest.param(name, marks=[pytest.mark.sentence_transformers] * needs_sentence_transformers(name)) for name in EMBEDDERS
])  # fmt: skip
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with bench(request.param, tmp_path_factory.mktemp("embedder")) as ready:
        yield ready


@pytest.fixture(scope="module")
def embedder(made: Bench) -> Embedder:
    return made.open()


def test_vectors_are_of_unit_length_and_of_the_promised_shape(embedder: Embedder) -> None:
    vectors = embedder.embed(TEXTS)
    assert vectors.shape == (len(TEXTS), embedder.dimensions)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)


def test_no_texts_have_no_vectors(embedder: Embedder) -> None:
    assert embedder.embed([]).shape == (0, embedder.dimensions)


def test_a_question_has_one_vector_that_lies_nearest_to_its_answer(embedder: Embedder) -> None:
    question = embedder.embed_query("change a server's size")
    assert question.shape == (embedder.dimensions,)
    assert question.dtype == np.float32
    assert int(np.argmax(embedder.embed(TEXTS[1:4]) @ question)) == 0


def test_the_same_text_has_the_same_vector(embedder: Embedder) -> None:
    assert np.array_equal(embedder.embed(TEXTS), embedder.embed(TEXTS))


def test_company_does_not_change_a_vector(embedder: Embedder) -> None:
    one_by_one = np.vstack([embedder.embed([text]) for text in TEXTS])
    assert np.abs(embedder.embed(TEXTS) - one_by_one).max() < 1e-3


def test_order_is_kept_over_several_batches(embedder: Embedder) -> None:
    texts = [f"{'long ' * (n * 7 % 11)}text number {n}" for n in range(embedder.batch + 3)]
    backwards = embedder.embed(texts[::-1])[::-1]
    assert np.abs(embedder.embed(texts) - backwards).max() < 1e-3


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_any_text_has_a_vector(embedder: Embedder, text: str) -> None:
    vectors = np.vstack([embedder.embed([text, "in company"])[0], embedder.embed_query(text)])
    assert np.isfinite(vectors).all()
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)


def test_the_fingerprint_can_be_part_of_a_name_and_stays(made: Bench, embedder: Embedder) -> None:
    assert re.fullmatch(r"[a-z0-9.-]{1,40}", embedder.fingerprint)
    assert made.open().fingerprint == embedder.fingerprint


def test_several_threads_at_once_get_their_own_vectors(made: Bench, embedder: Embedder) -> None:
    fresh = made.open()
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(fresh.embed_query, TEXTS * 4))
    alone = np.vstack([embedder.embed_query(text) for text in TEXTS] * 4)
    assert np.abs(np.vstack(found) - alone).max() < 1e-3


def test_what_can_not_be_loaded_says_so_and_names_the_next_move(made: Bench) -> None:
    broken = made.open_broken()
    for attempt in (lambda: broken.embed(["text"]), lambda: broken.embed_query("text")):
        with pytest.raises(EmbedderFailed) as failed:
            attempt()
        assert failed.value.hint
