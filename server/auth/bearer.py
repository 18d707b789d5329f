"""The guard of the HTTP door: no bearer token of this home, no answer."""

from __future__ import annotations

import logging
from pathlib import Path

from mcp.server.auth.middleware.auth_context import AuthContextMiddleware
from mcp.server.auth.middleware.bearer_auth import BearerAuthBackend, RequireAuthMiddleware
from mcp.server.auth.provider import AccessToken
from starlette.middleware.authentication import AuthenticationMiddleware
from starlette.types import ASGIApp

from engine.model.errors import GroundplanError
from server.auth.tokens import verify

_log = logging.getLogger(__name__)


class HomeTokens:
    """Verifies against the home's tokens as they are now, so that a revoked one is refused at once."""

    def __init__(self, home: Path) -> None:
        self._home = home

    async def verify_token(self, token: str) -> AccessToken | None:
        try:
            client = verify(self._home, token)
        except GroundplanError as wrong:
            # Whoever knocks learns nothing of it; whoever runs the server reads what to mend.
            _log.error("no token can be checked: %s", wrong)
            return None
        # The token itself is left out of what travels on: nothing behind the guard needs it.
        return AccessToken(token="", client_id=client, scopes=[], subject=client) if client else None


def guarded(app: ASGIApp, home: Path) -> ASGIApp:
    """The app behind a 401 with `WWW-Authenticate` for whoever shows no token."""
    return AuthenticationMiddleware(
        AuthContextMiddleware(RequireAuthMiddleware(app, [])), backend=BearerAuthBackend(HomeTokens(home))
    )
