"""A window on the confirmation page: the headers a browser sends, each of which a test may change or leave out."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from engine.model.plan import Plan
from server.http.confirm import confirm_routes
from server.http.pending import PendingPages, pending_pages
from tests.unit.consent.paper import ASSISTANT, PaperEngine, PaperOffice

ORIGIN = "http://127.0.0.1:8750"
NAVIGATION = {"sec-fetch-mode": "navigate", "sec-fetch-dest": "document", "sec-fetch-site": "cross-site"}


@dataclass
class Window:
    """One browser window. `headers` of None leave a header out."""

    client: httpx.AsyncClient
    pages: PendingPages
    page_id: str = ""
    nonce: str = ""
    seen: list[str] = field(default_factory=list[str])

    def link(self, plan: Plan) -> str:
        asked = self.pages.ask(plan, ASSISTANT)
        assert asked is not None
        return f"/confirm/open/{asked[1]}"

    async def open(self, link: str, method: str = "GET", **headers: str | None) -> httpx.Response:
        sent = {**NAVIGATION, **{name.replace("_", "-"): value for name, value in headers.items()}}
        answer = await self.client.request(
            method, link, headers={name: value for name, value in sent.items() if value is not None}
        )
        if found := re.search(r'action="/confirm/(\w+)/decide"', answer.text):
            self.page_id = found[1]
        if found := re.search(r'name="nonce" value="([^"]+)"', answer.text):
            self.nonce = found[1]
        self.seen.append(answer.text)
        return answer

    async def post(
        self,
        decision: str = "confirm",
        *,
        path: str = "decide",
        form: dict[str, str] | None = None,
        **headers: str | None,
    ) -> httpx.Response:
        sent: dict[str, str | None] = {"origin": ORIGIN, "sec-fetch-site": "same-origin"}
        sent.update({name.replace("_", "-"): value for name, value in headers.items()})
        fields = {"nonce": self.nonce, **({"decision": decision} if decision else {}), **(form or {})}
        answer = await self.client.post(
            f"/confirm/{self.page_id}/{path}",
            data=fields,
            headers={name: value for name, value in sent.items() if value is not None},
        )
        self.seen.append(answer.text)
        return answer


@pytest.fixture
def office(tmp_path: Path) -> PaperOffice:
    return PaperOffice(tmp_path / "home", {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"})


@pytest.fixture
def engine(office: PaperOffice) -> PaperEngine:
    return office.paper


@pytest.fixture
async def window(office: PaperOffice) -> AsyncIterator[Window]:
    app = Starlette(routes=confirm_routes(office, ORIGIN))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ORIGIN) as client:
        yield Window(client, pending_pages(office))
