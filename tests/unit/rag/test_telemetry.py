"""No library that the index is built with tells its makers anything."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import onnxruntime
import pytest

from rag.embed.minilm import SHIPPED, open_session
from rag.index.chroma import in_folder

ROOT = Path(__file__).resolve().parents[3]
# Imported anew, because it reads its environment once.
_HUB = """
import sys
from rag.embed.sentence import SentenceModel
from rag.model.errors import EmbedderFailed
assert "huggingface_hub" not in sys.modules
model = SentenceModel(sys.argv[1], download=sys.argv[2] == "download")
try:
    model.embed(["text"])
except EmbedderFailed:
    pass
from huggingface_hub import constants
print(constants.HF_HUB_DISABLE_TELEMETRY, constants.is_offline_mode())
"""


def test_onnxruntimes_is_off_before_a_model_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    opened = onnxruntime.InferenceSession
    monkeypatch.setattr(onnxruntime, "disable_telemetry_events", lambda: told.append("off"))
    monkeypatch.setattr(
        onnxruntime, "InferenceSession", lambda *given, **more: told.append("loaded") or opened(*given, **more)
    )
    open_session(SHIPPED)
    assert told == ["off", "loaded"]


def test_chromas_is_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANONYMIZED_TELEMETRY", "true")
    chroma = in_folder(tmp_path / "chroma")
    try:
        assert chroma._client.get_settings().anonymized_telemetry is False
    finally:
        chroma.close()


@pytest.mark.parametrize(
    ("found_as", "download", "offline"),
    [("folder", "", True), ("name", "", True), ("name", "download", False)],
    ids=["a folder", "a name", "a download"],
)
def test_the_hubs_is_off_and_it_is_reached_only_for_a_download(
    tmp_path: Path, found_as: str, download: str, offline: bool
) -> None:
    pytest.importorskip("huggingface_hub")
    (tmp_path / "config.json").write_text("{}")
    # Port 9 answers nobody, so that no download begins.
    nowhere = {"HF_HOME": str(tmp_path / "hub"), "HF_ENDPOINT": "http://127.0.0.1:9"}
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "TRANSFORMERS_"))}
    done = subprocess.run(
        [sys.executable, "-c", _HUB, str(tmp_path) if found_as == "folder" else "some/model", download],
        cwd=ROOT, env={**kept, **nowhere}, capture_output=True, text=True, check=False, timeout=180,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["True", str(offline)]
