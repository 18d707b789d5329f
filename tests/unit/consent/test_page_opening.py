"""The link: opened once, by a person's window, and by nothing else."""

from __future__ import annotations

import pytest

from engine.model.plan import PlanStatus
from tests.unit.consent.conftest import Window
from tests.unit.consent.paper import PaperEngine, paper_plan

NOT_A_WINDOW = [
    {"sec_purpose": "prefetch"},
    {"sec_purpose": "prefetch;prerender"},
    {"purpose": "prefetch"},
    {"x_moz": "prefetch"},
    {"sec_fetch_dest": "iframe"},
    {"sec_fetch_dest": "frame"},
    {"sec_fetch_dest": "embed"},
    {"sec_fetch_dest": "object"},
    {"sec_fetch_dest": "image", "sec_fetch_mode": "no-cors"},
    {"sec_fetch_dest": "empty", "sec_fetch_mode": "cors"},
    {"sec_fetch_dest": "empty", "sec_fetch_mode": "same-origin"},
]
WRONG_HOSTS = ["localhost:8750", "127.0.0.1:8751", "127.0.0.1", "evil.example:8750", "127.0.0.1.evil.example:8750"]


async def test_the_link_shows_the_whole_plan(window: Window, engine: PaperEngine) -> None:
    script = "#!/bin/sh\n" + "echo step\n" * 900
    plan = engine.file(paper_plan(user_data=script))
    answer = await window.open(window.link(plan))
    assert answer.status_code == 200
    assert answer.text.count("echo step") == 900
    for told in ("server.web", "shop", "demo:acme@north", "ada over stdio (a-client)", plan.digest, plan.rollback):
        assert told in answer.text


async def test_hidden_characters_are_seen_on_the_page(window: Window, engine: PaperEngine) -> None:
    plan = engine.file(paper_plan(user_data="safe\n\u202erm -rf\u200b /"))
    answer = await window.open(window.link(plan))
    assert "⟨U+202E⟩rm -rf⟨U+200B⟩ /" in answer.text
    assert "\u202e" not in answer.text
    assert "invisible or direction-changing" in answer.text


async def test_text_of_others_stays_text_on_the_page(window: Window, engine: PaperEngine) -> None:
    plan = engine.file(paper_plan(image="<script>alert(1)</script>", size='"><button name="decision" value="confirm">'))
    answer = await window.open(window.link(plan))
    assert "<script>alert" not in answer.text
    assert answer.text.count('value="confirm"') == 1


async def test_opening_the_link_confirms_nothing(window: Window, engine: PaperEngine) -> None:
    plan = engine.file(paper_plan())
    await window.open(window.link(plan) + "?decision=confirm&nonce=x")
    assert engine.plan(plan.id).status is PlanStatus.PENDING
    assert engine.ran == []


async def test_a_second_opening_voids_the_first_window_too(window: Window, engine: PaperEngine) -> None:
    link = window.link(engine.file(paper_plan()))
    await window.open(link)
    second = await window.open(link)
    assert second.status_code == 410
    assert "opened twice" in second.text
    assert "server.web" not in second.text
    late = await window.post()
    assert late.status_code == 410
    assert "opened twice" in late.text
    assert engine.ran == []


async def test_after_a_void_page_the_plan_can_be_asked_about_again(window: Window, engine: PaperEngine) -> None:
    plan = engine.file(paper_plan())
    link = window.link(plan)
    await window.open(link)
    await window.open(link)
    await window.open(window.link(plan))
    assert (await window.post()).status_code == 200
    assert engine.ran == [plan.id]


@pytest.mark.parametrize("headers", NOT_A_WINDOW, ids=str)
async def test_what_is_no_window_sees_nothing_and_does_not_use_the_link_up(
    window: Window, engine: PaperEngine, headers: dict[str, str]
) -> None:
    link = window.link(engine.file(paper_plan()))
    answer = await window.open(link, "GET", **headers)
    assert answer.status_code == 403
    assert "server.web" not in answer.text
    assert (await window.open(link)).status_code == 200


async def test_head_does_not_use_the_link_up(window: Window, engine: PaperEngine) -> None:
    link = window.link(engine.file(paper_plan()))
    assert (await window.open(link, "HEAD")).status_code == 405
    assert (await window.open(link)).status_code == 200


async def test_a_browser_that_sends_no_fetch_metadata_can_open_the_link(window: Window, engine: PaperEngine) -> None:
    link = window.link(engine.file(paper_plan()))
    answer = await window.open(link, sec_fetch_mode=None, sec_fetch_dest=None, sec_fetch_site=None)
    assert answer.status_code == 200


@pytest.mark.parametrize("host", WRONG_HOSTS)
async def test_another_host_is_refused(window: Window, engine: PaperEngine, host: str) -> None:
    link = window.link(engine.file(paper_plan()))
    answer = await window.open(link, host=host)
    assert answer.status_code == 421
    assert "server.web" not in answer.text
    assert (await window.open(link)).status_code == 200


async def test_an_invented_link_leads_nowhere(window: Window, engine: PaperEngine) -> None:
    engine.file(paper_plan())
    assert (await window.open("/confirm/open/" + "A" * 43)).status_code == 410


@pytest.mark.parametrize("status", [PlanStatus.APPLIED, PlanStatus.DECLINED, PlanStatus.EXPIRED])
async def test_a_settled_plan_is_not_shown_for_confirming(
    window: Window, engine: PaperEngine, status: PlanStatus
) -> None:
    plan = engine.file(paper_plan())
    link = window.link(plan)
    engine.settle(plan.id, status)
    answer = await window.open(link)
    assert answer.status_code == 410
    assert "Confirm and apply" not in answer.text


async def test_a_plan_edited_since_it_was_asked_about_is_not_shown(window: Window, engine: PaperEngine) -> None:
    link = window.link(engine.file(paper_plan()))
    engine.file(paper_plan(image="debian-13"))
    assert (await window.open(link)).status_code == 410


async def test_the_page_can_not_be_framed_cached_or_scripted_by_others(window: Window, engine: PaperEngine) -> None:
    answer = await window.open(window.link(engine.file(paper_plan())))
    headers = answer.headers
    assert headers["x-frame-options"] == "DENY"
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["referrer-policy"] == "same-origin"
    assert "set-cookie" not in headers
    policy = headers["content-security-policy"]
    for rule in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"):
        assert rule in policy
    assert "unsafe" not in policy


async def test_the_style_and_the_script_are_ours(window: Window) -> None:
    assert (await window.open("/confirm/static/page.css")).status_code == 200
    assert (await window.open("/confirm/static/page.js")).status_code == 200
    assert (await window.open("/confirm/static/question.html")).status_code == 404
