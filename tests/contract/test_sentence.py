"""Real sentence-transformers models: found on disk alone, asked as they want to be asked, never fetched unasked."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from rag.embed.choose import open_embedder
from rag.embed.sentence import SentenceModel
from rag.model.errors import EmbedderFailed
from tests.contract.embedder_contract import published_model

ROOT = Path(__file__).resolve().parents[2]
_REVISION = "c9745ed1d9f207416be6d2e6f8de32d1f16199bf"
# Any connection is an error: what is on disk must be enough.
_OFFLINE = """
import socket, sys
def refuse(*_): raise AssertionError("reached for the network")
socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = refuse
from rag.embed.choose import open_embedder
from rag.model.errors import EmbedderFailed
for setting in sys.argv[1:]:
    embedder = open_embedder(setting)
    try:
        print(embedder.fingerprint, len(embedder.embed_query("text")))
    except EmbedderFailed as failed:
        print("failed:", failed)
"""


@pytest.mark.sentence_transformers
def test_a_model_is_read_from_disk_without_a_look_at_the_network(tmp_path: Path) -> None:
    _cache(tmp_path, "sentence-transformers/all-MiniLM-L6-v2")
    settings = (published_model(), "sentence-transformers/all-MiniLM-L6-v2", "all-MiniLM-L6-v2", "some/other-model")
    done = subprocess.run(
        [sys.executable, "-c", _OFFLINE, *(f"sentence-transformers:{each}" for each in settings)],
        cwd=ROOT, env={**os.environ, "HF_HOME": str(tmp_path)}, capture_output=True, text=True, check=False, timeout=180,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    folder, cached, short, absent = done.stdout.splitlines()
    assert folder.startswith("st.model.")
    assert folder.endswith(" 384")
    assert cached == short == folder.replace("st.model.", "st.all-minilm-l6-v2.")
    assert absent.startswith("failed: The model some/other-model is not on this machine.")
    assert done.stderr == ""


@pytest.mark.sentence_transformers
def test_a_model_that_reads_questions_differently_is_told_which_they_are(tmp_path: Path) -> None:
    prompted = tmp_path / "model"
    shutil.copytree(published_model(), prompted)
    told = prompted / "config_sentence_transformers.json"
    told.write_text(json.dumps({**json.loads(told.read_text()), "prompts": {"query": "ask: ", "document": "page: "}}))
    plain, model = SentenceModel(str(published_model())), SentenceModel(str(prompted))
    text = "how to resize a server"
    assert np.allclose(model.embed_query(text), plain.embed_query(f"ask: {text}"), atol=1e-5)
    assert np.allclose(model.embed([text]), plain.embed([f"page: {text}"]), atol=1e-5)
    assert model.fingerprint != plain.fingerprint


@pytest.mark.sentence_transformers
def test_a_folder_that_holds_something_else_says_so(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"model_type": "no-such"}')
    with pytest.raises(EmbedderFailed, match="can't be loaded") as failed:
        SentenceModel(str(tmp_path)).embed(["text"])
    assert "minilm" in failed.value.hint


@pytest.mark.parametrize("missing", ["sentence_transformers", "huggingface_hub"])
def test_a_missing_library_is_told_with_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    (tmp_path / "config.json").write_text("{}")
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(EmbedderFailed, match="is not installed") as failed:
        SentenceModel(str(tmp_path) if missing == "sentence_transformers" else "some/model").embed(["text"])
    assert 'pip install "groundplan[sentence-transformers]"' in failed.value.hint


@pytest.mark.parametrize(
    "name",
    [
        "no/such-model",
        "/no/such/folder",
        "~/no-such",
        "",
        "a b",
        "../..",
        "x" * 500,
        "\0",
        "~nobody-here/x",
        "a--b",
        "a/b/c",
        "a-/b",
        "-a",
    ],
)
def test_a_name_that_is_not_on_this_machine_is_told_what_to_do(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("huggingface_hub")
    model = SentenceModel(name)
    for attempt in (lambda: model.fingerprint, lambda: model.embed(["text"]), lambda: model.dimensions):
        with pytest.raises(EmbedderFailed, match="is not on this machine") as failed:
            attempt()
        assert "folder" in failed.value.hint


def test_a_folders_content_is_what_its_fingerprint_names(tmp_path: Path) -> None:
    names = []
    for folder, weights in (("a/model", b"one"), ("b/model", b"one"), ("c/model", b"two")):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "config.json").write_text("{}")
        (tmp_path / folder / "model.safetensors").write_bytes(weights * 1_000_000)
        (tmp_path / folder / "README.md").write_text(folder)
        names.append(open_embedder(f"sentence-transformers:{tmp_path / folder}").fingerprint)
    assert names[0] == names[1] != names[2]


def _cache(home: Path, name: str) -> None:
    """The hub's cache as its own client lays it out."""
    entry = home / "hub" / f"models--{name.replace('/', '--')}"
    (entry / "refs").mkdir(parents=True)
    (entry / "refs" / "main").write_text(_REVISION)
    (entry / "snapshots").mkdir()
    shutil.copytree(published_model(), entry / "snapshots" / _REVISION)
