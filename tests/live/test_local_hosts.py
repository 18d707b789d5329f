"""Real hosts, as a person would use them."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import asyncssh
import pytest

from engine.model.errors import ObjectConflict, PropertiesInvalid
from engine.providers.local.provider import Local

pytestmark = pytest.mark.hosts


async def test_three_hosts_reach_each_other_by_name_and_are_real_debian(lab):
    network = await lab.create("network", "private", cidr=lab.cidr)
    hosts = await asyncio.gather(*(lab.server(f"web-{number}", networks=[network.id]) for number in range(3)))
    assert len({host.properties["address"] for host in hosts}) == 3
    for host in hosts:
        assert await lab.ssh(host, "systemctl is-system-running --wait; hostname") in [
            f"running\nweb-{n}" for n in range(3)
        ]
    assert "Debian GNU/Linux 12" in await lab.ssh(hosts[0], "cat /etc/os-release")
    address = hosts[2].properties["address"]
    assert await lab.ssh(hosts[0], "getent hosts web-2 | cut -d' ' -f1") == address
    await lab.ssh(hosts[0], "ping -c 1 -W 2 web-2")


async def test_hosts_of_two_workspaces_with_the_same_name_do_not_collide(lab, surroundings):
    other = Local(replace(surroundings, workspace=surroundings.workspace + "x"))
    try:
        first = await lab.server("web")
        second = await other.create(replace(lab.wish("server", "web", image="debian-12"), key="another"))
        lab.made.append(("server", second.id))
        assert first.id != second.id
        assert {first.id, second.id} <= {host.id for host in await lab.provider.list("server")}
    finally:
        await other.close()


async def test_two_processes_that_create_the_same_server_make_one(lab, surroundings):
    network = await lab.create("network", "private", cidr=lab.cidr)
    others = [Local(surroundings) for _ in range(3)]
    wish = lab.wish("server", "web", image="debian-12", networks=[network.id])
    lab.made.append(("server", lab.provider.site.name_of(wish)))
    try:
        made = await asyncio.gather(*(each.create(wish) for each in others))
        assert [host.id for host in await lab.provider.list("server") if host.key == wish.key] == [made[0].id]
        assert made[0] == made[1] == made[2]
    finally:
        for each in others:
            await each.close()


async def test_a_volume_is_mounted_and_keeps_its_data_across_a_restart(lab):
    network = await lab.create("network", "private", cidr=lab.cidr)
    host = await lab.server("db", networks=[network.id])
    volume = await lab.create("volume", "data", size="128MiB", server=host.id, mount="/data", filesystem="ext4")
    assert volume.properties["status"] == "attached"
    assert (
        await lab.ssh(
            host,
            "test -b " + volume.properties["device"] + " && echo kept > /data/file && sync; findmnt -no FSTYPE /data",
        )
        == "ext4"
    )
    lab.daemon.containers.get(host.id).restart()
    assert await until_answered(lab, host, "systemctl is-system-running --wait && cat /data/file") == "running\nkept"
    assert await lab.provider.read("volume", volume.id) == volume


async def test_a_volume_s_size_is_enforced_and_growing_keeps_the_data(lab):
    host = await lab.server("db")
    volume = await lab.create("volume", "data", size="64MiB", server=host.id, mount="/data")
    code, _ = lab.inside(host, "echo kept > /data/file; dd if=/dev/zero of=/data/big bs=1M count=80 2>/dev/null")
    assert code != 0
    lab.inside(host, "rm /data/big")
    grown = await lab.provider.update(volume, lab.wish("volume", "data", size="192MiB", server=host.id, mount="/data"))
    assert grown.properties["size"] == "192MiB"
    assert lab.inside(host, "dd if=/dev/zero of=/data/big bs=1M count=80 2>/dev/null; cat /data/file") == (0, "kept")


async def test_a_volume_in_use_says_so_instead_of_moving(lab):
    first, second = await asyncio.gather(lab.server("one"), lab.server("two"))
    volume = await lab.create("volume", "data", size="32MiB", server=first.id, mount="/data")
    lab.daemon.containers.get(first.id).exec_run(
        ["sh", "-c", "echo kept > /data/file; exec sleep 600 < /data/file"], detach=True
    )
    await until(lambda: lab.inside(first, "grep -l /data/file /proc/[0-9]*/maps; pgrep sleep")[0] == 0)
    moved = lab.wish("volume", "data", size="32MiB", server=second.id, mount="/data")
    with pytest.raises(ObjectConflict, match="busy"):
        await lab.provider.update(volume, moved)
    lab.inside(first, "pkill sleep")
    await until(lambda: lab.inside(first, "pgrep sleep")[0] != 0)
    after = await lab.provider.update(volume, moved)
    assert after.properties["server"] == second.id
    assert lab.inside(second, "cat /data/file") == (0, "kept")


async def test_xfs_volumes_grow_too(lab):
    host = await lab.server("db")
    volume = await lab.create("volume", "data", size="320MiB", server=host.id, mount="/data", filesystem="xfs")
    wish = lab.wish("volume", "data", size="400MiB", server=host.id, mount="/data", filesystem="xfs")
    grown = await lab.provider.update(volume, wish)
    assert grown.properties["size"] == "400MiB"
    assert lab.inside(host, "findmnt -no FSTYPE /data") == (0, "xfs")


async def test_sizes_are_limits_and_change_while_the_host_runs(lab):
    host = await lab.server("web", size="small")
    limits = lab.daemon.containers.get(host.id).attrs["HostConfig"]
    assert (limits["Memory"], limits["CpuQuota"] / limits["CpuPeriod"]) == (1 << 30, 1)
    started = lab.daemon.containers.get(host.id).attrs["State"]["StartedAt"]
    needs = {"cpu": 1, "memory": "512MiB", "disk": "10GiB"}
    resized = await lab.provider.update(host, lab.wish("server", "web", image="debian-12", needs=needs))
    container = lab.daemon.containers.get(host.id)
    assert container.attrs["HostConfig"]["Memory"] == 512 << 20
    assert container.attrs["State"]["StartedAt"] == started
    assert resized.properties["needs"] == needs
    container.update(mem_limit=256 << 20, memswap_limit=256 << 20)
    drifted = await lab.provider.read("server", host.id)
    assert drifted.properties["needs"]["memory"] == "256MiB"


async def test_a_host_larger_than_the_machine_is_refused(lab):
    with pytest.raises(PropertiesInvalid, match="the whole machine has"):
        await lab.server("web", needs={"cpu": 512, "memory": "1GiB", "disk": "10GiB"})


async def test_a_firewall_blocks_what_it_does_not_name_and_follows_its_rules(lab):
    network = await lab.create("network", "private", cidr=lab.cidr)
    wall = await lab.create("firewall", "web", rules=[rule("22")])
    guarded, other = await asyncio.gather(
        lab.server("web", networks=[network.id], firewalls=[wall.id]), lab.server("other", networks=[network.id])
    )
    # Nothing listens on 8080: an open port refuses at once (1), a blocked one never answers (124).
    knock = "timeout 2 bash -c '</dev/tcp/web/{port}'"
    assert lab.inside(other, knock.format(port=22))[0] == 0
    assert lab.inside(other, knock.format(port=8080))[0] == 124
    opened = lab.wish("firewall", "web", rules=[rule("22"), rule("8000-8100", other.properties["address"] + "/32")])
    await lab.provider.update(wall, opened)
    assert lab.inside(other, knock.format(port=8080))[0] == 1
    lab.inside(guarded, "nft delete table inet groundplan")
    drifted = await lab.provider.read("server", guarded.id)
    assert drifted.properties["firewalls"] == []
    mended = await lab.provider.update(
        drifted, lab.wish("server", "web", image="debian-12", networks=[network.id], firewalls=[wall.id])
    )
    assert mended.properties["firewalls"] == [wall.id]
    with pytest.raises(ObjectConflict, match="guards"):
        await lab.provider.delete("firewall", wall.id)


async def test_a_floating_address_moves_and_survives_a_restart(lab):
    network = await lab.create("network", "private", cidr=lab.cidr)
    first, second, third = await asyncio.gather(*(lab.server(name, networks=[network.id]) for name in ("a", "b", "c")))
    floating = await lab.create("floating_ip", "vip", network=network.id, server=first.id)
    address = floating.properties["address"]
    answering = f"ssh-keyscan -T 2 {address} 2>/dev/null | grep -o 'AAAA.*'"
    assert await lab.ssh(third, answering) == lab.inside(first, host_key)[1]
    moved = await lab.provider.update(floating, lab.wish("floating_ip", "vip", network=network.id, server=second.id))
    assert moved.properties == {**floating.properties, "server": second.id}
    assert await lab.ssh(third, answering) == lab.inside(second, host_key)[1]
    lab.daemon.containers.get(second.id).restart()
    await until_answered(lab, second, "true")
    assert await lab.provider.read("floating_ip", floating.id) == moved


async def test_networks_change_while_the_host_runs(lab):
    network = await lab.create("network", "private", cidr=lab.cidr)
    host = await lab.server("web")
    joined = await lab.provider.update(host, lab.wish("server", "web", image="debian-12", networks=[network.id]))
    assert joined.properties["networks"] == [network.id]
    assert await lab.ssh(joined, "ip -o -4 addr show scope global | wc -l") == "1"
    with pytest.raises(ObjectConflict, match="in use"):
        await lab.provider.delete("network", network.id)


async def test_keys_user_data_and_password_reach_the_host_and_the_password_nothing_else(lab):
    further = asyncssh.generate_private_key("ssh-ed25519")
    key = await lab.create("ssh_key", "ops", public_key=further.export_public_key().decode().strip())
    host = await lab.server(
        "web", ssh_keys=[key.id], user_data="#!/bin/sh\necho once >> /root/ran\n", root_password="secret://root"
    )
    await until(lambda: lab.inside(host, "cat /root/ran") == (0, "once"))
    lab.daemon.containers.get(host.id).restart()
    await until_answered(lab, host, "systemctl is-system-running --wait")
    assert lab.inside(host, "cat /root/ran") == (0, "once")
    assert lab.inside(host, "wc -l < /root/.ssh/authorized_keys") == (0, "2")
    assert lab.inside(host, "grep -c '^root:\\$' /etc/shadow") == (0, "1")
    from_daemon = str(lab.daemon.containers.get(host.id).attrs)
    assert "correct-horse" not in from_daemon + repr(host) + repr(lab.surroundings)
    assert host.properties["root_password"] == "secret://root"


async def test_a_host_without_systemd_is_to_be_had_and_says_what_it_lacks(lab):
    host = await lab.server("plain", flavour="sshd")
    assert host.properties["init"] == "sshd"
    assert await lab.ssh(host, "cat /proc/1/comm") == "sshd"
    with pytest.raises(PropertiesInvalid, match="without systemd"):
        await lab.create("volume", "data", size="32MiB", server=host.id, mount="/data")
    assert await lab.provider.find("volume", lab.wish("volume", "data").key) is None


host_key = "cut -d' ' -f2 /etc/ssh/ssh_host_ed25519_key.pub"


def rule(ports: str, source: str = "0.0.0.0/0") -> dict[str, object]:
    return {"protocol": "tcp", "ports": ports, "sources": [source], "description": ""}


async def until(claim) -> None:
    """A state that the host reaches by itself, within ten seconds; each look takes a tenth of one."""
    async with asyncio.timeout(10):
        while not await asyncio.to_thread(claim):
            continue


async def until_answered(lab, host, command: str) -> str:
    """SSH after a restart: refused connections are not yet an answer."""
    async with asyncio.timeout(20):
        while True:
            try:
                return await lab.ssh(host, command)
            except (OSError, asyncssh.ConnectionLost):
                continue
