"""What the workspace costs a month, before and after."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from engine.model.plan import Cost
from engine.model.unknown import to_wire
from engine.providers.contract import Price, ProviderKind

Priced = tuple[str, str, Mapping[str, Any]]


def price(before: Iterable[Priced], after: Iterable[Priced], kinds: Mapping[str, ProviderKind]) -> Cost:
    """Each item is (provider, type, inputs). Prices of another currency than the first count as unpriced."""
    known: dict[str, Price | None] = {}
    totals, currency, unpriced = [0.0, 0.0], "", 0
    for column, items in enumerate((before, after)):
        for provider, type_, inputs in items:
            key = f"{provider} {type_} {json.dumps(to_wire(inputs), sort_keys=True)}"
            if key not in known:
                known[key] = kinds[provider].price(type_, inputs)
            found = known[key]
            currency = currency or (found.currency if found else "")
            if found is None or found.currency != currency:
                unpriced += column
            else:
                totals[column] += found.monthly
    return Cost(before=round(totals[0], 2), after=round(totals[1], 2), currency=currency or "EUR", unpriced=unpriced)
