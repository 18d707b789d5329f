"""Where a sentence-transformers model runs is the library's own choice, which is a GPU where there is one."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from rag.embed.sentence import SentenceModel

_CHOOSES_DEVICES = ("CUDA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES", "PYTORCH_ENABLE_MPS_FALLBACK")


class _Opened:
    """Stands where the library would be, and keeps what it is told."""

    told: list[tuple[tuple[Any, ...], dict[str, Any]]]

    def __init__(self, *given: Any, **named: Any) -> None:
        self.told.append((given, named))

    def encode_query(self, texts: Sequence[str], **named: Any) -> np.ndarray:
        self.told.append(((), named))
        return np.ones((len(texts), 3), np.float32)

    encode_document = encode_query

    def to(self, *_: Any) -> None:
        raise AssertionError("moved to a device of our choice")


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[tuple[Any, ...], dict[str, Any]]]:
    monkeypatch.setattr(_Opened, "told", [], raising=False)
    for name in ("huggingface_hub", "huggingface_hub.utils", "sentence_transformers"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    monkeypatch.setattr(sys.modules["huggingface_hub.utils"], "disable_progress_bars", lambda: None, raising=False)
    monkeypatch.setattr(sys.modules["sentence_transformers"], "SentenceTransformer", _Opened, raising=False)
    for name in ("HF_HUB_OFFLINE", "HF_HUB_DISABLE_TELEMETRY"):
        monkeypatch.setenv(name, "1")  # so that what loading sets does not outlast the test
    return _Opened.told


def test_no_device_is_pinned(tmp_path: Path, told: list[tuple[tuple[Any, ...], dict[str, Any]]]) -> None:
    (tmp_path / "config.json").write_text("{}")
    before = {name: os.environ.get(name) for name in _CHOOSES_DEVICES}
    model = SentenceModel(str(tmp_path))
    model.embed(["a page"])
    model.embed_query("a question")
    opened, *encoded = told
    assert opened[0] == (str(tmp_path),)
    assert not {"device", "model_kwargs", "backend"} & opened[1].keys()
    assert len(encoded) == 2
    assert not any("device" in named or "pool" in named for _, named in encoded)
    assert {name: os.environ.get(name) for name in _CHOOSES_DEVICES} == before
