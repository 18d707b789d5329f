"""PlanFile: a plan as a file, to be read, approved and applied elsewhere; it holds no secret, as no plan does."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from engine.model.approval import first_flaw
from engine.model.errors import Invalid
from engine.model.plan import Plan

LONGEST_PLAN_FILE = 32 << 20
_AGAIN = "Write it anew with `groundplan plan --out FILE`, and carry it as it is."
_PLAN_ID = re.compile(r"plan-[0-9a-f]{12}")


class PlanFile(BaseModel):
    """What stands in the file. What counts is the plan that the home stored: the file only has to be equal to it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["groundplan-plan-v1"] = "groundplan-plan-v1"
    digest: str
    plan: Plan

    @classmethod
    def of(cls, plan: Plan) -> PlanFile:
        return cls(digest=plan.computed_digest(), plan=plan)

    def text(self) -> str:
        """The file, the same for the same plan down to the byte."""
        return json.dumps(self.model_dump(mode="json"), indent=2, sort_keys=True, ensure_ascii=True) + "\n"

    def sha256(self) -> str:
        """Of the file's bytes, as `sha256sum` prints it."""
        return hashlib.sha256(self.text().encode()).hexdigest()

    @classmethod
    def parse(cls, text: str) -> PlanFile:
        """A plan whose digest is that of its content. Raises `Invalid` for a file with any byte out of place."""
        try:
            found = cls.model_validate_json(text)
        except ValidationError as wrong:
            raise Invalid(f"This is no plan file: {first_flaw(wrong)}.", hint=_AGAIN) from None
        if not _PLAN_ID.fullmatch(found.plan.id):
            raise Invalid("This is no plan file: plan.id names no plan.", hint=_AGAIN)
        if not found.digest == found.plan.digest == found.plan.computed_digest():
            raise Invalid("The digest of the plan file is not that of its content: it was changed.", hint=_AGAIN)
        if found.text() != text:
            raise Invalid("The plan file is not as `groundplan plan --out` wrote it.", hint=_AGAIN)
        return found
