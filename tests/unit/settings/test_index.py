"""Where text is sent to be read is the home's to say, and a key is named there, never written down."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.indexing import embedder_key, index_settings
from engine.model.errors import AuthFailed, ManifestInvalid


def written(home: Path, table: str) -> Path:
    home.mkdir(exist_ok=True)
    (home / "config.toml").write_text(f"[index]\n{table}\n")
    return home


def test_a_home_that_says_nothing_reads_with_the_model_that_ships(tmp_path: Path) -> None:
    settings = index_settings(tmp_path, {})
    assert (settings.embedder, settings.embedder_url, settings.chroma) == ("minilm", "", "")
    assert embedder_key(settings, tmp_path, {}) == ""


@pytest.mark.promise("SECRET-1")
def test_a_key_that_is_written_down_is_refused_and_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(ManifestInvalid) as refused:
        index_settings(written(tmp_path, 'embedder_key = "sk-abc123"'), {})
    assert "index.embedder_key" in str(refused.value)
    assert "sk-abc123" not in str(refused.value)


def test_a_key_comes_from_the_environment_or_from_a_file_of_the_home(tmp_path: Path) -> None:
    settings = index_settings(written(tmp_path, 'embedder_key = "env:EMBEDDER_KEY"'), {})
    assert embedder_key(settings, tmp_path, {"EMBEDDER_KEY": "k1"}) == "k1"
    with pytest.raises(AuthFailed, match="EMBEDDER_KEY is not set"):
        embedder_key(settings, tmp_path, {})
    settings = index_settings(written(tmp_path, 'embedder_key = "secret://embedder"'), {})
    (tmp_path / "secrets" / "_index").mkdir(parents=True)
    (tmp_path / "secrets" / "_index" / "embedder").write_text("k2\n")
    assert embedder_key(settings, tmp_path, {}) == "k2"


@pytest.mark.parametrize(
    "table", ['embedder_url = "file:///etc/passwd"', 'chroma = "chroma:8000"', 'rerank = "much"', "embeder = 1"]
)
def test_what_can_not_be_meant_is_named_with_its_place(tmp_path: Path, table: str) -> None:
    with pytest.raises(ManifestInvalid, match=r"index\."):
        index_settings(written(tmp_path, table), {})


@pytest.mark.promise("FOUND-3")
def test_a_workspace_can_not_say_where_its_text_is_sent(tmp_path: Path) -> None:
    folder = tmp_path / "cloned"
    folder.mkdir()
    (folder / "workspace.toml").write_text('name = "x"\n[index]\nembedder_url = "https://elsewhere.example"\n')
    assert index_settings(tmp_path, {}).embedder_url == ""
