"""The consent rules in force: what the home states, as far as a person accepted it, tightened by the workspace."""

from __future__ import annotations

from typing import Any

from engine.policy.approvers import Approvers
from engine.settings.consent_rules import ConsentRules
from engine.state.facts import Facts

_ACCEPTED = "accepted_consent_rules"


class StandingRules:
    """`stated` is config.toml's table. Built-in rules count as accepted until others are."""

    def __init__(self, facts: Facts, stated: ConsentRules, approvers: Approvers) -> None:
        self._facts, self._stated, self.approvers = facts, stated, approvers

    @property
    def accepted(self) -> ConsentRules:
        return ConsentRules.model_validate(self._facts.get(_ACCEPTED, {}))

    @property
    def in_force(self) -> ConsentRules:
        return self._stated.tightened(self.accepted)

    def for_workspace(self, says: ConsentRules) -> ConsentRules:
        """For a workspace that says this, which can take channels away and add none."""
        return self.in_force.tightened(says)

    def accept(self) -> tuple[str, ...]:
        """Let the stated rules count from now on; what they loosen, in words."""
        loosened = self._waiting()
        self.approvers.accept()
        self._facts.set(_ACCEPTED, self._stated.model_dump(mode="json"))
        return loosened

    def describe(self) -> dict[str, Any]:
        return {
            "in_force": self.in_force.model_dump(mode="json"),
            "stated": self._stated.model_dump(mode="json"),
            "approvers": self.approvers.describe(),
            "not_accepted_yet": list(self._waiting()),
        }

    def _waiting(self) -> tuple[str, ...]:
        signers = (f"plans may be approved beforehand by {each}" for each in self.approvers.waiting)
        return *self._stated.loosens(self.accepted), *signers
