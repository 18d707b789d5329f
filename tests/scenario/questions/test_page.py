"""The page about questions says what is so: each of its examples is answered, none of its counter-examples is."""

from __future__ import annotations

import re
from pathlib import Path

from engine.facade import Engine
from tests.scenario.questions.seeded import Past

PAGE = Path(__file__).resolve().parents[3] / "knowledge" / "concepts" / "state-questions.md"


def _examples(text: str) -> list[str]:
    table = text.partition("## What can be asked")[2].partition("\n\nTypes go by")[0]
    cells = [line.split("|")[2].strip() for line in table.splitlines() if line.startswith("|")][2:]
    return [each.strip() for cell in cells for each in re.split(r"(?<=[.?]) (?=[A-Z])", cell)]


def test_every_example_of_the_page_is_answered(lived: tuple[Engine, Past]) -> None:
    engine, past = lived
    examples = _examples(PAGE.read_text("utf-8"))
    assert len(examples) > 30
    silent = []
    for each in examples:
        asked = each.replace("run-…", past.runs["built"].id).replace("plan-…", past.plans["applied"])
        asked = asked.replace("srv-92b6a1746652", past.names["id"]).replace("server db", f"server {past.names['lone']}")
        if engine.ask("shop", asked) is None:
            silent.append(each)
    assert silent == []


def test_no_question_that_the_page_sends_elsewhere_is_answered(lived: tuple[Engine, Past]) -> None:
    engine, _ = lived
    elsewhere = PAGE.read_text("utf-8").partition("## What gets no such answer")[2]
    quoted = re.findall(r'"([^"]+)"', elsewhere)
    assert len(quoted) >= 3
    assert [each for each in quoted if engine.ask("shop", each) is not None] == []
