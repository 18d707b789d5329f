"""A process that dies between any two calls to the daemon: the same call again finishes the work, with one object."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from engine.providers.local.daemon import Daemon
from engine.providers.local.volumes import Volumes, file_system_mark

pytestmark = pytest.mark.hosts


class Died(BaseException):
    """Stands for kill -9: nothing in the provider catches it."""


@pytest.fixture
def die_after(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Lets that many changing calls take effect, then dies in place of coming back from the last of them."""
    real = Daemon._change

    def arm(calls: int) -> None:
        left = [calls]

        def change(self: Daemon, doing: str, act: Callable[[Any], Any]) -> Any:
            answer = real(self, doing, act)
            left[0] -= 1
            if left[0] == 0:
                raise Died(doing)
            return answer

        monkeypatch.setattr(Daemon, "_change", change if calls else real)

    return arm


async def crash_everywhere(die_after: Callable[[int], None], act: Callable[[], Awaitable[Any]], reset: Any) -> int:
    """Run `act` dying after its first, second, … changing call, and again whole after each; how often it died."""
    deaths = 0
    while True:
        die_after(deaths + 1)
        try:
            await act()
            return deaths
        except Died:
            deaths += 1
        finally:
            die_after(0)
        await act()
        await reset()


async def test_a_server_s_creation_can_be_broken_off_anywhere(lab, die_after):
    network = await lab.create("network", "private", cidr=lab.cidr)
    wall = await lab.create("firewall", "wall", rules=[])
    guard = {"networks": [network.id], "firewalls": [wall.id], "root_password": "secret://root"}
    wish = lab.wish("server", "web", image="debian-12", user_data="echo once >> /root/ran", **guard)

    async def create() -> None:
        lab.made.append(("server", (await lab.provider.create(wish)).id))

    async def reset() -> None:
        found = await lab.provider.find("server", wish.key)
        assert [host.id for host in await lab.provider.list("server") if host.key == wish.key] == [found.id]
        assert found.properties["status"] == "running"
        assert found.properties["firewalls"] == [wall.id]
        assert lab.inside(found, "grep -c '^root:\\$' /etc/shadow; wc -l < /root/.ssh/authorized_keys") == (0, "1\n1")
        await lab.provider.delete("server", found.id)

    assert await crash_everywhere(die_after, create, reset) >= 4


async def test_a_volume_s_creation_can_be_broken_off_anywhere(lab, die_after):
    host = await lab.server("db")
    wish = lab.wish("volume", "data", size="32MiB", server=host.id, mount="/data")

    async def create() -> None:
        lab.made.append(("volume", (await lab.provider.create(wish)).id))

    async def reset() -> None:
        found = await lab.provider.find("volume", wish.key)
        assert found.properties["status"] == "attached"
        assert found.properties["mount"] == "/data"
        assert loops(lab, host) == 1
        await lab.provider.delete("volume", found.id)
        assert loops(lab, host) == 0

    assert await crash_everywhere(die_after, create, reset) >= 4


async def test_a_volume_s_move_and_growth_can_be_broken_off_anywhere(lab, die_after):
    first, second = await lab.server("one"), await lab.server("two")
    sizes = iter(range(40, 400, 8))
    volume = await lab.create("volume", "data", size="32MiB", server=first.id, mount="/data")
    lab.inside(first, "echo kept > /data/file")
    state = {"host": first, "wish": lab.wish("volume", "data", size="32MiB", server=first.id, mount="/data")}

    async def aim() -> None:
        found = await lab.provider.read("volume", volume.id)
        if state["wish"].properties["size"] != "32MiB":
            assert {name: found.properties[name] for name in state["wish"].properties} == state["wish"].properties
        assert lab.inside(state["host"], "cat /data/file") == (0, "kept")
        assert loops(lab, first) == 1
        state["host"] = second if state["host"] is first else first
        size = f"{next(sizes)}MiB"
        state["wish"] = lab.wish("volume", "data", size=size, server=state["host"].id, mount="/data")

    async def move() -> None:
        await lab.provider.update(await lab.provider.read("volume", volume.id), state["wish"])

    await aim()
    assert await crash_everywhere(die_after, move, aim) >= 5


async def test_a_deletion_can_be_broken_off_anywhere(lab, die_after):
    host = await lab.server("db")

    async def delete() -> None:
        found = await lab.provider.find("volume", wish.key)
        if found:
            await lab.provider.delete("volume", found.id)

    async def make() -> None:
        assert await lab.provider.find("volume", wish.key) is None
        assert loops(lab, host) == 0
        await lab.provider.create(wish)

    wish = lab.wish("volume", "data", size="32MiB", server=host.id, mount="/data")
    await lab.provider.create(wish)
    assert await crash_everywhere(die_after, delete, make) >= 3


async def test_a_volume_that_lost_its_device_with_the_machine_shows_as_drift_and_is_attached_again(lab):
    """A restart of the machine takes loop devices away; here the volume itself does, while the host is down."""
    host = await lab.server("db")
    wish = lab.wish("volume", "data", size="32MiB", server=host.id, mount="/data")
    volume = await lab.create("volume", "data", size="32MiB", server=host.id, mount="/data")
    lab.inside(host, "echo kept > /data/file")
    lab.daemon.containers.get(host.id).stop()
    assert (await lab.provider.read("volume", volume.id)).properties["status"] == "host stopped"
    await asyncio.to_thread(Volumes(lab.provider.site).set_up, volume.id, wish.key, wish.properties, "detached")
    lab.daemon.containers.get(host.id).start()
    drifted = await lab.provider.read("volume", volume.id)
    assert (drifted.properties["server"], drifted.properties["mount"]) == (None, None)
    mended = await lab.provider.update(drifted, wish)
    assert mended.properties["status"] == "attached"
    assert lab.inside(host, "cat /data/file") == (0, "kept")


def loops(lab, host) -> int:
    """Loop devices that stand for this workspace's volume, as the host sees them."""
    script = (
        "for entry in /sys/block/loop*/loop; do number=${entry#/sys/block/loop}; mknod /dev/.t b 7 ${number%/loop};"
        " blkid -p -o value -s UUID /dev/.t; rm /dev/.t; done"
    )
    key = f"{lab.surroundings.workspace}/volume.data"
    return lab.inside(host, script)[1].split().count(str(file_system_mark(key)))
