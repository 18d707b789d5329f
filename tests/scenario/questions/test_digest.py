"""A workspace at a glance, over the seeded pasts."""

from __future__ import annotations

from engine.facade import Engine
from tests.scenario.questions.seeded import Past


def test_a_digest_counts_tells_what_is_wrong_and_what_waits(lived: tuple[Engine, Past]) -> None:
    engine, past = lived
    digest = engine.digest("shop")
    counts = {each.type: each.count for each in digest.counts}
    assert counts == {
        "server": past.count + 4,
        "network": 2,
        "firewall": 1,
        "volume": 2,
        "floating_ip": 1,
        "load_balancer": 1,
    }
    assert digest.total == sum(counts.values())
    assert [each.id for each in digest.recent[:4]] == [
        past.runs[name].id for name in ("full", "mended", "short", "built")
    ]
    assert digest.recent[0].failure.startswith("capacity")
    assert [each.kind for each in digest.troubles] == ["failed-run"]
    assert [each.id for each in digest.waiting] == [past.plans["waiting"]]
    assert digest.monthly > 0
    assert digest.unpriced == 0
