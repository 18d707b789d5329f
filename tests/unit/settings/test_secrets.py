"""What may hold a password is told to be set, and never shown: not its value, nor what is put together from it."""

from __future__ import annotations

import json

import pytest

from engine.settings.account import setting_of, settings_of
from tests.unit.settings.mistake import SECRET
from tests.unit.settings.place import Place

HOME = f"""
database = "sqlite:///file.db?key={SECRET}"
[interpolation]
variables = ["API_TOKEN", "PLAIN"]
[index]
chroma = "https://ada:{SECRET}@chroma.example"
embedder_key = "env:EMBEDDER"
[providers.demo]
api_token = "{SECRET}"
"""
WORKSPACE = f"""
[values]
password = "{SECRET}"
list = [{{ name = "a", passwd = "{SECRET}" }}]
direct = "{{{{ settings.values.password }}}}"
mixed = "user:{{{{ settings.values.direct }}}}@db"
table = "{{{{ settings.values.db }}}}"
again = "{{{{ settings.values.db }}}}"
sent = "x{{{{ env.API_TOKEN }}}}"
plain = "x{{{{ env.PLAIN }}}}"
address = "postgresql://ada:{SECRET}@db/x"
[values.db]
host = "db.example"
secret = "{SECRET}"
login = "ada {{{{ settings.values.password }}}}"
"""


@pytest.fixture
def planted(place: Place) -> Place:
    place.write("config.toml", HOME)
    place.write("workspace.toml", WORKSPACE)
    return place


@pytest.mark.promise("SECRET-1")
def test_no_account_of_settings_shows_a_secret(planted: Place) -> None:
    resolved = planted.load({"API_TOKEN": SECRET, "PLAIN": "fine", "GROUNDPLAN_QUEUE": f"postgresql://u:{SECRET}@db/q"})
    assert resolved.settings.values["mixed"] == f"user:{SECRET}@db", "code reads it"
    found = settings_of(resolved)
    assert SECRET not in json.dumps([each.model_dump(mode="json") for each in found])
    assert SECRET not in repr([setting_of(resolved, each.key) for each in found])
    assert settings_of(resolved, SECRET) == [], "nor can it be found by guessing"
    hidden = {each.key for each in found if each.is_hidden}
    assert hidden == {
        "database", "queue", "index.chroma", "index.embedder_key", "providers.demo.api_token", "values.password",
        "values.list", "values.direct", "values.mixed", "values.table.host", "values.table.secret", "values.table.login",
        "values.again.host", "values.again.secret", "values.again.login", "values.sent", "values.address",
        "values.db.secret", "values.db.login",
    }  # fmt: skip
    assert setting_of(resolved, "values.plain").value == "xfine"
    assert setting_of(resolved, "values.db.host").value == "db.example"


@pytest.mark.promise("SECRET-1")
def test_a_layer_that_is_hidden_by_another_shows_its_secret_no_more(place: Place) -> None:
    place.write("config.toml", f'[index]\nchroma = "https://ada:{SECRET}@old.example"\n')
    found = setting_of(place.load({"GROUNDPLAN_INDEX__CHROMA": "http://localhost:8000"}), "index.chroma")
    assert found.value == "http://localhost:8000"
    assert [each.value for each in found.layers] == ["http://localhost:8000", "set, not shown", ""]


def test_a_secret_is_named_by_a_reference_or_a_variable(place: Place) -> None:
    for reference in ("secret://embedder", "env:EMBEDDER_KEY", ""):
        place.write("config.toml", f'[index]\nembedder_key = "{reference}"\n')
        assert place.load().settings.index.embedder_key == reference
    for literal in ("sk-abc", "secret://", "secret://UPPER", "env:", "env:A B", "env:A\\n", "xenv:A"):
        place.write("config.toml", f'[index]\nembedder_key = "{literal}"\n')
        (told,) = place.refused()
        assert told.startswith("~/config.toml:2:1: index.embedder_key: The secret itself can't stand here.")
