"""Each demand, met and not met; and that the suggested edit meets it."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.model.action import Action
from engine.model.change import Change
from engine.model.plan import Cost
from engine.policy.rules.plan_demands import PlanFacts
from tests.unit.policy.conftest import Workspace

WEB = "server:\n  web: {image: debian-12, size: small}"
PRODUCTION = "server:\n  web: {image: debian-12, size: small, labels: {env: production}}"
FIREWALL = "firewall:\n  edge: {rules: [{ports: '443'}]}"

# demand, resources that break it, what is said, whether an edit mends it, resources that meet it
CASES = {
    "a value": ("require: {properties: {size: {is: medium}}}", WEB, "size is small; it has to be medium", True,
        "server:\n  web: {image: debian-12, size: medium}"),
    "one of some": ("require: {properties: {size: {one_of: [medium, large]}}}", WEB,
        "size is small; it has to be one of medium, large", True, "server:\n  web: {image: debian-12, size: large}"),
    "none of some": ("require: {properties: {image: {none_of: [debian-12]}}}", WEB, "image is debian-12; that is not allowed",
        False, "server:\n  web: {image: debian-13, size: small}"),
    "a pattern": ('require: {properties: {image: {matches: "ubuntu-[0-9.]+"}}}', WEB, "image is debian-12; it has to fit ubuntu-[0-9.]+",
        False, "server:\n  web: {image: ubuntu-24.04}"),
    "there": ("require: {properties: {user_data: {present: true}}}", WEB, "user_data is not there", False,
        "server:\n  web: {image: debian-12, user_data: '#!/bin/sh'}"),
    "not there": ("require: {properties: {user_data: {present: false}}}", "server:\n  web: {image: debian-12, user_data: x}",
        "user_data has to be left out", True, WEB),
    "not empty": ("require: {properties: {networks: {present: true}}}", WEB, "networks is not there", False,
        "server:\n  web: {image: debian-12, networks: [net-1]}"),
    "a least size": ("require: {properties: {size: {min: 20GiB}}}", "volume:\n  data: {size: 10GiB}",
        "size is 10GiB; it has to be at least 20GiB", True, "volume:\n  data: {size: 1TiB}"),
    "a greatest size": ("require: {properties: {size: {max: 20GiB}}}", "volume:\n  data: {size: 1TiB}",
        "size is 1TiB; it has to be at most 20GiB", True, "volume:\n  data: {size: 10GiB}"),
    "a number inside": ("require: {properties: {needs.cpu: {max: 4}}}", "server:\n  web: {image: debian-12, needs: {cpu: 8, memory: 4GiB}}",
        "needs.cpu is 8; it has to be at most 4", True, "server:\n  web: {image: debian-12, needs: {cpu: 2}}"),
    "a size written otherwise": ("require: {properties: {size: {is: 2048MiB}}}", "volume:\n  data: {size: 1GiB}",
        "size is 1GiB; it has to be 2048MiB", True, "volume:\n  data: {size: 2GiB}"),
    "every item": ("when: {type: load_balancer}\nrequire: {properties: {listeners.port: {one_of: [443]}}}",
        "load_balancer:\n  front: {listeners: [{port: 443, target_port: 1}, {port: 80, target_port: 1}]}",
        "listeners.port is 80; it has to be one of 443", False, "load_balancer:\n  front: {listeners: [{port: 443, target_port: 1}]}"),
    "a label": ("require: {labels: [owner]}", WEB, "the label owner is not there", False,
        "server:\n  web: {image: debian-12, labels: {owner: ada}}"),
    "a label of some": ("require: {labels: {env: {one_of: [production, test]}}}",
        "server:\n  web: {image: debian-12, labels: {env: prod, tier: front}}",
        "the label env is prod; it has to be one of production, test", True, PRODUCTION),
    "no label": ("require: {labels: {env: {present: false}}}", PRODUCTION, "the label env has to be left out", True, WEB),
    "a name": ('require: {name: "[a-z]+-[0-9]{2}"}', WEB, "its name web does not fit [a-z]+-[0-9]{2}", False,
        "server:\n  web-01: {image: debian-12}"),
    "a provider": ("require: {providers: local}", WEB, "its provider is demo; allowed are local", False,
        "server:\n  web: {provider: local, image: debian-12}"),
    "a region": ("require: {regions: [demo-2]}", "server:\n  web: {image: debian-12, region: demo-1}",
        "region is demo-1; allowed are demo-2", True, "server:\n  web: {image: debian-12, region: demo-2}"),
    "a region left out": ("require: {regions: [demo-2]}", WEB, "region is left to the provider; allowed are demo-2", True, "ssh_key:\n  me: {}"),
    "a server's size": ("require: {sizes: [medium]}", "server:\n  web: {image: debian-12, needs: {cpu: 8}}",
        "size is left to the provider; allowed are medium", True, "server:\n  web: {image: debian-12, size: medium}"),
    "protected data": ("when: {stateful: true}\nrequire: {prevent_destroy: true}",
        "volume:\n  data: {size: 10GiB, lifecycle: {replace: create_first}}\n" + WEB, "prevent_destroy is not true", True,
        "volume:\n  data: {size: 10GiB, lifecycle: {prevent_destroy: true}}\n" + WEB),
    "a firewall that it names": ("when: {type: server, labels: {env: production}}\nrequire: {related: {type: firewall}}",
        f"{PRODUCTION}\n{FIREWALL}", "has no firewall; it needs at least 1", True,
        "server:\n  web: {image: debian-12, labels: {env: production}, firewalls: ['${firewall.edge.id}']}\n" + FIREWALL),
    "a volume that names it": ("when: {type: server}\nrequire: {related: {type: volume, labels: {use: backup}}}",
        f"{WEB}\nvolume:\n  data: {{size: 10GiB, labels: {{use: backup}}}}", "has no volume with use: backup; it needs at least 1", True,
        WEB + "\nvolume:\n  data: {size: 10GiB, server: '${server.web.id}', labels: {use: backup}}"),
    "a closed port": ("require: {closed_ports: 22}", "firewall:\n  edge: {rules: [{ports: '22'}, {ports: '443'}]}",
        "port 22 is open to 0.0.0.0/0, ::/0", True, "firewall:\n  edge: {rules: [{ports: '22', sources: ['203.0.113.0/24']}, {ports: '443'}]}"),
    "a port in a range": ("require: {closed_ports: [22, 3389]}", "firewall:\n  edge: {rules: [{ports: 1-65535, sources: ['::/0', '10.0.0.0/8']}]}",
        "port 22, 3389 is open to ::/0", True, "firewall:\n  edge: {rules: [{ports: 23-3388}, {protocol: icmp}]}"),
    "the internet in halves": ("require: {closed_ports: 22}", "firewall:\n  edge: {rules: [{ports: '22', sources: ['0.0.0.0/1', '128.0.0.0/1']}]}",
        "port 22 is open to 0.0.0.0/1, 128.0.0.0/1", True, "firewall:\n  edge: {rules: [{ports: '22', sources: ['10.0.0.0/8', 'fd00::/8']}]}"),
    "the internet in two rules": ("require: {closed_ports: 22}",
        "firewall:\n  edge: {rules: [{ports: '22', sources: ['2000::/3']}, {ports: 20-25, sources: ['128.0.0.0/2', '192.0.0.0/2']}]}",
        "port 22 is open to 2000::/3, 128.0.0.0/2, 192.0.0.0/2", True, "firewall:\n  edge: {rules: []}"),
}  # fmt: skip


@pytest.mark.parametrize(("demand", "broken", "said", "has_edit", "sound"), CASES.values(), ids=CASES)
def test_a_demand_is_met_or_broken_with_the_edit_that_meets_it(
    demand: str, broken: str, said: str, has_edit: bool, sound: str, shop: Workspace
) -> None:
    rules = shop.demand(demand)
    found = shop.look(rules, broken).violations
    assert [each.message for each in found] == [said]
    assert found[0].remedy
    assert (found[0].edit is not None) is has_edit
    if has_edit:
        assert shop.mended(rules, broken, found[0]).violations == ()
    assert shop.look(rules, sound).violations == ()


def test_a_violation_says_rule_address_place_and_remedy_in_one_line(shop: Workspace) -> None:
    found = shop.look(shop.demand("require: {sizes: [medium]}"), WEB).violations[0]
    assert found.text == (
        "infra/main.yaml:4: server.web: size is small; allowed are medium (rule it). Write size: medium. "
        'As an edit: {"op": "set", "address": "server.web", "value": {"size": "medium"}}'
    )


def test_a_rule_is_about_what_its_scope_names_and_nothing_else(shop: Workspace) -> None:
    resources = (
        "server:\n  web-1: {image: debian-12, size: small, labels: {env: production}}\n  db: {image: debian-12, labels: {env: test}}\n"
        "volume:\n  data: {size: 10GiB, labels: {env: production}}"
    )
    scopes = {
        "{type: server}": ["server.db", "server.web-1"],
        "{type: [server, volume], labels: {env: production}}": ["server.web-1", "volume.data"],
        "{labels: {env: [production, test]}}": ["server.db", "server.web-1", "volume.data"],
        '{name: "web-.*"}': ["server.web-1"],
        "{stateful: true}": ["volume.data"],
        "{stateful: false}": ["server.db", "server.web-1"],
        "{properties: {size: {one_of: [small, 10GiB]}}}": ["server.web-1", "volume.data"],
        "{provider: local}": [],
    }
    for scope, addresses in scopes.items():
        rules = shop.demand(f"when: {scope}\nrequire: {{labels: [owner]}}")
        assert sorted(each.address for each in shop.look(rules, resources).violations) == addresses, scope


def test_each_instance_needs_a_partner_of_its_own(shop: Workspace) -> None:
    rules = shop.demand("when: {type: server}\nrequire: {related: {type: volume}}")
    one = "server:\n  web: {count: 2, image: debian-12}\nvolume:\n  data: {size: 10GiB, server: '${server.web[0].id}'}"
    assert [each.address for each in shop.look(rules, one).violations] == ["server.web[1]"]


def test_named_by_depends_on_is_not_related(shop: Workspace) -> None:
    rules = shop.demand("when: {type: server}\nrequire: {related: {type: firewall}}")
    told = f"server:\n  web: {{image: debian-12, depends_on: [firewall.edge]}}\n{FIREWALL}"
    assert len(shop.look(rules, told).violations) == 1


def test_an_id_of_something_undeclared_counts_by_its_type_and_is_unchecked_by_its_labels(shop: Workspace) -> None:
    stranger = "server:\n  web: {image: debian-12, firewalls: [fw-77]}"
    by_type = shop.look(shop.demand("when: {type: server}\nrequire: {related: {type: firewall}}"), stranger)
    assert (by_type.violations, by_type.unchecked) == ((), ())
    by_label = shop.look(
        shop.demand("when: {type: server}\nrequire: {related: {type: firewall, labels: {a: b}}}"), stranger
    )
    assert by_label.violations == ()
    assert [each.text for each in by_label.unchecked] == [
        "server.web: rule it is unchecked: nothing is known here of firewall fw-77."
    ]


def test_what_is_not_known_yet_is_unchecked_and_no_violation(shop: Workspace) -> None:
    wired = "server:\n  web: {image: debian-12, region: '${network.private.region}'}\nnetwork:\n  private: {cidr: 10.0.0.0/16, region: demo-1}"
    found = shop.look(shop.demand("when: {type: server}\nrequire: {regions: [demo-2]}"), wired)
    assert (found.violations, [each.why for each in found.unchecked]) == ((), ["region is not known yet"])
    scoped = shop.look(
        shop.demand("when: {properties: {region: {is: demo-1}}, type: server}\nrequire: {labels: [owner]}"), wired
    )
    assert (scoped.violations, [each.why for each in scoped.unchecked]) == (
        (),
        ["whether it is meant is not known yet"],
    )
    later = shop.look(shop.demand("require: {properties: {public_address: {present: false}}}"), WEB)
    assert (later.violations, [each.why for each in later.unchecked]) == ((), ["public_address is not known yet"])


def test_the_known_sources_of_a_firewall_are_judged_beside_unknown_ones(shop: Workspace) -> None:
    rules = "firewall:\n  edge: {rules: [{ports: '22'}, {ports: '23', sources: ['${network.private.cidr}']}]}\nnetwork:\n  private: {cidr: 10.0.0.0/16}"
    found = shop.look(shop.demand("require: {closed_ports: 22}"), rules)
    assert len(found.violations) <= 1
    assert found.unchecked


def _change(address: str, action: Action, **labels: str) -> Change:
    return Change(
        address=address, action=action, reason="", labels=labels, provider="demo", stateful=address.startswith("volume")
    )


def test_a_plan_is_held_to_its_cost_and_to_its_number_of_changes(shop: Workspace) -> None:
    cost = shop.demand("require: {monthly_cost: {max: 10}}")
    assert shop.look(cost, WEB, PlanFacts(Cost(after=10.0))).violations == ()
    (over,) = shop.look(cost, WEB, PlanFacts(Cost(after=12.5))).violations
    assert over.message == "everything would cost 12.50 EUR a month; 10.00 is the limit"
    assert (over.file, over.line, over.address) == ("policies/rules.yaml", 2, "")
    assert (
        shop.look(cost, WEB, PlanFacts(Cost(after=1.0, unpriced=2))).unchecked[0].why
        == "2 resources have no known price"
    )
    assert (
        shop.look(cost, WEB, PlanFacts(Cost(after=99.0, currency="USD"))).unchecked[0].why
        == "prices are in USD, the limit in EUR"
    )

    gone = [_change(f"server.web[{n}]", Action.DELETE, env="production") for n in range(3)]
    gone.append(_change("volume.data", Action.DELETE))
    for body, over_limit in {
        "require: {most_changes: {delete: 3}}": True,
        "require: {most_changes: {delete: 4, replace: 0}}": False,
        "when: {stateful: true}\nrequire: {most_changes: {delete: 0}}": True,
        "when: {labels: {env: production}}\nrequire: {most_changes: {delete: 3}}": False,
    }.items():
        found = shop.look(shop.demand(body), WEB, PlanFacts(Cost(), gone))
        assert bool(found.violations) is over_limit, body
    (alone,) = shop.look(shop.demand("require: {most_changes: {delete: 3}}"), WEB, PlanFacts(Cost(), None)).unchecked
    assert alone.why == "only a plan tells what it would delete"


SIZES = st.sampled_from(["small", "medium", "large"])
NETWORKS = st.sampled_from(
    ["0.0.0.0/0", "::/0", "0.0.0.0/1", "128.0.0.0/1", "10.0.0.0/8", "192.0.2.0/24", "2000::/3", "fd00::/8"]
)
PORTS = st.tuples(st.integers(1, 65535), st.integers(1, 65535)).map(lambda two: f"{min(two)}-{max(two)}")
FIREWALL_RULES = st.lists(
    st.fixed_dictionaries(
        {
            "protocol": st.sampled_from(["tcp", "udp"]),
            "ports": st.one_of(st.just("22"), PORTS),
            "sources": st.lists(NETWORKS, min_size=1, unique=True),
        }
    ),
    max_size=4,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(FIREWALL_RULES, st.lists(st.one_of(st.just("22"), PORTS), min_size=1, max_size=3))
def test_whatever_a_firewall_opens_the_suggested_edit_closes_it(
    shop: Workspace, opened: list[object], closed: list[str]
) -> None:
    rules = shop.demand(f"require: {{closed_ports: {closed!r}}}")
    resources = f"firewall:\n  edge: {{rules: {opened!r}}}"
    for violation in shop.look(rules, resources).violations:
        assert shop.mended(rules, resources, violation).violations == ()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(SIZES, st.lists(SIZES, min_size=1, max_size=3))
def test_an_allowed_value_is_no_violation_and_the_edit_gives_one(
    shop: Workspace, size: str, allowed: list[str]
) -> None:
    rules = shop.demand(f"require: {{properties: {{size: {{one_of: {allowed!r}}}}}}}")
    resources = f"server:\n  web: {{image: debian-12, size: {size}}}"
    found = shop.look(rules, resources).violations
    assert bool(found) is (size not in allowed)
    for violation in found:
        assert shop.mended(rules, resources, violation).violations == ()
