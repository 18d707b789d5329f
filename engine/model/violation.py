"""Violation: a resource or a plan breaks a rule of its workspace; with the smallest change that would satisfy it."""

from __future__ import annotations

import json
from typing import Literal

from pydantic import BaseModel, ConfigDict

from engine.model.request import Edit

Severity = Literal["deny", "warn"]


class Violation(BaseModel):
    """`address` is empty for what a plan breaks as a whole; file and line are its declaration's, or then the rule's.

    `about` names the demand, so that two looks at one fault can be told to be the same. `edit` is for plan_change.
    """

    model_config = ConfigDict(frozen=True)

    rule: str
    severity: Severity
    address: str = ""
    file: str = ""
    line: int = 0
    about: str
    message: str
    remedy: str = ""
    edit: Edit | None = None

    @property
    def text(self) -> str:
        """All of it in a line."""
        place = f"{self.file}:{self.line}: " if self.file and self.line else ""
        where = f"{self.address}: " if self.address else ""
        edit = f" As an edit: {json.dumps(self.edit.model_dump(exclude_none=True))}" if self.edit else ""
        return f"{place}{where}{self.message} (rule {self.rule}). {self.remedy}{edit}".rstrip()


class Unchecked(BaseModel):
    """A rule that can't be judged yet, and why."""

    model_config = ConfigDict(frozen=True)

    rule: str
    address: str = ""
    why: str

    @property
    def text(self) -> str:
        where = f"{self.address}: " if self.address else ""
        return f"{where}rule {self.rule} is unchecked: {self.why}."
