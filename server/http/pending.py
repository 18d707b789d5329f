"""Pending pages: which plans wait for a person in a browser, and how far each has come.

A page is reached by a link that opens once. Its opening hands out a nonce, which every later request carries in its
body. Of both, only hashes are kept. One page per plan; a second opening of the link voids the page.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from weakref import WeakKeyDictionary

from engine.model.errors import GroundplanError
from engine.model.plan import Plan
from engine.model.principal import Principal
from server.office import Office

TRIES = 5
_BYTES = 32
_ENDED_KEPT = 200


class Stage(StrEnum):
    WAITING = "waiting"
    OPEN = "open"
    DECIDING = "deciding"
    CONFIRMED = "confirmed"
    APPROVED = "approved"
    REFUSED = "refused"
    VOID = "void"

    @property
    def is_over(self) -> bool:
        return self in (Stage.CONFIRMED, Stage.APPROVED, Stage.REFUSED, Stage.VOID)


class PageClosed(GroundplanError):
    """The link or page can't be used, or not any more."""

    code = "page_closed"


@dataclass
class Pending:
    """What one page is about: a plan's id and the digest that is shown, nothing that a browser could change.

    `sign` is there where a yes signs the plan, to be applied later, instead of applying it; it answers with words.
    """

    page_id: str
    plan_id: str
    digest: str
    by: Principal
    asked_at: datetime
    expires_at: datetime
    link_hash: str
    nonce_hash: str = ""
    stage: Stage = Stage.WAITING
    tries: int = TRIES
    run_id: str = ""
    words: str = ""
    sign: Callable[[], str] | None = None
    on_opened: list[Callable[[], None]] = field(default_factory=list[Callable[[], None]])

    def check_nonce(self, nonce: str) -> bool:
        return bool(self.nonce_hash) and hmac.compare_digest(self.nonce_hash, _hash(nonce))


class PendingPages:
    """Those of one process; safe to use from several threads. `origin` is where its pages are served."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.origin = ""
        self._now = now
        self._guard = threading.RLock()
        self._pages: dict[str, Pending] = {}

    def of_plan(self, plan_id: str) -> Pending | None:
        """The newest page of the plan, as it is now."""
        with self._guard:
            found = [page for page in self._pages.values() if page.plan_id == plan_id]
            return self._fresh(found[-1]) if found else None

    def is_waiting(self, plan_id: str) -> bool:
        page = self.of_plan(plan_id)
        return page is not None and not page.stage.is_over

    def ask(self, plan: Plan, by: Principal, sign: Callable[[], str] | None = None) -> tuple[Pending, str] | None:
        """A new page and the secret of its link; None where the plan has one already."""
        with self._guard:
            known = self.of_plan(plan.id)
            if known is not None and not known.stage.is_over:
                if known.digest == plan.digest:
                    return None
                self.void(known, "The plan is another one now.")
            link = secrets.token_urlsafe(_BYTES)
            page = Pending(
                page_id=secrets.token_hex(8), plan_id=plan.id, digest=plan.digest, by=by, asked_at=self._now(),
                expires_at=plan.expires_at, link_hash=_hash(link), sign=sign,
            )  # fmt: skip
            self._pages[page.page_id] = page
            self._forget_old()
            return page, link

    def open(self, link: str) -> tuple[Pending, str]:
        """The page and its nonce. Raises `PageClosed` for an unknown link, and for a second opening, which voids it."""
        hashed = _hash(link)
        with self._guard:
            found = [page for page in self._pages.values() if hmac.compare_digest(page.link_hash, hashed)]
            if not found:
                raise PageClosed("This link is not known here.", hint="Ask for the plan to be applied again.")
            page = self._fresh(found[0])
            if page.stage in (Stage.OPEN, Stage.DECIDING) and page.nonce_hash:
                self._second_opening(page)
            if page.stage is not Stage.WAITING:
                raise PageClosed(page.words or "This link was used already.", hint="A link opens once.")
            nonce = secrets.token_urlsafe(_BYTES)
            page.stage, page.nonce_hash = Stage.OPEN, _hash(nonce)
        self._opened(page)
        return page, nonce

    def shown(self, page_id: str, nonce: str) -> Pending:
        """The page whose window sends this nonce. Raises `PageClosed`."""
        with self._guard:
            page = self._pages.get(page_id)
            if page is None or not page.check_nonce(nonce):
                words = page.words if page and page.stage is Stage.VOID else ""
                raise PageClosed(
                    words or "This page is not known here, or not any more.",
                    hint="Nothing was done. Ask for the plan to be applied again.",
                )
            return self._fresh(page)

    def begin_decision(self, page: Pending) -> bool:
        """Whether this caller, and no other, may carry the person's decision out."""
        with self._guard:
            if self._fresh(page).stage is not Stage.OPEN:
                return False
            page.stage = Stage.DECIDING
            return True

    def end(self, page: Pending, stage: Stage, *, run_id: str = "", words: str = "") -> None:
        with self._guard:
            page.stage, page.run_id, page.words = stage, run_id, words

    def take_try(self, page: Pending) -> int:
        """One wrong name was typed; how many tries are left. With the last one the page is void."""
        with self._guard:
            page.tries -= 1
            page.stage = Stage.OPEN
            if page.tries <= 0:
                self.void(page, f"The name was typed wrong {TRIES} times, so this page is void. Nothing was applied.")
            return page.tries

    def void(self, page: Pending, words: str) -> None:
        """Neither its link nor its window can do anything any more."""
        with self._guard:
            page.stage, page.words, page.nonce_hash = Stage.VOID, words, ""
        self._opened(page)

    def _second_opening(self, page: Pending) -> None:
        words = "This link was opened twice, so its page is void. Nothing was applied. The plan is still pending."
        if page.stage is Stage.DECIDING:
            raise PageClosed("This link was opened before, and the plan is being decided there.")
        self.void(page, words)

    def _fresh(self, page: Pending) -> Pending:
        if page.stage in (Stage.WAITING, Stage.OPEN) and self._now() >= page.expires_at:
            self.void(page, "The plan expired before anybody confirmed it. Nothing was applied.")
        return page

    @staticmethod
    def _opened(page: Pending) -> None:
        while page.on_opened:
            page.on_opened.pop()()

    def _forget_old(self) -> None:
        over = [page_id for page_id, page in self._pages.items() if page.stage.is_over]
        for page_id in over[: max(0, len(over) - _ENDED_KEPT)]:
            del self._pages[page_id]


_BY_OFFICE: WeakKeyDictionary[Office, PendingPages] = WeakKeyDictionary()
_MAKING = threading.Lock()


def pending_pages(office: Office) -> PendingPages:
    """The pending pages of this process for that office."""
    with _MAKING:
        return _BY_OFFICE.setdefault(office, PendingPages())


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
