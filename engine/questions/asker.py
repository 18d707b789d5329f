"""The asker: from a question to the answer that the state store gives, or to silence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from engine.model.chronicle import Chronicle
from engine.model.failure_account import FailureAccount
from engine.model.state_answer import StateAnswer
from engine.model.workspace import Workspace
from engine.model.workspace_digest import WorkspaceDigest
from engine.questions import (
    change_questions,
    drift_questions,
    home_questions,
    plan_questions,
    relations,
    run_questions,
    things,
    why_questions,
)
from engine.questions.case import Case, Draft, Unsure
from engine.questions.chronicle import make_chronicle
from engine.questions.digest import make_digest
from engine.questions.explain import explain_run, explain_text
from engine.questions.read import read_question
from engine.questions.register import Registers
from engine.questions.stores import Stores
from engine.settings.home import HomeSettings

_CITED = 10
# The narrower question first: the first rule that takes every part of a reading answers it.
_RULES: tuple[Callable[[Case], Draft | None], ...] = (
    why_questions.why,
    plan_questions.who,
    home_questions.about_settings,
    home_questions.about_place,
    home_questions.loose_ends,
    drift_questions.drift,
    run_questions.one_run,
    plan_questions.one_plan,
    run_questions.last_run,
    change_questions.failing,
    run_questions.many_runs,
    plan_questions.many_plans,
    change_questions.changes,
    run_questions.run_of_resource,
    relations.dependencies,
    things.running,
    relations.neighbours,
    relations.tied_to_any,
    things.about_one,
    things.about_many,
)


class Asker:
    """Certain or silent: a question of which any word is not understood has no answer here."""

    def __init__(self, stores: Stores, settings: HomeSettings) -> None:
        self._stores = stores
        self._settings = home_questions.setting_facts(settings)
        self._registers = Registers(stores.inquiries)

    def ask(self, place: Workspace, question: str, now: datetime | None = None) -> StateAnswer | None:
        """`now` carries the time zone in which "today" and "last night" are meant; left out, the machine's."""
        now = now or _now()
        register = self._registers.of(place)
        reading = read_question(question, register, now, self._settings)
        if reading is None:
            return None
        case = Case(place, now, reading, register, self._stores, self._settings)
        try:
            draft = next((found for rule in _RULES if (found := rule(case)) is not None), None)
        except Unsure:
            return None
        return None if draft is None else _stamped(case, draft)

    def explain(self, place: Workspace, run_id: str) -> FailureAccount:
        return explain_run(self._stores, place, run_id, _now())

    def explain_text(self, place: Workspace, text: str) -> FailureAccount:
        return explain_text(self._stores, place, text, _now())

    def digest(self, place: Workspace) -> WorkspaceDigest:
        return make_digest(self._stores, place, self._registers.of(place), _now())

    def chronicle(self, place: Workspace) -> Chronicle:
        return make_chronicle(self._stores, place, _now())


def _now() -> datetime:
    return datetime.now().astimezone()


def _stamped(case: Case, draft: Draft) -> StateAnswer:
    cited = dict.fromkeys([*draft.citations, *(each.uri for each in draft.rows if each.uri)])
    serial = case.place.serial if draft.serial is None else draft.serial
    return StateAnswer(
        workspace=case.name, statement=draft.statement, asked=draft.asked, as_of=draft.as_of or case.now, serial=serial,
        count=draft.count, rows=draft.rows, citations=tuple(cited)[:_CITED], near=draft.near, next=draft.next,
    )  # fmt: skip
