"""Failures on request, counted in the cloud's file, so that one fault strikes once however many processes there are."""

from __future__ import annotations

import hashlib
import math
import sqlite3
import time
from collections import Counter
from collections.abc import Callable

from engine.model.errors import (
    AuthFailed,
    CapacityExhausted,
    ObjectConflict,
    ObjectMissing,
    PropertiesInvalid,
    ProviderError,
    QuotaExceeded,
    RateLimited,
    TransientFailure,
)
from engine.providers.demo.settings import FaultRule, Trouble, Verb
from engine.providers.demo.tables import transaction

TROUBLES: dict[Trouble, tuple[type[ProviderError], str]] = {
    "auth": (AuthFailed, "Demo refused our credentials."),
    "quota": (QuotaExceeded, "The account's limit is reached."),
    "rate_limit": (RateLimited, "Demo got too many calls."),
    "capacity": (CapacityExhausted, "Demo has no room for this now."),
    "not_found": (ObjectMissing, "Demo doesn't know this object."),
    "conflict": (ObjectConflict, "Demo found a conflict with another object."),
    "invalid": (PropertiesInvalid, "Demo refused the properties."),
    "transient": (TransientFailure, "Demo did not answer properly."),
}


class Faults:
    """The rules of one home, each told from its equals by its place among them."""

    def __init__(self, db: sqlite3.Connection, rules: tuple[FaultRule, ...]) -> None:
        self._db = db
        seen: Counter[str] = Counter()
        self._rules: list[tuple[str, FaultRule]] = []
        for rule in rules:
            text = rule.model_dump_json()
            self._rules.append((f"{hashlib.sha256(text.encode()).hexdigest()[:24]}-{seen[text]}", rule))
            seen[text] += 1

    def touch(self, verb: Verb) -> bool:
        """Whether any rule is about this verb."""
        return any(rule.on == verb for _, rule in self._rules)

    def strike(self, verb: Verb, type: str, name: Callable[[], str]) -> None:
        """Before the effect: raises the error of the first matching rule that is not used up."""
        rule = self._use(verb, type, name, after_effect=False)
        if rule:
            error, text = TROUBLES[rule.error]
            raise error(f"{text} (a fault set up for {verb} of {type or 'anything'})")

    def lose_answer(self, verb: Verb, type: str, name: Callable[[], str]) -> None:
        """After the effect: raises where a rule says that the answer is lost."""
        if self._use(verb, type, name, after_effect=True):
            raise TransientFailure(f"The answer to {verb} of {type} was lost (a fault set up).", effect_unknown=True)

    def _use(self, verb: Verb, type: str, name: Callable[[], str], *, after_effect: bool) -> FaultRule | None:
        for id, rule in self._rules:
            if rule.after_effect != after_effect or rule.on != verb or rule.type not in ("", type):
                continue
            if (not rule.name or rule.name == name()) and self._count(id, rule.times):
                return rule
        return None

    def _count(self, id: str, times: int) -> bool:
        with transaction(self._db):
            self._db.execute("insert or ignore into fault values (?, 0)", (id,))
            most = times or math.inf
            struck = self._db.execute("update fault set fired = fired + 1 where id = ? and fired < ?", (id, most))
            return struck.rowcount == 1


def require_rate(db: sqlite3.Connection, account: str, per_second: float) -> None:
    """Counts a call of the account, over all processes. Raises `RateLimited` with the pause to make."""
    # A limit under one a second is one call in a longer window.
    window = max(1.0, 1 / per_second)
    now = time.time()
    number = int(now / window)
    with transaction(db):
        db.execute(
            "insert into calls values (?, ?, 1) on conflict (account) do update set "
            "count = case when slot = excluded.slot then count + 1 else 1 end, slot = excluded.slot",
            (account, number),
        )
        count = db.execute("select count from calls where account = ?", (account,)).fetchone()[0]
    if count > max(1, per_second):
        raise RateLimited(
            f"Demo takes {per_second:g} calls a second.", retry_after=round((number + 1) * window - now, 3)
        )
