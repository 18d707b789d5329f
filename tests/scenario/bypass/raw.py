"""A client without the SDK's manners: it puts any bytes into a 2026-07-28 call over HTTP."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import httpx2

REVISION = "2026-07-28"
_META = "io.modelcontextprotocol/"


@dataclass
class RawClient:
    """`token` empty: none is sent. Answers are (HTTP status, result, error)."""

    http: httpx2.AsyncClient
    url: str
    token: str
    headers: dict[str, str] = field(default_factory=dict[str, str])

    async def call(self, tool: str, arguments: dict[str, Any], **more: Any) -> tuple[int, dict[str, Any], Any]:
        meta = {
            _META + "protocolVersion": REVISION,
            _META + "clientInfo": {"name": "raw", "version": "1"},
            _META + "clientCapabilities": {"elicitation": {"form": {}}},
        }
        params = {"name": tool, "arguments": arguments, "_meta": meta, **more}
        headers = {
            "Accept": "application/json, text/event-stream", "MCP-Protocol-Version": REVISION,
            "Mcp-Method": "tools/call", "Mcp-Name": tool, **self.headers,
        }  # fmt: skip
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
        answer = await self.http.post(self.url, json=body, headers=headers)
        return answer.status_code, *_read(answer.text)

    async def plan(self, *edits: dict[str, Any]) -> str:
        _, result, error = await self.call("plan_change", {"edits": list(edits)} if edits else {})
        assert not error, error
        return str(result["structuredContent"]["plan_id"])


def _read(text: str) -> tuple[dict[str, Any], Any]:
    for line in text.splitlines():
        data = line.removeprefix("data:").strip()
        if data.startswith("{"):
            message = json.loads(data)
            if "result" in message or "error" in message:
                return message.get("result", {}), message.get("error")
    return {}, text
