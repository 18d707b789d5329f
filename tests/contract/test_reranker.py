"""Each reranker reads question and text together; the one that ships, and any cross-encoder."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from rag.embed.minilm import TOKENIZER, MiniLM
from rag.embed.token_vectors import TokenVectors
from rag.model.errors import EmbedderFailed, LibraryError, RerankerFailed
from rag.search.rerank import Reranker, open_reranker

RERANKERS = ["late", pytest.param("cross-encoder", marks=pytest.mark.sentence_transformers)]
TEXTS = ("Keys are rotated by declaring a new one.", "The disk of a server is full.", "", "\0 漢🙂 " * 2_000)


@pytest.fixture
def reranker(request: pytest.FixtureRequest, tmp_path: Path) -> Reranker:
    if request.param == "late":
        return open_reranker("late", threads=1)
    _write_cross_encoder(tmp_path)
    return open_reranker(f"cross-encoder:{tmp_path}")


@pytest.mark.parametrize("reranker", RERANKERS, indirect=True)
def test_any_text_gets_a_score_of_its_own(reranker: Reranker) -> None:
    scores = reranker.scores("how do I rotate a key?", TEXTS)
    assert len(scores) == len(TEXTS)
    assert all(isinstance(each, float) for each in scores)
    alone = [reranker.scores("how do I rotate a key?", [each])[0] for each in TEXTS]
    assert scores == pytest.approx(alone, abs=0.02)
    assert list(reranker.scores("how?", [])) == []


def test_late_interaction_prefers_the_text_that_speaks_of_what_is_asked() -> None:
    scores = open_reranker("late").scores("my volume has no space left", TEXTS[:2])
    assert scores[1] > scores[0]


def test_token_vectors_are_what_the_embedder_averages() -> None:
    """Without the two tokens around a text its mean is near the embedder's vector, and not another text's."""
    (words,) = TokenVectors(threads=1).of([TEXTS[0]])
    mean = words.mean(axis=0) / (words.mean(axis=0) ** 2).sum() ** 0.5
    same, other = MiniLM(threads=1).embed(TEXTS[:2])
    assert mean @ same > 0.95
    assert mean @ other < 0.5


@pytest.mark.sentence_transformers
def test_a_cross_encoder_that_is_not_here_says_so(tmp_path: Path) -> None:
    with pytest.raises(EmbedderFailed, match="some/cross-encoder is not on this machine"):
        open_reranker("cross-encoder:some/cross-encoder")
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(RerankerFailed, match="can't be loaded from"):
        open_reranker(f"cross-encoder:{tmp_path}")


@pytest.mark.parametrize("setting", ["", "much", "cross-encoder:", "late:x"])
def test_what_names_no_reranker_is_refused(setting: str) -> None:
    with pytest.raises(LibraryError, match="names no reranker"):
        open_reranker(setting)


def _write_cross_encoder(folder: Path) -> None:
    """A real one, only small and untrained: no weights of a trained one can be had without a hub."""
    transformers = pytest.importorskip("transformers")
    config = transformers.BertConfig(
        vocab_size=30_522,
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        num_labels=1,
    )
    transformers.BertForSequenceClassification(config).save_pretrained(folder)
    shutil.copy(TOKENIZER, folder / "tokenizer.json")
    transformers.PreTrainedTokenizerFast(
        tokenizer_file=str(TOKENIZER), pad_token="[PAD]", cls_token="[CLS]", sep_token="[SEP]", unk_token="[UNK]",
        model_max_length=256,
    ).save_pretrained(folder)  # fmt: skip
