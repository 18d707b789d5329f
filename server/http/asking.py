"""Puts a plan in front of a person in a browser: one page, one link, one window."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import UTC, datetime

from engine.model.plan import Plan
from engine.model.principal import Principal
from server.http.browser import open_in_browser
from server.http.pending import Pending, PendingPages, pending_pages
from server.http.redirect import remove_redirect, write_redirect
from server.office import Office


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


def begin_asking(office: Office, plan: Plan, by: Principal) -> Asking | None:
    """A pending page for the plan, on a listener that answers; None where the plan has one already. Blocks shortly."""
    # Imported here: the web server's weight is for those who need the page.
    from server.http.listener import start_listener  # noqa: PLC0415

    origin = start_listener(office)
    pages = pending_pages(office)
    made = pages.ask(plan, by)
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
