"""Demo's wire: latency, failures on request, rate limits, settings, secrets, drift by other hands."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from engine.model.errors import (
    CapacityExhausted,
    Invalid,
    ObjectConflict,
    ObjectMissing,
    PropertiesInvalid,
    RateLimited,
    TransientFailure,
)
from engine.providers.contract import Price, Surroundings, Wish
from engine.providers.demo import KIND, faults, provider
from engine.providers.demo.cloud import Cloud
from engine.providers.demo.provider import DemoProvider
from tests.unit.demo.conftest import PUBLIC_KEY, Make

NETWORK = Wish("network", "private", {"cidr": "10.20.0.0/16"}, "k1")


def surroundings(home: Path, *, secret: str = "s3cret", **settings: Any) -> Surroundings:
    return Surroundings("w", home, settings, {}, PUBLIC_KEY, lambda reference: secret)


def opened(home: Path, **settings: Any) -> DemoProvider:
    return DemoProvider(surroundings(home, **settings))


async def test_a_fault_strikes_as_often_as_it_says_whoever_asks(tmp_path: Path) -> None:
    rules = {"faults": [{"on": "create", "type": "network", "error": "capacity", "times": 2}]}
    for one in (opened(tmp_path, **rules), opened(tmp_path, **rules)):
        with pytest.raises(CapacityExhausted):
            await one.create(NETWORK)
        await one.close()
    third = opened(tmp_path, **rules)
    assert (await third.create(NETWORK)).key == "k1"
    await third.close()


async def test_a_fault_of_no_times_strikes_always(tmp_path: Path) -> None:
    one = opened(tmp_path, faults=[{"on": "list", "times": 0}])
    for _ in range(3):
        with pytest.raises(TransientFailure):
            await one.list("network")
    await one.close()


async def test_a_fault_may_be_about_one_object_by_name(tmp_path: Path) -> None:
    rules = [{"on": verb, "name": "b", "times": 0} for verb in ("create", "read", "find", "delete")]
    one = opened(tmp_path, faults=rules)
    made = await one.create(Wish("network", "a", NETWORK.properties, "a"))
    assert await one.read("network", made.id)
    with pytest.raises(TransientFailure):
        await one.create(Wish("network", "b", NETWORK.properties, "b"))
    await one.close()
    two = opened(tmp_path)
    made = await two.create(Wish("network", "b", NETWORK.properties, "b"))
    await two.close()
    one = opened(tmp_path, faults=rules)
    for call in (one.read("network", made.id), one.find("network", "b"), one.delete("network", made.id)):
        with pytest.raises(TransientFailure):
            await call
    await one.close()


async def test_two_equal_faults_are_two(tmp_path: Path) -> None:
    one = opened(tmp_path, faults=[{"on": "create"}, {"on": "create"}])
    for _ in range(2):
        with pytest.raises(TransientFailure):
            await one.create(NETWORK)
    await one.create(NETWORK)
    await one.close()


async def test_a_lost_answer_had_its_effect(tmp_path: Path) -> None:
    lost = [{"on": verb, "after_effect": True} for verb in ("create", "update", "delete")]
    one = opened(tmp_path, faults=lost)
    with pytest.raises(TransientFailure) as create:
        await one.create(NETWORK)
    made = await one.find("network", "k1")
    assert made
    labelled = Wish("network", "private", NETWORK.properties, "k1", {"a": "b"})
    with pytest.raises(TransientFailure) as update:
        await one.update(made, labelled)
    seen = await one.read("network", made.id)
    assert seen
    assert seen.labels == {"a": "b"}
    with pytest.raises(TransientFailure) as delete:
        await one.delete("network", made.id)
    assert await one.read("network", made.id) is None
    assert all(each.value.effect_unknown for each in (create, update, delete))
    await one.close()


async def test_a_refused_call_does_not_use_up_a_lost_answer(tmp_path: Path) -> None:
    one = opened(tmp_path, faults=[{"on": "create", "after_effect": True}])
    with pytest.raises(PropertiesInvalid):
        await one.create(Wish("network", "x", {"cidr": "8.8.8.0/24"}, "bad"))
    with pytest.raises(TransientFailure):
        await one.create(NETWORK)
    await one.close()


async def test_signing_in_can_fail_on_request(tmp_path: Path) -> None:
    one = opened(tmp_path, account="mine", region="demo-3", faults=[{"on": "account", "error": "auth"}])
    with pytest.raises(faults.AuthFailed):
        await one.account()
    assert str(await one.account()) == "demo:mine@demo-3"
    await one.close()


async def test_too_many_calls_in_a_window_are_refused_with_the_pause_to_make(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.25]
    monkeypatch.setattr(faults.time, "time", lambda: now[0])
    one, other = opened(tmp_path, rate_per_second=2), opened(tmp_path, rate_per_second=2)
    await one.list("network")
    await other.list("network")
    with pytest.raises(RateLimited) as limited:
        await one.list("network")
    assert limited.value.retry_after == 0.75
    now[0] = 1001.0
    await one.list("network")
    await one.close()
    await other.close()


@pytest.mark.parametrize(("latency", "created", "listed"), [(0.5, 0.5, 0.5), ({"create": 0.2}, 0.2, 0.0), (0, 0, 0)])
async def test_a_call_takes_as_long_as_its_verb_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, latency: Any, created: float, listed: float
) -> None:
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    one = opened(tmp_path, latency=latency)
    monkeypatch.setattr(provider.asyncio, "sleep", sleep)
    await one.create(NETWORK)
    assert sum(waited) == created
    waited.clear()
    await one.list("network")
    assert sum(waited) == listed
    await one.close()


async def test_a_caller_cancelled_on_the_way_there_has_no_effect(tmp_path: Path) -> None:
    one = opened(tmp_path, latency=600)
    call = asyncio.create_task(one.create(NETWORK))
    await asyncio.sleep(0)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    await one.close()
    two = opened(tmp_path)
    assert await two.find("network", "k1") is None
    await two.close()


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"latncy": 1}, "latncy"),
        ({"parallel": 0}, "parallel"),
        ({"faults": [{"on": "explode"}]}, "faults.0.on"),
        ({"faults": [{"on": "create", "error": "boom"}]}, "faults.0.error"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, settings: dict[str, Any], named: str) -> None:
    with pytest.raises(Invalid, match=named):
        opened(tmp_path, **settings)
    assert named in KIND.available(surroundings(tmp_path, **settings))


async def test_an_empty_secret_is_refused_and_a_long_one_not_shown(tmp_path: Path) -> None:
    wish = Wish("server", "web", {"image": "debian-12", "root_password": "secret://root"}, "k")
    for value in ("", "x" * 300):
        one = DemoProvider(surroundings(tmp_path, secret=value))
        with pytest.raises(PropertiesInvalid, match="root_password: the secret's value") as refused:
            await one.create(wish)
        assert "xxx" not in str(refused.value)
        await one.close()


async def test_a_file_that_is_no_database_is_a_failure_with_the_next_move(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "cloud.db").write_bytes(b"not a database, by any measure" * 40)
    with pytest.raises(TransientFailure, match=r"demo/cloud\.db") as failed:
        opened(tmp_path)
    assert not failed.value.effect_unknown


async def test_a_call_after_close_is_a_provider_error(tmp_path: Path) -> None:
    one = opened(tmp_path)
    await one.close()
    with pytest.raises(TransientFailure):
        await one.list("network")


def test_somebody_else_can_change_and_remove_objects(cloud: Cloud, make: Make) -> None:
    server = make("server", size="small")
    volume = make("volume", server=server.id, mount="/data")
    assert cloud.tamper(server.id, size="large").properties["cpu"] == 4
    assert cloud.tamper(server.id, status="stopped").properties["status"] == "stopped"
    assert cloud.tamper(volume.id, server=None, mount=None).properties["status"] == "available"
    assert cloud.tamper(volume.id, size="5GiB").properties["size"] == "5GiB"
    cloud.remove(server.id)
    assert cloud.read("server", server.id) is None
    with pytest.raises(ObjectMissing):
        cloud.remove(server.id)
    with pytest.raises(ObjectMissing):
        cloud.tamper(server.id, size="small")


def test_an_unset_input_is_reported_as_none_so_that_drift_shows(cloud: Cloud, make: Make) -> None:
    for type in ("network", "server", "volume", "floating_ip", "load_balancer", "firewall", "ssh_key"):
        assert KIND.types[type].inputs.keys() <= make(type).properties.keys()


def test_somebody_else_is_held_to_the_cloud_s_rules(cloud: Cloud, make: Make) -> None:
    network = make("network")
    make("server", networks=[network.id])
    with pytest.raises(ObjectConflict):
        cloud.remove(network.id)


@pytest.mark.parametrize(
    ("needs", "size"),
    [
        ({"cpu": 1}, "tiny"),
        ({"cpu": 2, "memory": "4GiB", "disk": "40GiB"}, "medium"),
        ({"disk": "41GiB"}, "large"),
        ({"cpu": 32, "memory": "64GiB", "disk": "640GiB"}, "4xlarge"),
    ],
)
def test_needs_get_the_smallest_size_that_fits(make: Make, needs: dict[str, Any], size: str) -> None:
    properties = make("server", needs=needs).properties
    assert properties["size_name"] == size
    assert properties["size"] is None
    assert properties["needs"]["cpu"] == properties["cpu"] or properties["cpu"] > needs.get("cpu", 1)


@pytest.mark.parametrize(
    ("type", "properties", "price"),
    [
        ("server", {"size": "medium"}, Price(8.0)),
        ("server", {"needs": {"cpu": 3}}, Price(16.0)),
        ("server", {}, Price(4.0)),
        ("server", {"size": "gigantic"}, None),
        ("volume", {"size": "100GiB"}, Price(5.0)),
        ("volume", {}, None),
        ("network", {"cidr": "10.0.0.0/8"}, Price(0.0)),
        ("floating_ip", {}, Price(3.0)),
        ("dns_zone", {}, None),
    ],
)
def test_prices_come_from_the_catalogue(type: str, properties: dict[str, Any], price: Price | None) -> None:
    assert KIND.price(type, properties) == price
