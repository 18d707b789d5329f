"""How large servers have to be: figures by the stated rule, sizes that really hold them, prices of the providers."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.advice.servers import as_they_are, servers_of
from engine.advice.sizing import _with_headroom, fits_of, groups_of, size_servers
from engine.model.address import Address
from engine.model.errors import GroundplanError, Invalid, NotFound
from engine.model.footprint import Footprint
from engine.model.resource import Declaration, Recorded
from engine.model.unknown import Unknown
from engine.registry.providers import provider_kind
from engine.registry.services import services


def declared(name: str, *, count: int | None = None, provider: str = "demo", **properties: object) -> Declaration:
    return Declaration(Address("server", name), provider, {"image": "debian-12", **properties}, count=count)


def recorded(name: str, **inputs: object) -> Recorded:
    return Recorded(Address("server", name), "demo", "srv-1", dict(inputs), {}, {}, (), "created")


def test_figures_are_added_up_with_headroom_and_rounded_up() -> None:
    (server,) = size_servers(groups_of(["postgres, redis"])).servers
    # postgres 2 cpu, 4 GiB, 50 GiB and redis 2 cpu, 2 GiB, 10 GiB; 6 * 1.3 + 0.5 = 8.3 and 60 * 1.3 + 5 = 83
    assert str(server.comfortable) == "4 cpu, 9GiB, 90GiB"
    assert str(server.least) == "2 cpu, 3GiB, 30GiB"
    assert str(server.fits[0]) == "demo xlarge (8 cpu, 16GiB, 160GiB): 32.00 EUR a month"
    assert str(server.tight) == "local large (4 cpu, 4GiB): 0.00 EUR a month"


def test_what_services_require_is_counted_once_and_where_it_was_placed() -> None:
    (alone,) = size_servers(groups_of(["synapse", "synapse postgres"])).servers
    assert alone.services == ("synapse", "postgres")
    db, web = size_servers(groups_of(["db: postgres", "web: gitea, keycloak"])).servers
    assert (db.services, web.services) == (("postgres",), ("gitea", "keycloak"))


def test_sums_are_of_providers_that_have_a_size_for_every_server() -> None:
    sizing = size_servers(groups_of(["a: mosquitto", "b: postgres, redis"]))
    assert sizing.totals == ("demo: 36.00 EUR a month",)
    assert "+30 %" in sizing.rule


def test_too_much_for_every_size_is_said_with_what_would_hold_the_least() -> None:
    (server,) = size_servers(groups_of(["big: ceph, clickhouse, kafka, gitlab, opensearch"])).servers
    assert server.fits == ()
    assert server.tight is not None
    assert size_servers(groups_of(["big: ceph, clickhouse, kafka, gitlab, opensearch"])).totals == ()


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("postgress", NotFound, "There is no service 'postgress' in the catalogue. Did you mean postgres"),
        ("db: ", Invalid, "No service is named for db"),
        ("", Invalid, "No service is named for server"),
        ("db;rm -rf /: postgres", Invalid, "is no name of a server"),
        (": postgres", Invalid, "'' is no name of a server"),
        ("\u202e: postgres", Invalid, "is no name of a server"),
        ("../../etc/passwd", NotFound, "There is no service '../../etc/passwd'"),
        ("x" * 5_000, Invalid, "characters of one"),
    ],
)
def test_what_can_not_be_meant_is_refused_with_the_next_move(
    text: str, error: type[GroundplanError], words: str
) -> None:
    with pytest.raises(error) as refusal:
        groups_of([text])
    assert words in str(refusal.value)
    assert refusal.value.hint
    assert len(str(refusal.value)) < 400


def test_more_processors_than_a_server_has_are_refused() -> None:
    with pytest.raises(Invalid, match="Spread the services over servers"):
        _with_headroom([Footprint(cpu=300, memory="1GiB", disk="1GiB")] * 2)


def test_more_servers_than_anybody_reads_are_refused() -> None:
    with pytest.raises(Invalid, match="More than 50 servers"):
        groups_of(["postgres"] * 51)


def test_a_workspaces_server_is_held_against_what_is_to_run_on_it() -> None:
    known = servers_of([declared("db", size="medium"), declared("web", size="xlarge", count=2)], [])
    db, web, new = size_servers(groups_of(["db: postgres", "web: nginx", "mail: postfix"]), known).servers
    assert (db.is_enough, web.is_enough, new.is_enough) == (False, True, None)
    assert (web.count, new.declared) == (2, None)


def test_servers_as_they_are_declared_have_sizes_prices_and_a_sum() -> None:
    servers = servers_of(
        [
            declared("web", count=3), declared("db", needs={"cpu": 2, "memory": "4GiB"}), declared("here", provider="local"),
            declared("odd", size="huge"), declared("far", provider="mars"), declared("later", size=Unknown("${server.web[0].size}")),
        ],
        [recorded("web", size="large"), recorded("old", size="large")],
    )  # fmt: skip
    told = {each.name: (str(each.declared or each.note), each.count) for each in servers}
    assert told["web"] == ("demo small (1 cpu, 2GiB, 20GiB): 4.00 EUR a month", 3)
    assert told["db"] == ("demo as it needs (2 cpu, 4GiB, 10GiB): 8.00 EUR a month", 1)
    assert told["here"] == ("local small (1 cpu, 1GiB): 0.00 EUR a month", 1)
    assert told["old"] == ("demo large (4 cpu, 8GiB, 80GiB): 16.00 EUR a month", 1)
    assert (
        told["odd"][0] == told["later"][0] == "its size is not known before it is applied, or no size of the provider"
    )
    assert told["far"] == ("provider mars is not here", 1)
    assert as_they_are(servers).totals == ("36.00 EUR a month", "3 not priced")


def test_a_workspace_without_servers_has_none_and_costs_nothing() -> None:
    assert as_they_are(servers_of([], [])).servers == ()


@settings(deadline=None)
@given(st.lists(st.sampled_from(sorted(services())), min_size=1, max_size=6))
def test_what_fits_holds_it_and_the_cheapest_is_first(names: list[str]) -> None:
    (server,) = size_servers(groups_of([" ".join(names)])).servers
    assert server.comfortable is not None
    assert server.least is not None
    assert server.comfortable.holds(server.least)
    assert all(fit.footprint.holds(server.comfortable) for fit in server.fits)
    prices = [fit.monthly or 0.0 for fit in server.fits]
    assert prices == sorted(prices)
    demo = [fit for fit in fits_of(server.comfortable) if fit.provider == "demo"]
    smaller = [
        size
        for size in provider_kind("demo").sizes
        if demo and size.gives.memory_bytes < demo[0].footprint.memory_bytes
    ]
    assert not any(size.gives.holds(server.comfortable) for size in smaller)


def test_a_disk_that_is_the_machines_own_holds_every_disk() -> None:
    assert Footprint(cpu=1, memory="1GiB").holds(Footprint(cpu=1, memory="1GiB", disk="900GiB"))
    assert not Footprint(cpu=1, memory="1GiB", disk="10GiB").holds(Footprint(cpu=1, memory="1GiB", disk="11GiB"))
