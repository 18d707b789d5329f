"""Puts a plan in front of a person in a browser: one page, one link, one window."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import anyio

from engine.model.errors import ConsentUnavailable
from engine.model.plan import Plan
from engine.model.principal import Principal
from server.http.browser import open_in_browser
from server.http.pending import Pending, PendingPages, pending_pages
from server.http.redirect import remove_redirect, write_redirect
from server.office import Office

_LOOK_SECONDS = 0.2


@dataclass(frozen=True)
class Asking:
    """A new page; `link` is for a person's eyes and browser only, so it is kept out of this object's repr."""

    page: Pending
    _link: str

    def __repr__(self) -> str:
        return f"Asking({self.page.page_id})"

    @property
    def link(self) -> str:
        return self._link


async def ask_in_window(
    office: Office, plan: Plan, tell: Callable[[str], None] | None, sign: Callable[[], str] | None = None
) -> Pending | None:
    """Open the page for whoever sits here and wait for the decision; the page as it ended.

    `tell` prints to a person's terminal, and only there: where no browser opens it is given the plain link.
    Raises `ConsentUnavailable` where neither is at hand.
    """
    asking = begin_asking(office, plan, office.person("cli"), sign)
    if asking is not None and not open_window(office, asking):
        if tell is None:
            raise ConsentUnavailable("No browser can be opened from here.", hint="Do without --page, at a terminal.")
        tell(f"Open this link in a browser on this machine; it opens once: {asking.link}")
    pages = pending_pages(office)
    while pages.is_waiting(plan.id):  # noqa: ASYNC110 - it is decided in the listener's thread, which has another loop
        await anyio.sleep(_LOOK_SECONDS)
    page = pages.of_plan(plan.id)
    if page is not None and page.words and tell is not None:
        tell(page.words)
    return page


def begin_asking(office: Office, plan: Plan, by: Principal, sign: Callable[[], str] | None = None) -> Asking | None:
    """A pending page for the plan, on a listener that answers; None where the plan has one already. Blocks shortly."""
    # Imported here: the web server's weight is for those who need the page.
    from server.http.listener import start_listener  # noqa: PLC0415

    origin = start_listener(office)
    pages = pending_pages(office)
    made = pages.ask(plan, by, sign)
    if made is None:
        return None
    page, secret = made
    _void_in_time(pages, page)
    return Asking(page, f"{origin}/confirm/open/{secret}")


def open_window(office: Office, asking: Asking) -> bool:
    """Open the link in the person's browser, through a redirect file; whether one took it. Blocks a few seconds."""
    try:
        path = write_redirect(asking.link, office.environment)
    except OSError:
        return False
    asking.page.on_opened.append(lambda: remove_redirect(path))
    if open_in_browser(path, office.environment):
        return True
    remove_redirect(path)
    return False


def withdraw(office: Office, asking: Asking, words: str) -> None:
    pending_pages(office).void(asking.page, words)


def _void_in_time(pages: PendingPages, page: Pending) -> None:
    """Looking at a page voids one that expired, and with it goes its redirect file."""
    timer = threading.Timer(
        max(0.0, (page.expires_at - datetime.now(UTC)).total_seconds()) + 1, lambda: pages.of_plan(page.plan_id)
    )
    timer.daemon = True
    timer.start()
