"""What recorded resources cost a month, by their providers' own price lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.model.citation import cite_workspace
from engine.model.state_answer import StateRow
from engine.questions.case import Case, Draft
from engine.questions.register import Thing
from engine.questions.tell import ROWS, field_text, listed
from engine.registry.providers import provider_kind


@dataclass(frozen=True, slots=True)
class Bill:
    """`monthly` by address, of what is priced in `currency`; `unpriced` counts the others."""

    monthly: dict[str, float]
    currency: str
    unpriced: int

    @property
    def total(self) -> float:
        return round(sum(self.monthly.values()), 2)


def bill_of(things: Iterable[Thing]) -> Bill:
    """Prices of another currency than the first count as unpriced."""
    monthly: dict[str, float] = {}
    known: dict[tuple[object, ...], tuple[float, str] | None] = {}
    currency, unpriced = "", 0
    for each in things:
        own = each.properties
        key = (each.provider, each.type, own.get("size"), own.get("image"), own.get("region"), str(own.get("needs")))
        if key not in known:
            price = provider_kind(each.provider).price(each.type, each.properties)
            known[key] = (price.monthly, price.currency) if price else None
        found = known[key]
        currency = currency or (found[1] if found else "")
        if found is None or found[1] != currency:
            unpriced += 1
        else:
            monthly[each.address] = found[0]
    return Bill(monthly, currency or "EUR", unpriced)


def cost_answer(case: Case, things: Sequence[Thing], subject: str, grouped: str | None = None) -> Draft:
    bill = bill_of(things)
    left = f" {bill.unpriced:,} can't be priced and are not in it." if bill.unpriced else ""
    statement = f"{bill.total:,.2f} {bill.currency} a month for {subject} ({len(things):,} recorded).{left}"
    asked = f"the monthly price of {subject}, by the providers' price lists"
    if grouped is not None:
        return Draft(statement, f"{asked}, by {grouped}", len(things), _groups(case, things, bill, grouped))
    dearest = sorted(things, key=lambda each: -bill.monthly.get(each.address, 0.0))[:ROWS]
    rows = tuple(
        case.row(each, ("type",), monthly=f"{bill.monthly[each.address]:.2f} {bill.currency}")
        for each in dearest
        if each.address in bill.monthly
    )
    return Draft(statement, asked, len(bill.monthly), rows, citations=(cite_workspace(case.name),))


def dearest(case: Case, things: Sequence[Thing], subject: str, *, most: bool) -> Draft:
    """Those with the highest price of all, or the lowest."""
    bill = bill_of(things)
    if not bill.monthly:
        return Draft(f"None of the {subject} has a price.", subject, citations=(cite_workspace(case.name),))
    best = (max if most else min)(bill.monthly.values())
    found = [each for each in things if bill.monthly.get(each.address) == best]
    word = "most expensive" if most else "cheapest"
    names = listed(each.address for each in found)
    rows = tuple(case.row(each, ("type",), monthly=f"{best:.2f} {bill.currency}") for each in found[:ROWS])
    return Draft(
        f"The {word}, {best:.2f} {bill.currency} a month: {names}.", f"the {word} of {subject}", len(found), rows
    )


def _groups(case: Case, things: Sequence[Thing], bill: Bill, by: str) -> tuple[StateRow, ...]:
    sums: dict[str, float] = {}
    for each in things:
        label = by.removeprefix("label ")
        name = each.labels.get(label, "") if by.startswith("label ") else field_text(case.register, each, by)
        sums[name or "(none)"] = sums.get(name or "(none)", 0.0) + bill.monthly.get(each.address, 0.0)
    ranked = sorted(sums.items(), key=lambda pair: -pair[1])[:ROWS]
    return tuple(StateRow(name, "", {"monthly": f"{total:.2f} {bill.currency}"}) for name, total in ranked)
