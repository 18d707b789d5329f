"""The decision: a POST of the page's own form, with its nonce, once."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from engine.model.confirmation import Channel
from engine.model.plan import PlanStatus
from tests.unit.consent.conftest import ORIGIN, Window
from tests.unit.consent.paper import PaperEngine, PaperOffice, paper_plan

FROM_ELSEWHERE: list[dict[str, Any]] = [
    {"origin": "http://evil.example"},
    {"origin": "null"},
    {"origin": "http://localhost:8750"},
    {"origin": "https://127.0.0.1:8750"},
    {"origin": "http://127.0.0.1:8751"},
    {"origin": ORIGIN + "/"},
    {"origin": None},
    {"origin": None, "sec_fetch_site": None},
    {"sec_fetch_site": "cross-site"},
    {"sec_fetch_site": "same-site"},
    {"sec_fetch_site": "none"},
]


@pytest.fixture
async def opened(window: Window, engine: PaperEngine) -> Window:
    await window.open(window.link(engine.file(paper_plan())))
    return window


async def test_a_person_confirms_the_digest_that_was_shown(
    opened: Window, engine: PaperEngine, office: PaperOffice
) -> None:
    answer = await opened.post()
    assert answer.status_code == 200
    assert "run-1" in answer.text
    [confirmation] = engine.spent
    assert confirmation.digest == engine.records["plan-1"].plan.digest  # pyright: ignore[reportOptionalMemberAccess]
    assert confirmation.channel is Channel.PAGE
    assert confirmation.principal == office.person("page", "a-client")


async def test_a_refusal_ends_the_plan(opened: Window, engine: PaperEngine) -> None:
    answer = await opened.post("refuse")
    assert "refused" in answer.text
    assert engine.plan("plan-1").status is PlanStatus.DECLINED
    assert (await opened.post()).status_code == 200
    assert engine.ran == []


@pytest.mark.parametrize("headers", FROM_ELSEWHERE, ids=str)
async def test_a_post_from_elsewhere_is_refused(opened: Window, engine: PaperEngine, headers: dict[str, Any]) -> None:
    assert (await opened.post(**headers)).status_code == 403
    assert (await opened.post(path="run", **headers)).status_code == 403
    assert engine.ran == []


async def test_an_older_browser_without_fetch_metadata_may_confirm(opened: Window, engine: PaperEngine) -> None:
    assert (await opened.post(sec_fetch_site=None)).status_code == 200
    assert engine.ran == ["plan-1"]


async def test_a_post_to_another_host_is_refused(opened: Window, engine: PaperEngine) -> None:
    answer = await opened.post(host="evil.example:8750", origin="http://evil.example:8750")
    assert answer.status_code == 421
    assert engine.ran == []


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"])
async def test_only_post_decides(opened: Window, engine: PaperEngine, method: str) -> None:
    form = f"?nonce={opened.nonce}&decision=confirm"
    answer = await opened.client.request(method, f"/confirm/{opened.page_id}/decide{form}", headers={"origin": ORIGIN})
    assert answer.status_code == 405
    assert engine.ran == []


@pytest.mark.parametrize("nonce", ["", "x", "A" * 43, "é"])
async def test_without_the_nonce_nothing_is_done(opened: Window, engine: PaperEngine, nonce: str) -> None:
    assert (await opened.post(form={"nonce": nonce})).status_code in (400, 410)
    assert engine.ran == []


async def test_a_nonce_of_one_plan_confirms_no_other(opened: Window, engine: PaperEngine) -> None:
    first_page, first_nonce = opened.page_id, opened.nonce
    await opened.open(opened.link(engine.file(paper_plan("plan-2"))))
    assert opened.page_id != first_page
    assert (await opened.post(form={"nonce": first_nonce})).status_code == 410
    opened.page_id, second_nonce = first_page, opened.nonce
    assert (await opened.post(form={"nonce": second_nonce})).status_code == 410
    assert engine.ran == []


async def test_the_same_form_sent_again_shows_the_run_and_starts_no_other(opened: Window, engine: PaperEngine) -> None:
    await opened.post()
    again = await opened.post()
    assert "run-1" in again.text
    assert engine.ran == ["plan-1"]


async def test_two_posts_at_once_start_one_run(opened: Window, engine: PaperEngine) -> None:
    answers = await asyncio.gather(*(opened.post() for _ in range(20)))
    assert engine.ran == ["plan-1"]
    assert {answer.status_code for answer in answers} <= {200, 409}


async def test_a_plan_changed_after_it_was_shown_is_not_applied(opened: Window, engine: PaperEngine) -> None:
    engine.file(paper_plan(image="debian-13"))
    answer = await opened.post()
    assert answer.status_code == 409
    assert engine.ran == []


async def test_an_expired_page_confirms_nothing(opened: Window, engine: PaperEngine) -> None:
    page = opened.pages.of_plan("plan-1")
    assert page is not None
    page.expires_at = page.asked_at
    answer = await opened.post()
    assert answer.status_code == 410
    assert "expired" in answer.text
    assert engine.ran == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nonce",
        b"nonce=%ff%fe&decision=confirm",
        "nonce=é&decision=confirm".encode(),
        b"nonce=NONCE&nonce=NONCE&decision=confirm",
        b"nonce=NONCE&decision=refuse&decision=confirm",
        b"nonce=NONCE&decision=confirm&digest=abc",
        b"nonce=NONCE&decision=confirm&plan_id=plan-2",
        b"nonce=NONCE&decision=yes",
        b"nonce=NONCE",
        b"a=1&b=2&c=3&d=4",
    ],
)
async def test_a_malformed_form_is_answered_with_a_page(opened: Window, engine: PaperEngine, body: bytes) -> None:
    headers = {"origin": ORIGIN, "content-type": "application/x-www-form-urlencoded"}
    content = body.replace(b"NONCE", opened.nonce.encode())
    answer = await opened.client.post(f"/confirm/{opened.page_id}/decide", content=content, headers=headers)
    assert answer.status_code == 400
    assert "Nothing was changed" in answer.text
    assert engine.ran == []


async def test_a_body_that_is_too_long_or_no_form_is_refused(opened: Window, engine: PaperEngine) -> None:
    assert (await opened.post(form={"workspace": "x" * 5000})).status_code == 413
    for kind in ("application/json", "text/plain", "multipart/form-data; boundary=x", ""):
        assert (await opened.post(content_type=kind)).status_code == 415
    assert engine.ran == []


async def test_destroying_asks_for_the_workspaces_name(window: Window, engine: PaperEngine) -> None:
    await window.open(window.link(engine.file(paper_plan(destroys=True))))
    assert "Type the workspace" in window.seen[-1]
    for typed in ({}, {"workspace": ""}, {"workspace": "Shop"}, {"workspace": "shops"}):
        answer = await window.post(form=typed)
        assert answer.status_code == 422
        assert "not the workspace" in answer.text
    assert engine.ran == []
    assert (await window.post(form={"workspace": " shop "})).status_code == 200
    assert engine.ran == ["plan-1"]


async def test_the_fifth_wrong_name_voids_the_page(window: Window, engine: PaperEngine) -> None:
    await window.open(window.link(engine.file(paper_plan(destroys=True))))
    codes = [(await window.post(form={"workspace": "wrong"})).status_code for _ in range(5)]
    assert codes == [422] * 4 + [410]
    assert (await window.post(form={"workspace": "shop"})).status_code == 410
    assert engine.ran == []


async def test_the_run_is_watched_with_the_nonce_only(opened: Window) -> None:
    await opened.post()
    shown = await opened.post("", path="run")
    assert shown.status_code == 200
    assert "run-1" in shown.text
    assert (await opened.post("", path="run", form={"nonce": "x"})).status_code == 410


async def test_watching_before_a_decision_shows_and_does_nothing(opened: Window, engine: PaperEngine) -> None:
    assert (await opened.post("confirm", path="run")).status_code == 410
    assert engine.ran == []
