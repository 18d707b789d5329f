"""Who may open the page and who may post to it: the browser's window it was made for, and nothing that imitates it."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.requests import Request

BODY_LIMIT = 4096
_FIELDS = frozenset({"nonce", "decision", "workspace"})
_FORM = "application/x-www-form-urlencoded"
_SPECULATION = ("sec-purpose", "purpose", "x-purpose", "x-moz")


class Refusal(Exception):
    """A request that is answered with a clear page and changes nothing."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status
        self.words = words


def check_host(request: Request, origin: str) -> None:
    """Exactly the address that is listened at: a name that was pointed here (DNS rebinding) is another host."""
    if not origin or request.headers.getlist("host") != [origin.removeprefix("http://")]:
        raise Refusal(421, "This address is not the confirmation page's.")


def check_opening(request: Request) -> None:
    """A person's window goes there by itself. Prefetches, frames and scripts get nothing and count for nothing."""
    if request.method != "GET":
        raise Refusal(405, "The link is opened in a browser's window.")
    for name in _SPECULATION:
        told = " ".join(request.headers.getlist(name)).lower()
        if any(word in told for word in ("prefetch", "prerender", "preview")):
            raise Refusal(403, "The link is not fetched ahead.")
    if request.headers.getlist("sec-fetch-mode") not in ([], ["navigate"]):
        raise Refusal(403, "The link is opened in a browser's window, not by a script.")
    if request.headers.getlist("sec-fetch-dest") not in ([], ["document"]):
        raise Refusal(403, "The page is not shown inside another page.")


def check_post(request: Request, origin: str) -> None:
    """Sent by our own page: its exact Origin, and no word from the browser that it came from elsewhere."""
    if request.headers.getlist("origin") != [origin]:
        raise Refusal(403, "This was not sent by the confirmation page.")
    if request.headers.getlist("sec-fetch-site") not in ([], ["same-origin"]):
        raise Refusal(403, "This was sent from another site.")


async def read_form(request: Request) -> dict[str, str]:
    """The fields of the body, each once, none but those the page has."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        raise Refusal(415, "This is not the page's form.")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_LIMIT:
            raise Refusal(413, "This is longer than the page's form can be.")
    pairs = _pairs(bytes(body))
    fields = dict(pairs)
    if len(fields) != len(pairs) or not fields.keys() <= _FIELDS or not fields.get("nonce"):
        raise Refusal(400, "This is not the page's form.")
    return fields


def _pairs(body: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=True,
            max_num_fields=len(_FIELDS),
            errors="strict",
        )
    except ValueError:
        raise Refusal(400, "This form can't be read.") from None
