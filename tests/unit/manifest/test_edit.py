from __future__ import annotations

from typing import Any

import pytest

from engine.manifest import apply_edits, file_edits, parse
from engine.manifest.parser import Offers
from engine.model.errors import Invalid, ManifestInvalid
from engine.model.request import Edit
from engine.model.unknown import lift

YAML = """# the shop
provider: demo

resources:
  network:
    private: { cidr: 10.20.0.0/16 }   # the net

  # what answers
  server:
    # in front
    web:
      count: 3   # three
      image:   'debian-12'
      networks:
      - "${network.private.id}"
      # first boot
      user_data: |
        #!/bin/sh
        # not a comment

    db:
      image: "debian-12"
# the end
"""
TOML = """# the shop
provider = "demo"

[resources.network]
private = { cidr = "10.20.0.0/16" }   # the net

# what answers
[resources.server.web]   # in front
count = 3   # three
image =   'debian-12'
networks = [
  "${network.private.id}",
]

[resources.server.web.labels]
tier = "front"

[resources.server.db]
image = "debian-12"
# the end
"""
JSON = """{
    "provider": "demo",
    "resources": {
        "network": {"private": {"cidr": "10.20.0.0/16"}},
        "server": {
            "web": {
                "count":   3,
                "image": "debian-12"
            },
            "db": {"image": "debian-12", "size": "small"}
        }
    }
}
"""


def edit(op: str, address: str, value: dict[str, Any] | None = None) -> Edit:
    return Edit.model_validate({"op": op, "address": address, "value": value})


def changed(text: str, *edits: Edit, name: str = "a.yaml") -> list[str]:
    """The lines that the edits take out and put in."""
    files = {f"infra/{name}": text}
    (made,) = file_edits(files, apply_edits(files, edits))
    return [line for line in made.diff.splitlines()[2:] if line[0] in "+-"]


def test_setting_properties_touches_their_lines_alone() -> None:
    lines = changed(YAML, edit("set", "server.web", {"count": 2, "image": "debian-13", "size": "small"}))
    assert lines == [
        "-      count: 3   # three", "-      image:   'debian-12'",
        "+      count: 2   # three", "+      image:   debian-13", "+      size: small",
    ]  # fmt: skip


def test_nested_values_are_replaced_whole_and_null_takes_a_property_out() -> None:
    lines = changed(YAML, edit("set", "server.web", {"networks": None, "user_data": "one\n# two\n"}))
    assert lines == [
        "-      networks:", '-      - "${network.private.id}"', "-        #!/bin/sh", "-        # not a comment",
        "+        one", "+        # two",
    ]  # fmt: skip


def test_a_new_resource_stands_below_others_of_its_type() -> None:
    lines = changed(YAML, edit("set", "server.cache", {"image": "debian-12", "labels": {"tier": "on"}}))
    assert lines == ["+    cache:", "+      image: debian-12", '+      labels: {tier: "on"}']


def test_a_new_type_stands_below_the_others() -> None:
    lines = changed(YAML, edit("set", "volume.data", {"size": "10GiB"}))
    assert lines == ["+  volume:", "+    data:", "+      size: 10GiB"]


def test_an_edit_inside_braces_stays_inside_braces() -> None:
    assert changed(YAML, edit("set", "network.private", {"region": "a", "cidr": "10.0.0.0/8"}))[1:] == [
        "+    private: { cidr: 10.0.0.0/8, region: a }   # the net"
    ]


def test_a_removed_resource_leaves_comments_around_it_and_no_empty_type() -> None:
    assert changed(YAML, edit("remove", "network.private")) == [
        "-  network:", "-    private: { cidr: 10.20.0.0/16 }   # the net"
    ]  # fmt: skip
    assert changed(YAML, edit("forget", "server.db")) == ["-    db:", '-      image: "debian-12"']


def test_a_manifest_can_be_emptied_and_filled_again(offers: Offers) -> None:
    gone = [edit("remove", "server.web"), edit("remove", "server.db"), edit("remove", "network.private")]
    for name, text in (("a.yaml", YAML), ("a.toml", TOML), ("a.json", JSON)):
        files = apply_edits({f"infra/{name}": text}, gone)
        assert parse(files, offers) == ()
        files = apply_edits(files, [edit("set", "server.new", {"image": "debian-12"})])
        assert [str(each.address) for each in parse(files, offers)] == ["server.new"]


def test_toml_keeps_its_comments_and_layout() -> None:
    assert changed(TOML, edit("set", "server.web", {"count": 2}), name="a.toml") == [
        "-count = 3   # three", "+count = 2   # three"
    ]  # fmt: skip
    assert changed(TOML, edit("set", "server.web", {"labels": {"tier": "back"}}), name="a.toml") == [
        '-tier = "front"', '+tier = "back"'
    ]  # fmt: skip
    assert changed(TOML, edit("remove", "server.db"), name="a.toml") == [
        "-",
        "-[resources.server.db]",
        '-image = "debian-12"',
    ]
    assert changed(TOML, edit("set", "network.private", {"region": "a"}), name="a.toml")[1:] == [
        '+private = {cidr = "10.20.0.0/16", region = "a"}   # the net'
    ]


def test_json_keeps_its_indentation() -> None:
    assert changed(JSON, edit("set", "server.web", {"count": 2, "size": "small"}), name="a.json") == [
        '-                "count":   3,', '-                "image": "debian-12"', '+                "count":   2,',
        '+                "image": "debian-12",', '+                "size": "small"',
    ]  # fmt: skip
    assert changed(JSON, edit("remove", "network.private"), name="a.json") == [
        '-        "network": {"private": {"cidr": "10.20.0.0/16"}},'
    ]
    assert changed(JSON, edit("set", "server.db", {"image": None}), name="a.json")[1:] == [
        '+            "db": {"size": "small"}'
    ]


def test_line_ends_stay_what_they_are() -> None:
    for name, text in (("a.yaml", YAML), ("a.toml", TOML), ("a.json", JSON)):
        files = {f"infra/{name}": text.replace("\n", "\r\n")}
        after = apply_edits(
            files, [edit("set", "server.web", {"size": "small"}), edit("set", "volume.d", {"size": "1GiB"})]
        )
        assert after[f"infra/{name}"].count("\n") == after[f"infra/{name}"].count("\r\n")


def test_the_first_resource_makes_the_first_file() -> None:
    after = apply_edits({}, [edit("set", "server.web", {"image": "debian-12"})], "demo")
    assert after == {"infra/main.yaml": "provider: demo\nresources:\n  server:\n    web:\n      image: debian-12\n"}


def test_a_new_resource_goes_where_its_type_is_or_into_the_first_file() -> None:
    files = {
        "infra/a.yaml": "provider: demo\n",
        "infra/b.yaml": "provider: demo\nresources: {server: {a: {image: x}}}\n",
    }
    after = apply_edits(files, [edit("set", "server.b", {"image": "x"}), edit("set", "volume.d", {"size": "1GiB"})])
    assert "b: {image: x}" in after["infra/b.yaml"]
    assert after["infra/a.yaml"] == "provider: demo\nresources:\n  volume:\n    d:\n      size: 1GiB\n"


def test_the_last_instances_of_a_count_can_go_in_any_order() -> None:
    assert (
        changed(YAML, edit("remove", "server.web[1]"), edit("forget", "server.web[2]"))[1]
        == "+      count: 1   # three"
    )


def test_an_instance_in_the_middle_of_a_count_cannot_go() -> None:
    with pytest.raises(Invalid, match=r"server\.web\[1\]: .*renumber.*names instead of count"):
        apply_edits({"infra/a.yaml": YAML}, [edit("remove", "server.web[1]")])


def test_a_named_instance_goes_alone() -> None:
    text = "resources:\n  server:\n    web:\n      names: [a, b, c]\n      image: x\n"
    assert changed(text, edit("remove", 'server.web["b"]')) == ["-      names: [a, b, c]", "+      names: [a, c]"]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (edit("set", "server.web[0]", {"size": "small"}), "Set server.web, which all its instances share"),
        (edit("set", "Server.web", {}), "is not an address"),
        (edit("remove", "server.wbe"), "Did you mean server.web"),
        (edit("remove", "server.web[7]"), "no such instance"),
        (edit("set", "server.web", {"size": "a\x1b[31m"}), "U\\+001B"),
        (edit("set", "server.web", {"size": "\ud800"}), "U\\+D800"),
        (edit("set", "server.web", {"$unknown": "x"}), "begins with"),
        (edit("set", "server.web", {"size": float("inf")}), "finite"),
    ],
)
def test_an_edit_that_cannot_be_made_says_why(wrong: Edit, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        apply_edits({"infra/a.yaml": YAML}, [wrong])


def test_forgetting_what_is_declared_nowhere_changes_no_file() -> None:
    assert apply_edits({"infra/a.yaml": YAML}, [edit("forget", "server.gone")]) == {"infra/a.yaml": YAML}


def test_adopting_declares_what_is_not_declared_yet_without_its_id() -> None:
    assert changed(YAML, edit("adopt", "volume.data", {"id": "v-1", "size": "1GiB"}))[-1] == "+      size: 1GiB"
    assert apply_edits({"infra/a.yaml": YAML}, [edit("adopt", "server.db", {"id": "s-1"})]) == {"infra/a.yaml": YAML}


def test_an_edit_through_an_alias_is_left_to_a_person() -> None:
    text = "resources:\n  server:\n    a: &one\n      image: x\n    b: *one\n"
    for address in ("server.a", "server.b"):
        with pytest.raises(Invalid, match="Edit the file by hand"):
            apply_edits({"infra/a.yaml": text}, [edit("set", address, {"image": "y"})])


def test_files_that_cannot_be_read_are_not_edited() -> None:
    with pytest.raises(ManifestInvalid):
        apply_edits({"infra/a.yaml": "a: ["}, [edit("set", "server.web", {})])
    with pytest.raises(ManifestInvalid):
        apply_edits({"infra/a.yaml": "resources: {server: [a]}"}, [edit("set", "server.web", {})])


SMUGGLED = [
    "x\nprovider: evil", "a: b", "# gone", "*one", "&one", "!!python/x", "yes", "null", "1", "0x1f", "1e3", "~", "- a",
    "'", '"', '"""', "}", "], b: [", "${network.private.id}", "|", ">", "? a", "%YAML", "---", "...", " a", "a ",
    "\\n", "", "=", "12:30", "2020-01-01", "\u2028", "\u00a0", "🙂", "<<", ".inf", "a\n\n b\n", "\nlead",
    "tab\there", 'a\n"""\nb',
]  # fmt: skip


@pytest.mark.parametrize("text", SMUGGLED)
def test_text_stays_exactly_that_text_in_every_format(text: str, offers: Offers) -> None:
    for name, before in (("a.yaml", YAML), ("a.toml", TOML), ("a.json", JSON)):
        value = {"size": "x", "user_data": text, "labels": {"tier": "a"}}
        files = apply_edits({f"infra/{name}": before}, [edit("set", "server.db", value)])
        db = next(each for each in parse(files, offers) if str(each.address) == "server.db")
        assert (db.properties["user_data"], db.properties["size"], db.provider) == (lift(text), "x", "demo")
        files = apply_edits(files, [edit("set", "server.db", {"user_data": None})])
        db = next(each for each in parse(files, offers) if str(each.address) == "server.db")
        assert (db.properties["size"], db.labels) == ("x", {"tier": "a"})
