"""A setting names its embedder, and naming one costs nothing yet."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from rag.embed.choose import open_embedder
from rag.embed.minilm import SHIPPED
from rag.model.errors import EmbedderFailed, LibraryError

ROOT = Path(__file__).resolve().parents[4]
_HEAVY = ("httpx", "huggingface_hub", "onnxruntime", "sentence_transformers", "tokenizers", "torch", "transformers")
_IMPORT = """
import json, sys
import rag.embed.choose, rag.embed.contract, rag.embed.sentence
from rag.embed.choose import open_embedder
open_embedder("minilm").fingerprint, open_embedder("sentence-transformers:some/model")
print(json.dumps([name for name in sys.argv[1:] if name in sys.modules]))
"""


def test_choosing_an_embedder_imports_nothing_heavy() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _IMPORT, *_HEAVY],
        cwd=ROOT, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert json.loads(done.stdout) == []


@pytest.mark.parametrize(
    "setting", ["", "mini", "openai", "openai:", "sentence-transformers:", "MiniLM", "minilm-int8", ":", "http://x"]
)
def test_a_setting_that_names_no_embedder_is_told_what_it_can_be(setting: str) -> None:
    with pytest.raises(LibraryError, match="names no embedder") as refused:
        open_embedder(setting)
    assert "sentence-transformers:" in refused.value.hint
    assert "openai:" in refused.value.hint


def test_an_endpoint_without_a_url_is_told_to_name_one() -> None:
    with pytest.raises(LibraryError, match="needs the URL"):
        open_embedder("openai:model")


def test_a_file_can_stand_for_the_shipped_model(tmp_path: Path) -> None:
    copied = tmp_path / "copy.onnx"
    copied.write_bytes(SHIPPED.read_bytes())
    copy = open_embedder(f"minilm:{copied}")
    assert copy.fingerprint == open_embedder("minilm").fingerprint
    copied.unlink()
    assert copy.fingerprint == open_embedder("minilm").fingerprint


@pytest.mark.parametrize("name", ["gone.onnx", "~nobody-here/gone.onnx", "/", "x" * 5_000 + "gone.onnx"])
def test_a_file_that_is_not_there_is_told_where_it_was_looked_for(name: str) -> None:
    embedder = open_embedder(f"minilm:{name}")
    for attempt in (lambda: embedder.fingerprint, lambda: embedder.embed(["text"])):
        with pytest.raises(EmbedderFailed, match=r"gone\.onnx|^/ "):
            attempt()
