"""Exchange: questions to an HTTP endpoint, within limits of time and size, asked again while it is only busy."""

from __future__ import annotations

import math
import random
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import SplitResult, urlsplit

import httpx

from rag.model.errors import EmbedderFailed, LibraryError

_LARGEST_ANSWER = 32 * 1024 * 1024
_FIRST_WAIT = 0.5
_BUSY = frozenset({408, 429, 500, 502, 503, 504})
_NEXT = "Check the embedder's URL, model and key in the settings, and that the endpoint is up."


@dataclass(frozen=True, slots=True)
class Patience:
    """Tries in all, seconds that each may take, and the longest pause between two of them."""

    tries: int
    seconds: float
    pause: float


class Refused(Exception):
    """The endpoint would not take what was sent."""

    def __init__(self, status: int) -> None:
        super().__init__(f"status {status}")
        self.status = status


class _Busy(Exception):
    """Worth another try, after `pause` seconds if the endpoint named a time."""

    def __init__(self, message: str, pause: float | None = None) -> None:
        super().__init__(message)
        self.pause = pause


class Exchange:
    """The key is sent to this URL alone: no redirect is followed, and no message or log holds it."""

    def __init__(self, url: str, key: str = "", *, sleep: Callable[[float], None] = time.sleep) -> None:
        self.url, loopback = checked_url(url)
        self._sleep = sleep
        headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        if key:
            headers["Authorization"] = f"Bearer {_checked_key(key)}"
        # What is meant for this machine must not go through a proxy that the environment names.
        self._client = httpx.Client(headers=headers, follow_redirects=False, trust_env=not loopback)
        weakref.finalize(self, self._client.close)

    def post(self, body: dict[str, Any], patience: Patience) -> bytes:
        """Raises `Refused` when the body is at fault (400, 413, 422), `EmbedderFailed` for all else."""
        for attempt in range(patience.tries):
            try:
                return self._once(body, patience.seconds)
            except _Busy as busy:
                pause = _pause(attempt) if busy.pause is None else busy.pause
                if attempt == patience.tries - 1 or pause > patience.pause:
                    raise self._failed(f"{busy} ({attempt + 1} tries)") from None
                self._sleep(pause)
        raise self._failed("was not asked")

    def _once(self, body: dict[str, Any], seconds: float) -> bytes:
        deadline = time.monotonic() + seconds
        try:
            with self._client.stream("POST", self.url, json=body, timeout=seconds) as answer:
                self._check(answer)
                return self._read(answer, deadline)
        except httpx.TransportError as error:  # no cause is chained: it would hold the request and with it the key
            raise _Busy(f"could not be asked: {type(error).__name__}") from None
        except httpx.HTTPError as error:
            raise self._failed(f"could not be asked: {type(error).__name__}") from None

    def _check(self, answer: httpx.Response) -> None:
        status = answer.status_code
        if status in _BUSY:
            raise _Busy(f"answered with status {status}", _retry_after(answer.headers.get("Retry-After", "")))
        if status in (400, 413, 422):
            raise Refused(status)
        if status != 200:
            raise self._failed(f"answered with status {status}")

    def _read(self, answer: httpx.Response, deadline: float) -> bytes:
        content = bytearray()
        for piece in answer.iter_raw():
            content += piece
            if len(content) > _LARGEST_ANSWER:
                raise self._failed(f"answered with more than {_LARGEST_ANSWER // 1024**2} MiB")
            if time.monotonic() > deadline:
                raise _Busy("did not finish its answer in time")
        return bytes(content)

    def _failed(self, what: str) -> EmbedderFailed:
        return EmbedderFailed(f"The embedding endpoint {self.url} {what}.", hint=_NEXT)


def checked_url(url: str) -> tuple[str, bool]:
    """The URL to post to, and whether it is on this machine. Raises `LibraryError`."""
    try:
        parts = urlsplit(url.strip())
        loopback = _is_loopback(parts.hostname or "")
        _ = parts.port  # raises where it is no number
    except ValueError:
        raise _no_url("can't be read") from None
    if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
        raise _no_url("must hold no user, password, query or fragment")
    if not parts.hostname or parts.scheme not in ("http", "https"):
        raise _no_url("must begin with https:// and a host")
    if parts.scheme == "http" and not loopback:
        raise _no_url("must be https: documents and the key would cross the network in the clear")
    return _completed(parts), loopback


def _completed(parts: SplitResult) -> str:
    path = parts.path.rstrip("/")
    return parts._replace(path=path if path.endswith("/embeddings") else f"{path or '/v1'}/embeddings").geturl()


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _no_url(why: str) -> LibraryError:
    return LibraryError(
        f"The URL of the embedding endpoint {why}.", hint="Set it to the API's root, such as https://host/v1."
    )


def _checked_key(key: str) -> str:
    """httpx would show a key that can't stand in a header in its error."""
    if not (key.isascii() and key.isprintable()):
        raise LibraryError("The key of the embedding endpoint has characters that no key has.", hint="Set it anew.")
    return key


def _pause(attempt: int) -> float:
    return _FIRST_WAIT * 2**attempt * random.uniform(1, 1.5)  # noqa: S311 - spreads the tries of several, no secret


def _retry_after(value: str) -> float | None:
    """Seconds, from either form that the header has; None when it says nothing that can be read."""
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds()
        except (TypeError, ValueError):
            return None
    return max(0.0, seconds) if math.isfinite(seconds) else None
