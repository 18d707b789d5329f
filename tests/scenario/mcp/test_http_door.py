"""The HTTP door: a bearer token of this home, the right host, the right origin."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from server.app import Office
from server.auth.tokens import issue_token, revoke_token, token_for
from tests.scenario.mcp.doors import served

LIST: dict[str, Any] = {
    "jsonrpc": "2.0", "id": 1, "method": "tools/list",
    "params": {"_meta": {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": {},
    }},
}  # fmt: skip
PLAIN = {
    "Accept": "application/json, text/event-stream",
    "MCP-Protocol-Version": "2026-07-28",
    "Mcp-Method": "tools/list",
}


async def post(url: str, headers: dict[str, str]) -> httpx2.Response:
    async with httpx2.AsyncClient(timeout=30) as http:
        return await http.post(url, json=LIST, headers=PLAIN | headers)


async def test_only_a_known_token_is_let_in_and_a_revoked_one_no_more(office: Office) -> None:
    token = token_for(office.home, "tester")
    async with served(office) as url:
        for wrong in (
            {},
            {"Authorization": "Bearer nope"},
            {"Authorization": f"Basic {token}"},
            {"Authorization": f"Bearer {token}x"},
        ):
            refused = await post(url, wrong)
            assert refused.status_code == 401
            assert refused.headers["www-authenticate"].startswith("Bearer")
        assert (await post(url, {"Authorization": f"Bearer {token}"})).status_code == 200
        revoke_token(office.home, "tester")
        assert (await post(url, {"Authorization": f"Bearer {token}"})).status_code == 401


@pytest.mark.parametrize(
    ("header", "value", "status"),
    [
        ("Host", "groundplan.example:80", 421),
        ("Host", "127.0.0.1:1", 421),
        ("Origin", "https://groundplan.example", 403),
        ("Origin", "null", 403),
    ],
)
async def test_another_host_or_origin_is_refused_even_with_a_token(
    office: Office, header: str, value: str, status: int
) -> None:
    token = issue_token(office.home, "tester")
    async with served(office) as url:
        answer = await post(url, {"Authorization": f"Bearer {token}", header: value})
    assert answer.status_code == status


async def test_tokens_that_others_may_read_let_nobody_in(office: Office) -> None:
    token = issue_token(office.home, "tester")
    (office.home / "tokens.toml").chmod(0o644)
    async with served(office) as url:
        assert (await post(url, {"Authorization": f"Bearer {token}"})).status_code == 401
