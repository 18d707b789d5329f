"""The audit log: whatever is done to its lines shows."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.audit.log import AuditLog
from engine.state.database import Database
from engine.state.facts import Facts

KEY = b"k" * 32


@pytest.fixture
def log(tmp_path: Path) -> Iterator[AuditLog]:
    database = Database.open("", tmp_path / "state")
    made = AuditLog(tmp_path / "audit" / "audit.jsonl", KEY, Facts(database))
    for number in range(20):
        made.append({"event": "test", "text": f"line {number}"})
    yield made
    database.close()


def _change(lines: list[str]) -> None:
    lines[7] = lines[7].replace("line 7", "line 8")


def _remove(lines: list[str]) -> None:
    del lines[7]


def _swap(lines: list[str]) -> None:
    lines[7], lines[8] = lines[8], lines[7]


def _cut_off(lines: list[str]) -> None:
    del lines[-3:]


def _repeat(lines: list[str]) -> None:
    lines.insert(7, lines[7])


def _garble(lines: list[str]) -> None:
    lines[7] = "not json\n"


@pytest.mark.promise("AUDIT-1")
@pytest.mark.parametrize(
    ("damage", "line"), [(_change, 8), (_remove, 8), (_swap, 8), (_cut_off, 18), (_repeat, 9), (_garble, 8)]
)
def test_damage_is_found_and_named_by_its_line(log: AuditLog, damage: Callable[[list[str]], None], line: int) -> None:
    lines = log.path.read_text().splitlines(keepends=True)
    damage(lines)
    log.path.write_text("".join(lines))
    verdict = log.verify()
    assert not verdict.intact
    assert verdict.line in (line, line - 1)


def test_an_untouched_log_is_intact(log: AuditLog) -> None:
    verdict = log.verify()
    assert (verdict.intact, verdict.lines) == (True, 20)


def test_a_log_rewritten_with_another_key_is_found(log: AuditLog, tmp_path: Path) -> None:
    database = Database.open("", tmp_path / "other")
    forged = AuditLog(tmp_path / "forged.jsonl", b"x" * 32, Facts(database))
    for number in range(20):
        forged.append({"event": "test", "text": f"line {number}"})
    log.path.write_bytes(forged.path.read_bytes())
    database.close()
    assert not log.verify().intact


def test_any_flipped_character_is_found(log: AuditLog) -> None:
    whole = log.path.read_bytes()
    chance = random.Random(7)
    for _ in range(60):
        place = chance.randrange(len(whole))
        flipped = bytes([whole[place] ^ 1])
        log.path.write_bytes(whole[:place] + flipped + whole[place + 1 :])
        assert not log.verify().intact, place
    log.path.write_bytes(whole)


def test_a_transaction_that_fails_leaves_no_line(log: AuditLog) -> None:
    with pytest.raises(RuntimeError), log.entry([{"event": "never"}]):
        raise RuntimeError
    assert log.verify().lines == 20


def test_the_tail_of_a_killed_writer_is_dropped(log: AuditLog) -> None:
    with log.path.open("a") as file:
        file.write('{"n": 21, "ev')
    log.append({"event": "next"})
    verdict = log.verify()
    assert (verdict.intact, verdict.lines) == (True, 21)


def test_lines_of_some_events_are_read_newest_first_and_no_others(log: AuditLog) -> None:
    log.append({"event": "plan.declined", "plan": "plan-1"}, {"event": "plan.denied", "plan": "plan-2"})
    log.append({"event": "test", "text": '"event": "plan.declined"'}, {"event": "plan.declined", "plan": "plan-3"})
    assert [each["plan"] for each in log.told_of(("plan.declined",), 9)] == ["plan-3", "plan-1"]
    assert [each["plan"] for each in log.told_of(("plan.declined", "plan.denied"), 2)] == ["plan-3", "plan-2"]
    assert log.told_of(("nothing",), 9) == []
