"""What a person or a model reads for each mistake in a rule file, with its place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.model.errors import ManifestInvalid
from engine.policy.rules.rule_file import FILE, load_rules, rules_digest
from tests.unit.policy.conftest import OFFERS

ONE_OF = ("properties, labels, name, providers, regions, sizes, prevent_destroy, related, closed_ports, monthly_cost, "
    "most_changes.")  # fmt: skip
SORTED = ("There are: closed_ports, labels, monthly_cost, most_changes, name, prevent_destroy, properties, providers, "
    "regions, related, sizes.")  # fmt: skip


def _rule(body: str) -> str:
    return "rules:\n- name: it\n  " + body


BAD = {
    "an unknown key": ("rulez: []\nrules: []", "1:1: 'rulez' is no key of a rule file. Did you mean rules?"),
    "rules as a mapping": ("rules: {a: b}", "1:1: rules takes a list. Such as - name: no-public-ssh."),
    "a list": ("- name: it", "1:1: A rule file is a mapping with the key rules. Write rules: and below it a list of rules."),
    "a syntax error": ("rules: [", "2:1: This is not YAML: while parsing a flow node did not find expected node content. "
        "Check indentation, colons and quotes there."),
    "a tag": ("rules: !!python/object:os.system x", "1:8: Tags (!…) are not read. Take the tag out; put quotes around text."),
    "a rule of text": ("rules: [a]", "1:9: a rule takes a mapping, not 'a'."),
    "no name": ("rules:\n- require: {labels: [owner]}", "2:3: name is missing. name: What it is called: lower-case letters, "
        "digits and -."),
    "a name with blanks": ("rules:\n- name: no ssh\n  require: {labels: [owner]}",
        "2:3: rule 'no ssh': name can't be 'no ssh': it can't be a rule's name. Such as no-public-ssh."),
    "a name twice": ("rules:\n- &a {name: it, require: {labels: [owner]}}\n- *a",
        "2:7: There is a rule 'it' in line 2 already. Rename one of them."),
    "no demand": ("rules:\n- name: it", "2:3: rule 'it': require is missing. require: What it demands."),
    "an empty demand": (_rule("require: {}"), f"3:3: rule 'it': require: it demands nothing. Write one of {ONE_OF}"),
    "an unknown demand": (_rule("require: {label: [owner]}"), "3:13: rule 'it': 'label' is no key of require. Did you mean labels?"),
    "a far demand": (_rule("require: {backup: true}"), f"3:13: rule 'it': 'backup' is no key of require. {SORTED}"),
    "a misspelt key": (_rule("sevrity: warn\n  require: {labels: [owner]}"),
        "3:3: rule 'it': 'sevrity' is no key of a rule. Did you mean severity?"),
    "a severity": (_rule("severity: block\n  require: {labels: [owner]}"), "3:3: rule 'it': severity can't be 'block'. It takes: deny, warn."),
    "a near severity": (_rule("severity: wran\n  require: {labels: [owner]}"), "3:3: rule 'it': severity can't be 'wran'. Did you mean warn?"),
    "a long description": (_rule(f"description: {'a' * 201}\n  require: {{labels: [owner]}}"),
        f"3:3: rule 'it': description can't be '{'a' * 59}…: it string should have at most 200 characters."),
    "an unknown type": (_rule("when: {type: servr}\n  require: {labels: [owner]}"), "3:10: There is no type 'servr'. Did you mean server?"),
    "an unknown type among others": (_rule("when: {type: [server, volum]}\n  require: {labels: [owner]}"),
        "3:25: There is no type 'volum'. Did you mean volume?"),
    "an unknown provider": (_rule("require: {providers: dmo}"), "3:13: There is no provider 'dmo'. Did you mean demo?"),
    "an unknown property": (_rule("when: {type: server}\n  require: {properties: {siz: {is: small}}}"),
        "4:26: 'siz' is no property of server. Did you mean size?"),
    "an unknown property of any": (_rule("require: {properties: {sizze: {is: small}}}"), "3:26: 'sizze' is no property of any type. Did you mean size?"),
    "an unknown related type": (_rule("require: {related: {type: firewal}}"), "3:23: There is no type 'firewal'. Did you mean firewall?"),
    "a relation without type": (_rule("require: {related: {name: a}}"), "3:13: rule 'it': require.related.type is missing. type: Its type."),
    "a scope of nothing": (_rule("when: {}\n  require: {labels: [owner]}"), "3:3: rule 'it': when: it names nothing. Leave it out to mean every resource."),
    "a number as label": (_rule("when: {labels: {env: [production, 3]}}\n  require: {labels: [owner]}"),
        "3:37: rule 'it': when.labels.env[1] takes text, not 3."),
    "a word for true": (_rule("require: {prevent_destroy: yes}"), "3:13: rule 'it': require.prevent_destroy takes true or false, not 'yes'."),
    "a check of nothing": (_rule("require: {properties: {size: {}}}"),
        "3:26: rule 'it': require.properties.size: it checks nothing. Write one of present, is, one_of, none_of, matches, min, max."),
    "a check that is a text": (_rule("require: {properties: {size: small}}"), "3:26: rule 'it': require.properties.size takes a mapping, not 'small'."),
    "a misspelt check": (_rule("require: {properties: {size: {oneof: [a]}}}"),
        "3:33: rule 'it': 'oneof' is no key of require.properties.size. Did you mean one_of?"),
    "no choice": (_rule("require: {properties: {size: {one_of: []}}}"),
        "3:33: rule 'it': require.properties.size.one_of is empty. Write at least one, or leave it out."),
    "bounds of two kinds": (_rule("require: {properties: {size: {min: 3, max: 2GiB}}}"),
        "3:26: rule 'it': require.properties.size: min and max are two numbers or two sizes. Write 4, 0.5 or 10GiB."),
    "bounds the wrong way": (_rule("require: {properties: {size: {min: 3GiB, max: 2GiB}}}"),
        "3:26: rule 'it': require.properties.size: min is greater than max. Write the smaller one as min."),
    "a bound that is a list": (_rule("require: {properties: {size: {min: [1]}}}"),
        "3:33: rule 'it': require.properties.size.min takes a number or text, not [1]."),
    "a bound that is no size": (_rule("require: {properties: {size: {min: big}}}"),
        "3:26: rule 'it': require.properties.size: min and max are two numbers or two sizes. Write 4, 0.5 or 10GiB."),
    "absent and more": (_rule("require: {properties: {size: {present: false, is: small}}}"),
        "3:26: rule 'it': require.properties.size: present: false leaves nothing else to check. Take the other keys out."),
    "an open group": (_rule("require: {name: (web}"), "3:13: rule 'it': require.name can't be '(web': a ( is not closed. "
        "Write ), or \\( for the character itself."),
    "a repeated repetition": (_rule("require: {name: a**}"), "3:13: rule 'it': require.name can't be 'a**': a repetition is repeated. "
        "Keep one of *, +, ? and {}; lazy and possessive are not read."),
    "a look ahead": (_rule('require: {name: "(?=a)"}'), "3:13: rule 'it': require.name can't be '(?=a)': (?…) is not read. "
        "Write a plain group; look-around, names and flags are left out."),
    "a port out of range": (_rule("require: {closed_ports: [22, 99999]}"), "3:32: rule 'it': require.closed_ports[1] can't be 99999: "
        "it is no port and no range of ports. Write 22 or 8000-8100, the lower one first."),
    "ports the wrong way": (_rule('require: {closed_ports: ["30-20"]}'), "3:28: rule 'it': require.closed_ports[0] can't be '30-20': "
        "it is no port and no range of ports. Write 22 or 8000-8100, the lower one first."),
    "ports of servers": (_rule("when: {type: server}\n  require: {closed_ports: 22}"),
        "4:13: closed_ports is about every firewall, and this rule is about none. Take when.type out, or write type: firewall."),
    "a cost as text": (_rule('require: {monthly_cost: {max: "100"}}'), "3:28: rule 'it': require.monthly_cost.max takes a number, not '100'."),
    "a bare cost": (_rule("require: {monthly_cost: 100}"), "3:13: rule 'it': require.monthly_cost takes a mapping, not 100."),
    "a cost below nothing": (_rule("require: {monthly_cost: {max: -1}}"),
        "3:28: rule 'it': require.monthly_cost.max can't be -1: it should be greater than or equal to 0."),
    "a cost of some": (_rule("when: {type: server}\n  require: {monthly_cost: {max: 1}}"),
        "2:3: rule 'it': the rule: monthly_cost is about everything together. Take when out."),
    "a cost and labels": (_rule("require: {monthly_cost: {max: 1}, labels: [owner]}"), "3:3: rule 'it': require: it mixes what is asked "
        "of a plan with what is asked of each resource. Make it two rules."),
    "an unknown action": (_rule("require: {most_changes: {delet: 1}}"), "3:28: rule 'it': require.most_changes.delet can't be 'delet'. "
        "Did you mean delete?"),
    "a count below nothing": (_rule("require: {most_changes: {delete: -1}}"),
        "3:28: rule 'it': require.most_changes.delete can't be -1: it should be greater than or equal to 0."),
    "counted by properties": (_rule("when: {properties: {size: {is: small}}}\n  require: {most_changes: {delete: 1}}"),
        "2:3: rule 'it': the rule: most_changes can't look at properties. Take when.properties out."),
    "no label": (_rule("require: {labels: [a b]}"), "3:13: rule 'it': require.labels can't be 'a b': it can't be a label. Such as env."),
    "too many rules": ("rules: [" + "{}, " * 201 + "]", "1:1: There are 201 rules; 200 are the limit. Merge some, or take some out."),
}  # fmt: skip


@pytest.mark.parametrize(("text", "said"), BAD.values(), ids=BAD)
def test_each_mistake_is_told_with_its_place_and_a_remedy(text: str, said: str, text_of: Callable[[str], str]) -> None:
    told = text_of(text).split("\n")
    assert told[0].endswith(f"in {FILE}:")
    assert f"- {FILE}:{said}" in told


def test_every_mistake_of_a_file_is_told_at_once(text_of: Callable[[str], str]) -> None:
    told = text_of(
        "rules:\n- name: A\n  severity: no\n  when: {type: servr}\n  require: {properties: {siz: {is: 1}}, nam: x}\n- {name: b}\n"
    )
    assert told.startswith("5 problems in policies/rules.yaml:")


@pytest.mark.parametrize("ending", ["yml", "toml", "json"])
def test_rules_under_another_ending_are_an_error_and_not_overlooked(tmp_path: Path, ending: str) -> None:
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / f"rules.{ending}").write_text("")
    with pytest.raises(ManifestInvalid, match=f"policies/rules.{ending}: It is not read. Move its rules into"):
        rules_digest(tmp_path)


def test_a_file_that_is_too_large_a_link_or_no_text_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    (folder / "policies").mkdir(parents=True)
    file = folder / FILE
    file.write_text("#" * (257 << 10))
    with pytest.raises(ManifestInvalid, match="It is larger than 256 KiB"):
        load_rules(folder, OFFERS)
    file.write_bytes(b"rules: \xff")
    with pytest.raises(ManifestInvalid, match="It is not UTF-8"):
        load_rules(folder, OFFERS)
    file.unlink()
    (tmp_path / "elsewhere.yaml").write_text("rules: []")
    file.symlink_to(tmp_path / "elsewhere.yaml")
    with pytest.raises(ManifestInvalid, match="It is a link that leaves the workspace"):
        load_rules(folder, OFFERS)
    file.unlink()
    file.symlink_to(tmp_path / "nowhere.yaml")
    with pytest.raises(ManifestInvalid):
        load_rules(folder, OFFERS)


def test_without_a_file_or_with_nothing_in_it_there_are_no_rules(tmp_path: Path) -> None:
    assert load_rules(tmp_path, OFFERS).rules == ()
    assert rules_digest(tmp_path) == ""
    (tmp_path / "policies").mkdir()
    for text in ("", "# rules:\n", "rules:\n", "rules: []\n"):
        (tmp_path / FILE).write_text(text)
        assert load_rules(tmp_path, OFFERS).rules == ()
