"""kill -9 while the index is written: nothing of it is corrupt, lost or there twice."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.crash.indexer import Act, act_of, index_once, made_at, prebuild, sources_at
from tests.scenario.rag.contents import contents, flaws, not_alike

ROOT = Path(__file__).parents[2]
KILLS = 50


@pytest.mark.slow
@pytest.mark.promise("INDEX-1")
def test_fifty_kills_lose_and_double_no_chunk(tmp_path: Path) -> None:
    folder = tmp_path / "killed"
    prebuild(tmp_path / "shipped")
    killed = Counter(act_of(number) for number in range(KILLS))
    for first in range(0, KILLS, 10):
        command = [sys.executable, "-m", "tests.crash.indexer", str(folder), str(first), str(first + 10)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stderr
        killed -= Counter(act_of(int(number)) for number in done.stdout.split())
    assert killed.total() > KILLS / 2
    assert min(killed[act] for act in Act) >= 3, killed
    index_once(tmp_path / "fresh", sources_at(KILLS))
    for each in (folder, made_at(folder)):
        index_once(each, sources_at(KILLS), shipped=tmp_path / "shipped")
        assert flaws(each) == []
        assert contents(each, "everywhere") == contents(tmp_path / "fresh", "everywhere")
        assert not_alike(each) == {}


@pytest.mark.slow
@pytest.mark.promise("INDEX-2")
def test_when_the_writer_of_two_dies_the_other_takes_over(tmp_path: Path) -> None:
    index_once(tmp_path / "shared", sources_at(0))
    command = [sys.executable, "-m", "tests.crash.index_neighbour", str(tmp_path / "shared"), "8"]
    with (
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as first,
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as second,
    ):
        assert first.stdout is not None
        if first.stdout.readline().startswith("writing"):
            first.kill()
            survivors = [second]
        else:
            survivors = [first, second]
        for each in survivors:
            told, errors = each.communicate(timeout=120)
            assert each.returncode == 0, errors
            assert each is first or told.endswith("done\n")
    index_once(tmp_path / "fresh", sources_at(8))
    assert flaws(tmp_path / "shared") == []
    assert contents(tmp_path / "shared", "everywhere") == contents(tmp_path / "fresh", "everywhere")
    assert not_alike(tmp_path / "shared") == {}


@pytest.mark.slow
@pytest.mark.promise("INDEX-2")
def test_two_processes_refresh_and_search_at_once(tmp_path: Path) -> None:
    commands = [[sys.executable, "-m", "tests.crash.index_neighbour", str(tmp_path / "shared"), "5"] for _ in range(2)]
    both = [
        subprocess.Popen(each, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for each in commands
    ]
    for each in both:
        told, errors = each.communicate(timeout=120)
        assert (each.returncode, told.endswith("done\n")) == (0, True), errors
    index_once(tmp_path / "fresh", sources_at(5))
    assert flaws(tmp_path / "shared") == []
    assert contents(tmp_path / "shared", "everywhere") == contents(tmp_path / "fresh", "everywhere")
    assert not_alike(tmp_path / "shared") == {}
