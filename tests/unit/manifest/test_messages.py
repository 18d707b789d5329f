"""What a person or a model reads for each mistake, with its place."""

from __future__ import annotations

import pytest

from engine.manifest import parse
from engine.manifest.parser import Offers
from engine.model.errors import ManifestInvalid

SERVER = "provider: demo\nresources:\n  server:\n    web:\n      image: debian-12\n"
NETWORK = "  network:\n    private: {cidr: 10.20.0.0/16}\n"

YAML = {
    "an unknown key": ("providr: demo", "1:1: 'providr' is no key of a manifest. Did you mean provider?"),
    "no mapping": ("- a", "1:1: A manifest is a mapping with the key resources. See describe for an example."),
    "a syntax error": ("a: [b", "2:1: This is not YAML: while parsing a flow sequence did not find expected ',' or ']'. "
        "Check indentation, colons and quotes there."),
    "a tab": ("a:\n\tb: c", "2:1: This is not YAML: while scanning for the next token found character that cannot start "
        "any token. Check indentation, colons and quotes there."),
    "a tag": ("a: !!python/object:os.system x", "1:4: Tags (!…) are not read. Take the tag out; put quotes around text."),
    "two documents": ("a: b\n---\nc: d", "2:1: There is more than one document in this file. Make it several files."),
    "a key twice": ("provider: demo\nprovider: local", "2:1: The key 'provider' is there twice. Keep one of them."),
    "a merge key": ("provider: demo\nresources: {<<: {}}", "2:13: Merge keys (<<) are not read. Write the properties out."),
    "a key that is no text": ("1: demo", "1:1: This key is no text. Put quotes around it."),
    "not a number": ("a: .nan", "1:4: .nan is not a number that can be used here. Put quotes around text."),
    "an alias of nothing": ("a: *b", "1:4: The alias *b has no anchor before it. Write the value out."),
    "an alias in itself": ("a: &x [*x]", "1:8: This alias stands inside what it repeats. Write the value out."),
    "a dollar key": ("$a: b", "1:1: The key '$a' begins with $. Such keys are kept for the engine; name it otherwise."),
    "a control character": ('provider: "de\\emo"', "1:1: This text holds the character U+001B. Take it out; line ends are "
        "plain newlines."),
    "no provider": ("resources: {ssh_key: {me: {}}}", "1:23: ssh_key.me: No provider is named. Write provider at the top of "
        "infra/a.yaml or in the resource: demo, local."),
    "an unknown provider": ("provider: lcal\nresources: {ssh_key: {me: {}}}",
        "2:23: ssh_key.me: There is no provider 'lcal'. Did you mean local?"),
    "an own unknown provider": (f"{SERVER}      provider: dmo",
        "6:7: server.web: There is no provider 'dmo'. Did you mean demo?"),
    "an unknown type": (SERVER.replace("server", "servr"),
        "4:5: servr.web: demo does not cover the type servr. Did you mean server?"),
    "a type of others": ("provider: local\nresources: {load_balancer: {a: {}}}",
        "2:29: load_balancer.a: local does not cover the type load_balancer. It is covered by demo."),
    "a bad type": ("resources: {Server: {}}", "1:13: 'Server' can't be a type. Types are lower-case words such as server."),
    "a bad name": (SERVER.replace("web", "Web"), "4:5: 'Web' can't be a name. Names begin with a lower-case letter and go on "
        "with up to 62 lower-case letters, digits, _ or -."),
    "a list of resources": ("resources:\n- server", "1:1: resources takes a mapping of types. Write resources, below it a "
        "type, below it a name, below it the properties."),
    "a text as resource": ("resources: {server: {web: debian}}", "1:22: server.web: A resource is a mapping of properties. "
        "Write its properties below web, or {} for none."),
    "an unknown property": (f"{SERVER}      siz: small",
        "6:7: server.web: server has no property 'siz' with demo. Did you mean size?"),
    "a computed property": (f"{SERVER}      address: 10.0.0.1", "6:7: server.web: address is set by the provider. Take it "
        "out; others read it as ${server.web.address}."),
    "a missing property": (SERVER.replace("      image: debian-12\n", "      size: small\n"),
        "4:5: server.web: image is missing. image: Operating system image, such as debian-12."),
    "a number for text": (f"{SERVER}      size: 2",
        '6:7: server.web: size takes text, not the number 2. Put it in quotes: "2".'),
    "a secret in the clear": (f"{SERVER}      root_password: hunter2", "6:7: server.web: root_password takes a reference "
        "to a secret, never its value. Write secret://NAME."),
    "a reference as secret": (f"{NETWORK.replace('  network', SERVER + '      root_password: ${network.private.id}' + chr(10) + '  network')}",
        "6:7: server.web: root_password is a secret; a reference can't stand there. Write secret://NAME, a secret of "
        "the workspace."),
    "an enum": ("provider: demo\nresources: {volume: {data: {size: 1GiB, filesystem: ext5}}}",
        "2:41: volume.data: filesystem can't be 'ext5'. Did you mean ext4?"),
    "a nested key": (f"{SERVER}      needs: {{cpus: 2}}",
        "6:15: server.web: needs.cpus is not known. Did you mean cpu?"),
    "a bad size": ("provider: demo\nresources: {volume: {data: {size: 1GB}}}", "2:29: volume.data: size can't be '1GB': '1GB' "
        "is not a size; write a whole number with KiB, MiB, GiB or TiB, such as 40GiB. size: Capacity, such as 10GiB; it can "
        "grow, and shrinking replaces it."),
    "a conflict": (f"{SERVER}      size: small\n      needs: {{cpu: 2}}",
        "7:7: server.web: needs: size and needs exclude each other; keep one."),
    "a conflict in a list": ("provider: demo\nresources: {firewall: {f: {rules: [{protocol: icmp, ports: '1'}]}}}",
        "2:53: firewall.f: rules[0].ports: icmp has no ports; leave it out."),
    "count and names": (f"{SERVER}      count: 1\n      names: [a]", "7:7: server.web: count and names exclude each other. "
        "Keep names where identities matter, or count."),
    "a bad count": (f"{SERVER}      count: 10001", "6:7: server.web: count can't be 10001. Write a whole number from 0 to 10,000."),
    "a name twice": (f"{SERVER}      names: [a, a]", "6:18: server.web: 'a' is in names twice. Keep one of them."),
    "a number as name": (f"{SERVER}      names: [1]",
        "6:15: server.web: 1 can't be one of names. Put it in quotes: \"1\"."),
    "a number as label": (f"{SERVER}      labels: {{tier: 1}}",
        '6:16: server.web: The label tier is no text. Put it in quotes: "1".'),
    "a label of ours": (f"{SERVER}      labels: {{groundplan.key: a}}", "6:16: server.web: The label 'groundplan.key' is kept "
        "for the engine. Choose a name that does not begin with groundplan."),
    "an unknown lifecycle key": (f"{SERVER}      lifecycle: {{prevent: true}}",
        "6:19: server.web: 'prevent' is no key of lifecycle. Did you mean prevent_destroy?"),
    "a bad lifecycle value": (f"{SERVER}      lifecycle: {{prevent_destroy: yes}}",
        "6:19: server.web: prevent_destroy can't be 'yes'. Write true or false."),
    "a bad order": (f"{SERVER}      lifecycle: {{replace: creat_first}}",
        "6:19: server.web: replace can't be 'creat_first'. Did you mean create_first?"),
    "depends_on nothing": (f"{SERVER}      depends_on: [network.privat]\n{NETWORK}", "6:20: server.web: depends_on names "
        "network.privat, which no manifest file declares. Did you mean network.private?"),
    "depends_on a reference": (f"{SERVER}      depends_on: ['${{network.private.id}}']\n{NETWORK}",
        "6:20: server.web: '${network.private.id}' is not an address. depends_on takes plain addresses, without ${…} and "
        "property."),
    "depends_on itself": (f"{SERVER}      depends_on: [server.web]",
        "6:20: server.web: depends_on names the resource itself. Take it out, or name another resource."),
    "a reference to nothing": (f"{SERVER}      networks: ['${{network.privte.id}}']\n{NETWORK}", "6:18: server.web: The "
        "reference names network.privte, which no manifest file declares. Did you mean network.private?"),
    "a reference to no property": (f"{SERVER}      networks: ['${{network.private.idd}}']\n{NETWORK}",
        "6:18: server.web: network.private has no property 'idd'. Did you mean id?"),
    "a malformed reference": (f"{SERVER}      user_data: 'echo ${{HOME}}'", "6:7: server.web: ${HOME} is not a reference. "
        "Write ${type.name.property}, such as ${network.private.id}. For a plain ${ write $${."),
    "an open reference": (f"{SERVER}      user_data: 'echo ${{HOME'", "6:7: server.web: A reference is not closed. Write "
        "${type.name.property}, or $${ for a plain ${."),
    "a reference to itself": (f"{SERVER}      user_data: '${{server.web.id}}'",
        "6:7: server.web: The reference names the resource itself. Take it out, or name another resource."),
    "a reference to a secret": (f"{SERVER}    db: {{image: debian-12, user_data: '${{server.web.root_password}}'}}",
        "6:28: server.db: server.web.root_password is a secret, which no reference can read. Write the same secret://NAME here "
        "if the property takes a secret."),
    "a reference to another type": (f"{SERVER}      firewalls: ['${{network.private.id}}']\n{NETWORK}",
        "6:19: server.web: firewalls takes the id of a firewall; this refers to a network. Write ${firewall.NAME.id}."),
    "a key on a single resource": (f"{SERVER}      networks: ['${{network.private[0].id}}']\n{NETWORK}",
        "6:18: server.web: network.private is a single resource; network.private[0] names one of several. Write "
        "network.private without the brackets."),
    "an index out of range": (f"{SERVER}      count: 2\n  volume: {{d: {{size: 1GiB, server: '${{server.web[2].id}}'}}}}",
        "7:28: volume.d: server.web[2] is out of range: count is 2. The last one is server.web[1]."),
    "an unknown instance": (f"{SERVER}      names: [a]\n  volume: {{d: {{size: 1GiB, server: '${{server.web[\"b\"].id}}'}}}}",
        "7:28: volume.d: server.web has no instance 'b'. It has the names a."),
}  # fmt: skip

OTHERS = {
    "a JSON syntax error": ("a.json", '{\n "a": ]', "2:7: This is not JSON: Expecting value. Check commas, quotes and brackets there."),
    "a JSON key twice": ("a.json", '{"provider": "demo",\n "provider": "x"}', "2:2: The key 'provider' is there twice. Keep one of them."),
    "a JSON constant": ("a.json", '{"a": NaN}', "1:7: This is not JSON: NaN is no number. Write a plain number or text."),
    "a huge JSON number": ("a.json", '{"a": 1e999}', "1:2: inf is not a number that can be used here. Write a finite number."),
    "a large integer": ("a.json", '{"a": 99999999999999999999}', "1:2: This number does not fit into 64 bits. Write a smaller "
        "one, or text in quotes."),
    "a JSON property": ("a.json", '{"provider": "demo", "resources":\n{"server": {"web": {"image": "a",\n  "siz": "b"}}}}',
        "3:3: server.web: server has no property 'siz' with demo. Did you mean size?"),
    "a TOML syntax error": ("a.toml", "a = \n", "1:5: This is not TOML: Invalid value. Check quotes, brackets and repeated keys there."),
    "a TOML date": ("a.toml", "a = 2020-01-01", "1:1: '2020-01-01' is a date or time. Put quotes around it."),
    "a TOML property": ("a.toml", 'provider = "demo"\n[resources.server.web]\nimage = """\n[x]\ny = 1"""\n  siz = "b"',
        "6:3: server.web: server has no property 'siz' with demo. Did you mean size?"),
    "a nested TOML key": ("a.toml", 'provider = "demo"\nresources.server.web = {image = "a", needs = {cpu = 1, cpus = 2}}',
        "2:56: server.web: needs.cpus is not known. Did you mean cpu?"),
    "a byte order mark": ("a.json", "\ufeff{}", "1:1: It begins with a byte order mark. Save it as UTF-8 without one."),
}  # fmt: skip


def problems(files: dict[str, str], offers: Offers) -> list[str]:
    with pytest.raises(ManifestInvalid) as caught:
        parse(files, offers)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize("mistake", YAML)
def test_a_mistake_in_yaml_is_named_with_its_place_and_remedy(mistake: str, offers: Offers) -> None:
    text, expected = YAML[mistake]
    found = problems({"infra/a.yaml": text}, offers)
    assert f"infra/a.yaml:{expected}" in found


@pytest.mark.parametrize("mistake", OTHERS)
def test_a_mistake_in_json_and_toml_is_named_with_its_place_and_remedy(mistake: str, offers: Offers) -> None:
    file, text, expected = OTHERS[mistake]
    found = [line.removeprefix(f"infra/{file}:").strip() for line in problems({f"infra/{file}": text}, offers)]
    assert expected in found


def test_every_problem_of_every_file_is_reported_at_once_in_order(offers: Offers) -> None:
    found = problems({"infra/b.yaml": "$a: b", "infra/a.yaml": f"{SERVER}      siz: a\n      count: -1"}, offers)
    assert [line.split(": ")[0] for line in found] == ["infra/a.yaml:6:7", "infra/a.yaml:7:7", "infra/b.yaml:1:1"]


def test_a_resource_declared_twice_names_the_other_place(offers: Offers) -> None:
    found = problems({"infra/a.yaml": SERVER, "infra/b.yaml": SERVER}, offers)
    assert found == [
        "infra/b.yaml:4:5: server.web: It is declared in infra/a.yaml:4 already. Keep one of them, or rename one."
    ]


def test_while_a_file_cannot_be_read_no_target_is_called_missing(offers: Offers) -> None:
    text = f"{SERVER}      networks: ['${{network.private.id}}']\n"
    assert len(problems({"infra/a.yaml": text, "infra/b.yaml": "a: ["}, offers)) == 1


def test_a_secret_that_was_written_out_appears_in_no_message(offers: Offers) -> None:
    found = problems({"infra/a.yaml": f"{SERVER}      root_password: hunter2"}, offers)
    assert "hunter2" not in "\n".join(found)
