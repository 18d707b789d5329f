"""Several processes in one cloud, and processes that die."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
from pathlib import Path

from engine.providers.contract import Wish
from engine.providers.demo.cloud import Cloud, cloud_file

SPAWN = multiprocessing.get_context("spawn")
A_PROCESS = 40


def make_servers(home: Path, network: str, prefix: str, count: int) -> None:
    cloud = Cloud(cloud_file(home))
    for number in range(count):
        wish = Wish("server", f"{prefix}{number}", {"image": "debian-12", "networks": [network], "public": True}, "")
        cloud.create(wish)
    cloud.close()


def make_the_same(home: Path, count: int) -> None:
    cloud = Cloud(cloud_file(home))
    for number in range(count):
        cloud.create(Wish("network", "it", {"cidr": "10.0.0.0/16"}, f"key-{number}"))
    cloud.close()


def run_both(target: object, *arguments: tuple[object, ...]) -> None:
    processes = [SPAWN.Process(target=target, args=each) for each in arguments]  # type: ignore[arg-type]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0] * len(processes)


def test_two_processes_never_hand_out_the_same_address(tmp_path: Path) -> None:
    cloud = Cloud(cloud_file(tmp_path))
    network = cloud.create(Wish("network", "it", {"cidr": "10.20.0.0/16"}, "")).id
    run_both(make_servers, (tmp_path, network, "a", A_PROCESS), (tmp_path, network, "b", A_PROCESS))
    servers = cloud.list("server")
    cloud.close()
    assert len(servers) == 2 * A_PROCESS
    assert len({each.properties["address"] for each in servers}) == 2 * A_PROCESS
    assert len({each.properties["public_address"] for each in servers}) == 2 * A_PROCESS


def test_two_processes_that_open_a_new_cloud_and_use_the_same_keys_make_one_object_a_key(tmp_path: Path) -> None:
    run_both(make_the_same, (tmp_path, A_PROCESS), (tmp_path, A_PROCESS))
    cloud = Cloud(cloud_file(tmp_path))
    assert len(cloud.list("network")) == A_PROCESS
    cloud.close()


def test_a_killed_process_leaves_whole_objects_and_nothing_else(tmp_path: Path) -> None:
    cloud = Cloud(cloud_file(tmp_path))
    network = cloud.create(Wish("network", "it", {"cidr": "10.0.0.0/8"}, "")).id
    process = SPAWN.Process(target=make_servers, args=(tmp_path, network, "a", 1_000_000))
    process.start()
    while len(cloud.list("server")) < A_PROCESS:
        assert process.is_alive()
    assert process.pid
    os.kill(process.pid, signal.SIGKILL)
    process.join(60)
    servers = cloud.list("server")
    cloud.close()
    with sqlite3.connect(cloud_file(tmp_path)) as db:
        assert db.execute("pragma integrity_check").fetchone() == ("ok",)
        assert db.execute("select count(*) from address").fetchone() == (2 * len(servers),)
        assert db.execute("select count(*) from link").fetchone() == (len(servers),)
    db.close()
