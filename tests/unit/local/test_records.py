from __future__ import annotations

import multiprocessing
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from engine.providers.contract import Wish
from engine.providers.local.records import Records, record_of

WISHED = Wish("ssh_key", "ops", {"public_key": "ssh-ed25519 AAAA"}, "k1", {"team": "blue"})


def test_a_record_comes_back_whole_and_is_found_by_its_key(tmp_path):
    records = Records(tmp_path, "AB:CD")
    record = record_of("gp-shop-ops-1", "shop", WISHED, status="active")
    records.put(record)
    assert records.get("ssh_key", record.id) == records.with_key("ssh_key", "k1") == record
    records.remove("ssh_key", record.id)
    assert records.all("ssh_key") == []


def test_records_of_two_daemons_do_not_mix(tmp_path):
    Records(tmp_path, "one").put(record_of("x", "shop", WISHED))
    assert Records(tmp_path, "two").all("ssh_key") == []


def test_no_id_leads_out_of_the_folder(tmp_path):
    records = Records(tmp_path, "d")
    for id in ("../../outside", "/etc/passwd", "", "a\x00b", "half \ud800"):
        assert records.get("ssh_key", id) is None
        records.put(record_of(id.replace("\ud800", "?"), "shop", WISHED))
    assert {path.parent for path in tmp_path.rglob("*.json")} == {tmp_path / "local/d/ssh_key"}


def test_a_lock_excludes_others_and_leaves_no_file(tmp_path):
    records, inside, most = Records(tmp_path, "d"), [0], [0]

    def enter(_: int) -> None:
        with records.lock("x"):
            inside[0] += 1
            most[0] = max(most[0], inside[0])
            inside[0] -= 1

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(enter, range(400)))
    assert most == [1]
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_lock_of_a_killed_process_is_free(tmp_path):
    records = Records(tmp_path, "d")
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    holder = context.Process(target=_hold, args=(tmp_path, theirs))
    holder.start()
    assert holder.pid
    assert ours.recv() == "held"
    os.kill(holder.pid, signal.SIGKILL)
    holder.join()
    with records.lock("x"):
        assert True
    ours.close()
    theirs.close()
    holder.close()


def _hold(home: Path, pipe) -> None:
    with Records(home, "d").lock("x"):
        pipe.send("held")
        signal.pause()
