"""Tokens are counted as tiktoken counts them, without its download."""

from __future__ import annotations

import hashlib
import lzma
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import tiktoken
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.chunk.tokens import RANKS, WORDS, count
from tests.architecture.rooms import ROOT

SHA256 = "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d"
CACHED_NAME = "fb374d419588a4632f3f557e76b4b70aebbca790"


@pytest.fixture
def published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The encoding as tiktoken itself makes it, from our ranks instead of a download."""
    (tmp_path / CACHED_NAME).write_bytes(lzma.decompress(RANKS.read_bytes()))
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    return tiktoken.get_encoding("o200k_base")


def test_the_ranks_are_those_that_were_published() -> None:
    assert hashlib.sha256(lzma.decompress(RANKS.read_bytes())).hexdigest() == SHA256


def test_text_is_cut_into_words_as_the_published_encoding_cuts_it(published: Any) -> None:
    assert published._pat_str == WORDS


@pytest.mark.parametrize("text", ["", "Hello, world's end!\n\n\tx = 10_000;", "naïve 漢字 🙂 \r\n <|endoftext|>"])
def test_counts_are_tiktokens_own(published: Any, text: str) -> None:
    assert count(text) == len(published.encode_ordinary(text))


@given(st.text(), st.text())
@settings(max_examples=200, deadline=None)
def test_two_texts_together_cost_hardly_more_than_apart(one: str, other: str) -> None:
    assert count(one + other) <= count(one) + count(other) + 4


def test_a_search_needs_no_tokenizer() -> None:
    program = "import sys, rag.model.chunk, rag.chunk.split; sys.exit('tiktoken' in sys.modules)"
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, timeout=60)


def test_counting_reaches_for_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    assert count("one two three") == 3
