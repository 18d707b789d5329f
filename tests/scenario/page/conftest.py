"""A home with the demo workspace, and a headless Chromium that opens files as a person's browser does."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, async_playwright

from engine.model.plan import Plan
from engine.model.principal import Principal
from engine.model.request import Edit, PlanChange, PlanDestroy, Request
from engine.model.run import Run
from server.http.asking import Asking, begin_asking
from server.http.redirect import write_redirect
from server.office import Office

CHROMIUM = "/usr/bin/chromium"
ADA = Principal(user="ada", door="stdio", client="Claude Desktop")
_QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run", "--disable-quic", "--disable-lcd-text",
]  # fmt: skip


@dataclass
class Story:
    """Proposes as an assistant would, and applies as the page does."""

    office: Office

    async def propose(self, request: Request) -> Plan:
        engine = await self.office.opened()
        record = await engine.propose("demo", request, ADA)
        assert record.plan is not None
        return record.plan

    async def set(self, address: str, **value: Any) -> Plan:
        return await self.propose(PlanChange((Edit(op="set", address=address, value=value),)))

    async def destroy(self, *addresses: str) -> Plan:
        return await self.propose(PlanDestroy(addresses))

    def ask(self, plan: Plan) -> tuple[Asking, Path]:
        """The page's asking and its redirect file."""
        asking = begin_asking(self.office, plan, ADA)
        assert asking is not None
        return asking, write_redirect(asking.link, self.office.environment)

    async def run_of(self, plan: Plan) -> Run | None:
        engine = await self.office.opened()
        run_id = engine.plan(plan.id).run_id
        return engine.run(run_id) if run_id else None


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    office = Office(tmp_path / "home", {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"})
    office.engine().ensure_demo_workspace()
    office.engine().start_worker()
    yield Story(office)
    office.close()


@asynccontextmanager
async def browser_window(**settings: Any) -> AsyncGenerator[Page]:
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=CHROMIUM, args=_QUIET)
        try:
            context = await browser.new_context(**settings)
            yield await context.new_page()
        finally:
            await browser.close()


async def open_file(window: Page, path: Path) -> None:
    """Open the redirect file and arrive where it leads."""
    await window.goto(path.as_uri())
    await window.wait_for_url("http://127.0.0.1:*/**")
