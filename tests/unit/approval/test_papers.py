"""Plan files and approvals: every byte counts, and what is hostile is refused in words, in time."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest

from engine.model.approval import Approval
from engine.model.errors import ApprovalInvalid, GroundplanError, Invalid
from engine.model.plan import Plan
from engine.model.plan_file import PlanFile
from server.approval_consent import apply_approved
from server.plan_paper import read_approval, read_plan_file, write_paper
from server.render.plan import plan_text
from tests.unit.approval.signed import SigningOffice, approval_of

SECONDS = 10
DEEP = b"[" * 3_000_000
NESTED = b'{"plan":' * 1_000_000
HOSTILE: dict[str, bytes] = {
    "empty": b"",
    "blank": b" \n",
    "no JSON": b"hello",
    "a number": b"1",
    "null": b"null",
    "a list": b"[]",
    "an empty table": b"{}",
    "ten megabytes": b"x" * 10_000_000,
    "ten megabytes of JSON": b'{"format":"' + b"a" * 10_000_000 + b'"}',
    "forty megabytes": b"x" * 40_000_000,
    "deep lists": DEEP,
    "deep tables": NESTED,
    "no UTF-8": b"\xff\xfe{}",
    "UTF-16": '{"format": "groundplan-plan-v1"}'.encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf{}",
    "NUL": b"\x00" * 4096,
    "half a surrogate": b'{"format": "\\ud800"}',
    "a huge number": b'{"format": ' + b"9" * 100_000 + b"}",
    "not a number": b'{"format": NaN}',
    "twice the same": b'{"format": "groundplan-plan-v1", "format": "groundplan-plan-v1"}',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_time_without_being_repeated(tmp_path: Path, name: str) -> None:
    path = tmp_path / "paper"
    path.write_bytes(HOSTILE[name])
    for read in (read_plan_file, read_approval):
        began = time.monotonic()
        with pytest.raises(GroundplanError) as refused:
            read(path)
        assert time.monotonic() - began < SECONDS
        assert len(str(refused.value)) < 400


@pytest.mark.parametrize("name", ["none", ".", "\x00", "x" * 5000])
def test_where_no_file_is_says_so(tmp_path: Path, name: str) -> None:
    for read in (read_plan_file, read_approval):
        with pytest.raises(GroundplanError, match=r"can't be read|no regular file"):
            read(tmp_path / name)


@pytest.mark.parametrize("name", ["", "none/x", "\x00", "x" * 5000])
def test_where_no_file_can_be_written_says_so(tmp_path: Path, name: str) -> None:
    with pytest.raises(Invalid):
        write_paper(tmp_path / name, "")


def test_a_pipe_and_a_device_are_no_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(Invalid, match="no regular file"):
            read_plan_file(path)
        with pytest.raises(Invalid, match="no regular file"):
            write_paper(path, "")


def test_a_paper_is_for_its_owner_alone_and_written_whole(tmp_path: Path) -> None:
    write_paper(tmp_path / "paper", "one")
    write_paper(tmp_path / "paper", "two")
    assert (tmp_path / "paper").read_text() == "two"
    assert (tmp_path / "paper").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["paper"]


def test_a_plan_file_comes_back_as_it_was(office: SigningOffice) -> None:
    file = PlanFile.of(office.waiting)
    assert PlanFile.parse(file.text()) == file
    assert plan_text(PlanFile.parse(file.text()).plan) == plan_text(office.waiting)


def test_an_approval_comes_back_as_it_was(office: SigningOffice) -> None:
    approval = approval_of(office.waiting, office.key)
    assert Approval.parse(approval.text()) == approval
    assert Approval.parse(approval.text()).signed_bytes() == approval.signed_bytes()


def test_a_signature_is_one_under_approvals_alone(office: SigningOffice) -> None:
    assert approval_of(office.waiting, office.key).signed_bytes().startswith(b"groundplan-approval-v1\n{")


@pytest.mark.promise("APPROVAL-1")
def test_no_file_with_one_byte_changed_is_applied(office: SigningOffice) -> None:
    plan_path, approval_path = office.papers()
    for path in (plan_path, approval_path):
        honest = path.read_bytes()
        for place in range(len(honest)):
            path.write_bytes(_with_another(honest, place))
            with pytest.raises(GroundplanError):
                apply_approved(office, plan_path, approval_path)
        path.write_bytes(honest)
    assert office.paper.ran == []
    apply_approved(office, plan_path, approval_path)
    assert office.paper.ran == [office.waiting.id]


@pytest.mark.promise("APPROVAL-1")
def test_no_file_with_a_field_changed_added_or_taken_away_is_applied(office: SigningOffice) -> None:
    plan_path, approval_path = office.papers()
    for path in (plan_path, approval_path):
        honest = path.read_text()
        for changed in _changed(json.loads(honest)):
            path.write_text(json.dumps(changed, indent=2, sort_keys=True) + "\n")
            with pytest.raises(GroundplanError):
                apply_approved(office, plan_path, approval_path)
        for text in (honest + " ", honest[:-1], " " + honest, honest.replace("\n", "\r\n"), honest + honest):
            path.write_text(text, newline="")
            with pytest.raises(GroundplanError):
                apply_approved(office, plan_path, approval_path)
        path.write_text(honest)
    assert office.paper.ran == []


def test_a_plan_with_another_effect_under_the_old_digest_is_not_shown(office: SigningOffice) -> None:
    swapped = office.waiting.model_copy(update={"workspace": "prod"})
    text = PlanFile(digest=office.waiting.digest, plan=swapped).text()
    with pytest.raises(Invalid, match="The digest of the plan file is not that of its content"):
        PlanFile.parse(text)


@pytest.mark.parametrize("update", [{"id": "plan-\x1b[2J"}, {"id": "../../x"}, {"id": "plan-0123456789ab\n"}])
def test_a_plan_file_with_a_name_that_is_none_is_refused(office: SigningOffice, update: dict[str, Any]) -> None:
    hostile = office.waiting.model_copy(update=update).sealed()
    with pytest.raises(Invalid, match=r"plan.id names no plan"):
        PlanFile.parse(PlanFile.of(hostile).text())


def test_what_hides_in_a_plan_file_is_seen_at_the_terminal(office: SigningOffice) -> None:
    hidden = "a\x1b[2Jb\u202ec\x00"
    hostile = office.waiting.model_copy(
        update={
            "workspace": hidden, "rollback": hidden, "warnings": (hidden,),
            "cost": office.waiting.cost.model_copy(update={"currency": hidden}),
            "by": office.waiting.by.model_copy(update={"user": hidden}),
        }
    ).sealed()  # fmt: skip
    shown = plan_text(PlanFile.parse(PlanFile.of(hostile).text()).plan)
    assert not set("\x1b\u202e\x00") & set(shown)


def test_a_deep_value_in_a_plan_file_is_refused_or_shown(office: SigningOffice) -> None:
    for depth in (50, 150, 180, 250, 5_000):
        text = PlanFile.of(office.waiting).text().replace('"debian-12"', "[" * depth + "]" * depth, 1)
        with pytest.raises(Invalid):
            PlanFile.parse(text)
    deep: Any = "x"
    for _ in range(90):
        deep = [deep]
    assert "[[[" in plan_text(_resealed(office.waiting, deep))


def test_a_message_names_the_place_and_not_the_text(tmp_path: Path) -> None:
    (tmp_path / "paper").write_text('{"format": "\\u001b[2J", "secret": "hunter2"}')
    for read, error in ((read_plan_file, Invalid), (read_approval, ApprovalInvalid)):
        with pytest.raises(error) as refused:
            read(tmp_path / "paper")
        assert "hunter2" not in str(refused.value)
        assert str(refused.value).isprintable()


def _resealed(plan: Plan, image: Any) -> Plan:
    change = plan.changes[0].model_copy(update={"after": {"image": image}})
    sealed = plan.model_copy(update={"changes": (change,)}).sealed()
    return PlanFile.parse(PlanFile.of(sealed).text()).plan


def _with_another(honest: bytes, place: int) -> bytes:
    """A digit becomes another digit, a letter another letter: the changes that are hardest to see."""
    old = honest[place : place + 1]
    new = b"7" if old.isdigit() and old != b"7" else b"e" if old.isalpha() and old != b"e" else bytes([old[0] ^ 1])
    return honest[:place] + new + honest[place + 1 :]


def _changed(document: Any) -> list[Any]:
    """The document with each of its values changed, taken away, and with something beside it; one at a time."""
    found: list[Any] = []
    if isinstance(document, dict):
        found.append({**document, "zzz": 1})
        for key, value in document.items():
            found.append({name: each for name, each in document.items() if name != key})
            found += [{**document, key: other} for other in [*_changed(value), None, "x", 0, [], {}] if other != value]
    elif isinstance(document, list):
        found += [[*document, document[0]] if document else [1], document[1:]] if document else [[1]]
        for place, value in enumerate(document):
            found += [[*document[:place], other, *document[place + 1 :]] for other in _changed(value)]
    return found
