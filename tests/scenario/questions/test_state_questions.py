"""Exact questions: what was made by real runs is what is answered; what is no state question is not answered."""

from __future__ import annotations

from urllib.parse import unquote

import pytest

from engine.facade import Engine
from engine.model.state_answer import StateAnswer
from tests.scenario.questions.seeded import Past
from tests.scenario.questions.templates import HALF_UNDERSTOOD, NEAR_MISSES, TEMPLATES, Template

QUESTIONS = [(said, template) for template in TEMPLATES for said in template.phrasings]
Lived = tuple[Engine, Past]


def test_there_are_enough_of_both_kinds() -> None:
    assert len(QUESTIONS) >= 60
    assert all(len(each.phrasings) >= 3 for each in TEMPLATES)
    assert len(NEAR_MISSES) >= 60


@pytest.mark.parametrize(("said", "template"), QUESTIONS, ids=[said for said, _ in QUESTIONS])
def test_a_question_about_live_state_is_answered_exactly(lived: Lived, said: str, template: Template) -> None:
    engine, past = lived
    answer = engine.ask("shop", past.say(said))
    assert answer is not None
    if template.names is not None:
        wanted = template.names(past)
        assert sorted(row.name for row in answer.rows) == sorted(wanted), answer.statement
        assert answer.count == len(wanted)
    if template.count is not None:
        assert answer.count == template.count(past), answer.statement
    for words in template.says:
        assert past.say(words) in answer.statement
    _is_cited(answer)


@pytest.mark.parametrize("said", NEAR_MISSES)
def test_what_is_no_question_about_live_state_gets_no_answer(lived: Lived, said: str) -> None:
    engine, _ = lived
    answer = engine.ask("shop", said)
    assert answer is None, answer.statement


@pytest.mark.parametrize("said", HALF_UNDERSTOOD)
def test_a_limit_that_is_not_understood_is_never_passed_over(lived: Lived, said: str) -> None:
    engine, past = lived
    answer = engine.ask("shop", past.say(said))
    assert answer is None, answer.statement


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?",
        " " * 500,
        "a" * 5000,
        "\u202eservers",
        "'; drop table node; --",
        "server.web[" * 20,
        "\x00",
        "``",
        "9" * 400,
    ],
)
def test_hostile_text_is_no_question(lived: Lived, text: str) -> None:
    engine, _ = lived
    assert engine.ask("shop", text) is None


def _is_cited(answer: StateAnswer) -> None:
    assert answer.as_of.tzinfo is not None
    assert answer.asked
    assert all(uri.startswith("groundplan://workspaces/shop") for uri in answer.citations)
    assert all(row.name in unquote(row.uri) or row.uri for row in answer.rows if row.uri)
