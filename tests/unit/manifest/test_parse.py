from __future__ import annotations

import json
import time

import pytest

from engine.manifest import parse
from engine.manifest.parser import Offers
from engine.manifest.reader import read_manifest
from engine.model.address import Address
from engine.model.errors import ManifestInvalid
from engine.model.resource import Lifecycle
from engine.model.unknown import Unknown
from engine.notation.problems import Problems

FULL = """
provider: demo
resources:
  network:
    private: { cidr: 10.20.0.0/16 }
  volume:
    data: { size: 1024MiB, region: null }
  server:
    web:
      count: 3
      provider: local
      image: debian-12
      size: small
      networks: ["${network.private.id}"]
      depends_on: [volume.data, volume.data]
      labels: {tier: front}
      lifecycle: { prevent_destroy: true, replace: create_first }
"""
TOML = """
provider = "demo"
[resources.network]
private.cidr = "10.20.0.0/16"
[resources.volume.data]
size = "1024MiB"
[resources.server.web]
count = 3
provider = "local"
image = "debian-12"
size = 'small'
networks = [
  "${network.private.id}",  # the one
]
depends_on = ["volume.data", "volume.data"]
[resources.server.web.labels]
tier = "front"
[resources.server.web.lifecycle]
prevent_destroy = true
replace = "create_first"
"""
JSON = json.dumps({
    "provider": "demo",
    "resources": {
        "network": {"private": {"cidr": "10.20.0.0/16"}},
        "volume": {"data": {"size": "1024MiB", "region": None}},
        "server": {"web": {
            "count": 3, "provider": "local", "image": "debian-12", "size": "small",
            "networks": ["${network.private.id}"], "depends_on": ["volume.data", "volume.data"],
            "labels": {"tier": "front"}, "lifecycle": {"prevent_destroy": True, "replace": "create_first"},
        }},
    },
})  # fmt: skip


def bare(file: str, text: str, offers: Offers) -> list[dict[str, object]]:
    return [
        {name: getattr(each, name) for name in each.__slots__ if name != "place"}
        for each in parse({file: text}, offers)
    ]


def test_a_full_resource_is_read_with_everything_it_says(offers: Offers) -> None:
    private, data, web = parse({"infra/a.yaml": FULL}, offers)
    assert (private.address, private.provider, private.properties) == (
        Address("network", "private"), "demo", {"cidr": "10.20.0.0/16"},
    )  # fmt: skip
    assert data.properties == {"size": "1GiB"}
    assert web.properties["networks"] == [Unknown("${network.private.id}")]
    assert (web.provider, web.count, web.names, web.labels) == ("local", 3, None, {"tier": "front"})
    assert web.depends_on == (Address("volume", "data"),)
    assert web.lifecycle == Lifecycle(prevent_destroy=True, replace="create_first")
    assert (web.place.file, web.place.line, web.place.column) == ("infra/a.yaml", 9, 5)


def test_the_three_formats_say_the_same(offers: Offers) -> None:
    from_yaml = bare("infra/a.yaml", FULL, offers)
    assert from_yaml == bare("infra/a.toml", TOML, offers) == bare("infra/a.json", JSON, offers)
    assert from_yaml == bare("infra/a.yaml", JSON, offers)


def test_words_that_old_yaml_turned_into_other_things_stay_text(offers: Offers) -> None:
    labels = "{a: no, b: on, c: 12:30:45, d: 2024-01-01, e: 1_000, f: 0b1, g: y}"
    (web,) = parse({"infra/a.yml": f"provider: demo\nresources: {{ssh_key: {{me: {{labels: {labels}}}}}}}"}, offers)
    assert web.labels == {"a": "no", "b": "on", "c": "12:30:45", "d": "2024-01-01", "e": "1_000", "f": "0b1", "g": "y"}


def test_anchors_and_aliases_are_followed(offers: Offers) -> None:
    text = "provider: demo\nresources: {server: {a: &one {image: x, size: small}, b: *one}}"
    first, second = parse({"infra/a.yaml": text}, offers)
    assert first.properties == second.properties


def test_a_reference_to_several_instances_as_a_whole_is_allowed(offers: Offers) -> None:
    text = """
provider: demo
resources:
  server:
    web: {count: 2, image: debian-12}
    db: {names: [a, b-1], image: debian-12}
  load_balancer:
    front: {listeners: [{port: 80, target_port: 80}], servers: ["${server.web.id}", '${server.db["b-1"].id}']}
"""
    *_, front = parse({"infra/a.yaml": text}, offers)
    assert len(front.properties["servers"]) == 2


def test_two_dollars_stand_for_a_plain_one(offers: Offers) -> None:
    text = "provider: demo\nresources: {server: {a: {image: x, user_data: 'echo $${HOME} $HOME'}}}"
    (server,) = parse({"infra/a.yaml": text}, offers)
    assert server.properties["user_data"] == "echo ${HOME} $HOME"


def test_files_without_resources_declare_nothing(offers: Offers) -> None:
    files = {"infra/a.yaml": "# nothing\n", "infra/b.json": "{}", "infra/c.toml": "", "infra/d.yaml": "resources:\n"}
    assert parse(files, offers) == ()
    assert parse({"infra/a.yaml": "resources:\n  server:\n"}, offers) == ()


def test_the_default_provider_is_used_where_no_file_names_one(offers: Offers) -> None:
    (key,) = parse({"infra/a.yaml": "resources: {ssh_key: {me: }}"}, offers, "local")
    assert (key.provider, key.properties) == ("local", {})


BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "\n".join(
    f"{chr(98 + number)}: &{chr(98 + number)} [{', '.join([f'*{chr(97 + number)}'] * 10)}]" for number in range(12)
)
HOSTILE = {
    "billion laughs": ("a.yaml", BOMB),
    "deep flow YAML": ("a.yaml", "[" * 100_000),
    "deep block YAML": ("a.yaml", "- " * 100_000),
    "deep mappings": ("a.yaml", "{a: " * 50_000),
    "deep JSON": ("a.json", "[" * 100_000 + "]" * 100_000),
    "fifty levels of JSON": ("a.json", '{"a":' * 50 + "1" + "}" * 50),
    "deep TOML": ("a.toml", "a = " + "[" * 100_000 + "]" * 100_000),
    "fifty levels of TOML": ("a.toml", "a = " + "[" * 50 + "]" * 50),
    "a long TOML key": ("a.toml", ".".join("a" * 60) + " = 1"),
    "a huge YAML integer": ("a.yaml", "provider: demo\nresources: {server: {a: {image: x, count: " + "9" * 39 + "}}}"),
    "a huge JSON integer": ("a.json", '{"a": ' + "9" * 100_000 + "}"),
    "a huge TOML integer": ("a.toml", "a = " + "9" * 100_000),
    "a long text": ("a.yaml", "provider: " + "a" * 70_000),
    "a lone surrogate": ("a.json", '{"provider": "\\ud800"}'),
    "a null character": ("a.yaml", "provider: \0"),
    "an escaped null": ("a.toml", 'provider = "\\u0000"'),
    "python objects": ("a.yaml", "provider: !!python/object/apply:os.system ['true']"),
    "many values": ("a.json", '{"a": [' + "1," * 600_000 + "1]}"),
}


@pytest.mark.parametrize("attack", HOSTILE)
def test_hostile_documents_are_refused_quickly_and_with_words(attack: str, offers: Offers) -> None:
    name, text = HOSTILE[attack]
    before = time.process_time()
    with pytest.raises(ManifestInvalid) as caught:
        parse({f"infra/{name}": text}, offers)
    assert time.process_time() - before < 10
    assert all(len(str(problem)) < 600 for problem in caught.value.problems)


@pytest.mark.parametrize(
    "text", ["a: \u2028", "é: ü", "🙂: [🙂]", "\t", "a:\r\n  b: c", "%YAML 1.1\n---\na: b", "? a\n: b", "a: |\n x"]
)
def test_odd_documents_are_read_or_refused_but_never_break(text: str) -> None:
    for ending in ("yaml", "json", "toml"):
        problems = Problems()
        document = read_manifest(f"infra/a.{ending}", text, problems)
        assert (document is None) == bool(problems.found)
