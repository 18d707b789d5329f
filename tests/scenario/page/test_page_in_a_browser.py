"""The confirmation page in a real headless Chromium: open, read, type, confirm, watch the run; and refuse."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from engine.model.plan import Plan, PlanStatus
from engine.model.run import RunStatus
from tests.scenario.page.conftest import Story, browser_window, open_file

pytestmark = [pytest.mark.browser, pytest.mark.slow]
IMAGE = Path(__file__).parents[3] / "knowledge" / "images" / "confirm.png"
SCRIPT = "#!/bin/sh\napt-get install -y nginx\nsystemctl enable --now nginx\n"


async def watch_to_the_end(window: Page) -> None:
    await expect(window.get_by_role("heading", name="Run succeeded")).to_be_visible(timeout=60_000)


async def confirm_in(window: Page, story: Story, plan: Plan, typed: str = "") -> None:
    _, file = story.ask(plan)
    await open_file(window, file)
    if typed:
        await window.get_by_role("textbox").fill(typed)
    await window.get_by_role("button", name="Confirm and apply").click()
    await watch_to_the_end(window)


async def make_server(window: Page, story: Story) -> None:
    plan = await story.set(
        "server.web", image="debian-12", size="small", networks=["${network.private.id}"], user_data=SCRIPT
    )
    await confirm_in(window, story, plan)


async def test_a_person_reads_confirms_and_watches_the_run(story: Story) -> None:
    async with browser_window() as window:
        plan = await story.set("server.web", image="debian-12", size="small", user_data=SCRIPT)
        asking, file = story.ask(plan)
        asking.page.on_opened.append(file.unlink)
        await open_file(window, file)
        assert not file.exists()
        await expect(window.get_by_role("heading", level=1)).to_contain_text("to create")
        await expect(window.get_by_text("systemctl enable --now nginx").first).to_be_visible()
        await expect(window.get_by_text(plan.digest)).to_be_visible()
        await expect(window.get_by_text("Claude Desktop").first).to_be_visible()
        await window.get_by_role("button", name="Confirm and apply").click()
        await watch_to_the_end(window)
        await expect(window.get_by_text("You can close this window.")).to_be_visible()
    run = await story.run_of(plan)
    assert run is not None
    assert run.status is RunStatus.SUCCEEDED


async def test_destroying_takes_the_typed_name(story: Story) -> None:
    async with browser_window() as window:
        await make_server(window, story)
        plan = await story.destroy("server.web")
        _, file = story.ask(plan)
        await open_file(window, file)
        button, field = window.get_by_role("button", name="Confirm and apply"), window.get_by_role("textbox")
        await expect(button).to_be_disabled()
        await field.fill("demi")
        await field.press("Enter")
        await expect(button).to_be_disabled()
        assert await story.run_of(plan) is None
        await field.fill("demo")
        await field.press("Enter")
        await watch_to_the_end(window)


async def test_a_person_refuses(story: Story) -> None:
    async with browser_window() as window:
        plan = await story.set("server.web", image="debian-12", size="small")
        _, file = story.ask(plan)
        await open_file(window, file)
        await window.get_by_role("button", name="Refuse").click()
        await expect(window.get_by_role("heading", name="Refused")).to_be_visible()
    engine = story.office.engine()
    assert engine.plan(plan.id).status is PlanStatus.DECLINED
    assert not engine.runs("demo").items


async def test_a_window_opened_twice_can_do_nothing(story: Story) -> None:
    async with browser_window() as window:
        plan = await story.set("server.web", image="debian-12", size="small")
        asking, file = story.ask(plan)
        await open_file(window, file)
        second = await window.context.new_page()
        await second.goto(asking.link)
        await expect(second.get_by_text("opened twice")).to_be_visible()
        await window.get_by_role("button", name="Confirm and apply").click()
        await expect(window.get_by_text("opened twice")).to_be_visible()
    assert await story.run_of(plan) is None


async def test_the_page_works_without_scripts(story: Story) -> None:
    async with browser_window(java_script_enabled=False) as window:
        plan = await story.set("server.web", image="debian-12", size="small")
        _, file = story.ask(plan)
        await open_file(window, file)
        await window.get_by_role("button", name="Confirm and apply").click()
        await expect(window.get_by_role("heading", level=1)).to_contain_text("Run")
        run = await story.run_of(plan)
        assert run is not None
        while not run.status.is_over:
            run = await story.office.engine().wait_run(run.id, 20)
        if await window.get_by_role("button", name="Refresh").count():
            await window.get_by_role("button", name="Refresh").click()
        await expect(window.get_by_role("heading", name="Run succeeded")).to_be_visible()


async def test_another_page_in_the_browser_can_not_frame_fetch_or_post(story: Story, tmp_path: Path) -> None:
    async with browser_window() as window:
        plan = await story.set("server.web", image="debian-12", size="small")
        asking, _ = story.ask(plan)
        origin = asking.link.partition("/confirm")[0]
        hostile = tmp_path / "hostile.html"
        hostile.write_text(
            f'<iframe src="{asking.link}"></iframe><img src="{asking.link}"><link rel="prefetch" href="{asking.link}">'
            f'<form method="post" action="{origin}/confirm/{asking.page.page_id}/decide">'
            '<input name="nonce" value="x"><button name="decision" value="confirm">Win</button></form>'
        )
        await window.goto(hostile.as_uri())
        assert await window.evaluate(
            f"fetch({asking.link!r}, {{mode: 'no-cors'}}).then(r => r.type, () => 'failed')"
        ) in (
            "opaque",
            "failed",
        )
        await window.get_by_role("button", name="Win").click()
        await expect(window.get_by_role("heading", name="Not done")).to_be_visible()
        # None of it used the link up: the person's own window still opens.
        await window.goto(asking.link)
        await expect(window.get_by_role("button", name="Confirm and apply")).to_be_visible()
    assert await story.run_of(plan) is None


@pytest.mark.parametrize(
    ("name", "width", "height", "scheme"),
    [("wide", 700, 1000, "light"), ("phone", 390, 844, "dark")],
)
async def test_the_page_fits_its_window(
    story: Story, tmp_path: Path, name: str, width: int, height: int, scheme: str
) -> None:
    """The wide one is the picture in the README; GROUNDPLAN_TEST_PICTURE=1 renews it."""
    size = {"width": width, "height": height}
    async with browser_window(viewport=size, color_scheme=scheme, device_scale_factor=1) as window:
        await make_server(window, story)
        _, file = story.ask(await story.set("server.web", image="debian-13"))
        await open_file(window, file)
        assert await window.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        renewed = name == "wide" and bool(os.environ.get("GROUNDPLAN_TEST_PICTURE"))
        await window.screenshot(path=IMAGE if renewed else tmp_path / f"{name}.png", full_page=True)


def test_the_picture_of_the_page_is_there_and_light() -> None:
    assert 10_000 < IMAGE.stat().st_size < 150_000
