"""Who calls: the person a connection stands for, and the client that speaks for them."""

from __future__ import annotations

from typing import Any

from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError

from engine.model.principal import Principal
from server.office import Office

_NAME_LENGTH = 80


def principal_of(ctx: Context[Office, Any]) -> Principal:
    """Over HTTP the name the token stands for; over stdio the operating-system user.

    The client's name is what it says of itself: good for the record, worth nothing as proof.
    """
    client = _client_name(ctx)
    request = ctx.request_context.request
    if request is None:
        return ctx.request_context.lifespan_context.person("stdio", client)
    user = request.scope.get("user")
    if not isinstance(user, AuthenticatedUser):
        raise ToolError("This request carries no bearer token. `groundplan client-config` prints one for your client.")
    return Principal(user=user.access_token.client_id, door="http", client=client)


def _client_name(ctx: Context[Office, Any]) -> str:
    told = ctx.session.client_params
    if told is None:
        return ""
    name = "".join(sign for sign in told.client_info.name if sign.isprintable() and sign.isascii())
    return name[:_NAME_LENGTH]
