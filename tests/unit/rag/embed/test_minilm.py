"""The shipped model is the file it says it is, and is fed as it wants to be."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from rag.embed.minilm import (
    DATA,
    LONGEST,
    SHIPPED,
    SHIPPED_SHA256,
    TOKENIZER,
    TOKENIZER_SHA256,
    MiniLM,
    batches,
    open_tokenizer,
)
from rag.embed.naming import cut, fingerprint


def test_the_shipped_files_are_the_ones_the_code_and_their_licence_name() -> None:
    licence = (DATA / "LICENSE.md").read_text("utf-8")
    for file, expected in ((SHIPPED, SHIPPED_SHA256), (TOKENIZER, TOKENIZER_SHA256)):
        assert hashlib.sha256(file.read_bytes()).hexdigest() == expected
        assert f"| `{file.name}` | `{expected}` |" in licence
    assert SHIPPED_SHA256.startswith(MiniLM().fingerprint.rpartition(".")[2])


def test_a_batch_is_padded_to_its_own_longest_text_alone() -> None:
    texts = ["word " * (n * 7 % 40) for n in range(40)]
    seen: list[int] = []
    for places, inputs in batches(open_tokenizer(), texts):
        assert inputs["input_ids"].shape == inputs["attention_mask"].shape
        assert inputs["attention_mask"].sum(axis=1).max() == inputs["input_ids"].shape[1]
        assert len(places) <= 16
        seen += places.tolist()
    assert sorted(seen) == list(range(40))


def test_a_long_text_is_cut_where_the_model_ends() -> None:
    tokenizer = open_tokenizer()
    assert len(tokenizer.encode("word " * 5_000).ids) == LONGEST
    whole, begun = MiniLM().embed(["word " * 5_000, "word " * 300])
    assert np.abs(whole - begun).max() < 1e-6


@pytest.mark.parametrize("text", ["", "\ud800", "a\udfffb", "\U0001f642" * 10, "plain"])
def test_what_is_cut_can_be_encoded(text: str) -> None:
    assert len(cut(text, 4)) <= 4
    cut(text, 4).encode("utf-8")


@pytest.mark.parametrize("model", ["", "///", "Größe/Über", "x" * 500, "org/Model_v1.5", "../../etc", "\ud800"])
def test_any_model_name_makes_a_fingerprint(model: str) -> None:
    name = fingerprint("openai", model, model)
    assert len(name) <= 40
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789.-")
