"""Approval: one person's signature under one plan, made beforehand, with which a pipeline applies it once."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints, ValidationError

from engine.model.account import Account
from engine.model.errors import ApprovalInvalid

LONGEST_APPROVAL = 64 << 10
_FORMAT = "groundplan-approval-v1"
_Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}\z")]


class Approval(BaseModel):
    """`digest` and `plan_file` are those of what the person was shown: of the plan's effects, and of all its bytes.

    `key` is the fingerprint of the signing key, `id` makes every approval one of a kind, `signature` is Ed25519 over
    everything else, in hexadecimal.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["groundplan-approval-v1"] = _FORMAT
    id: Annotated[str, StringConstraints(pattern=r"^approval-[0-9a-f]{32}\z")]
    plan_id: Annotated[str, StringConstraints(pattern=r"^plan-[0-9a-f]{12}\z")]
    digest: _Hash
    plan_file: _Hash
    workspace: Annotated[str, StringConstraints(max_length=100)]
    accounts: tuple[Account, ...]
    key: Annotated[str, StringConstraints(pattern=r"^SHA256:[A-Za-z0-9+/]{43}\z")]
    issued_at: AwareDatetime
    expires_at: AwareDatetime
    signature: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{128})?\z")] = ""

    def signed_bytes(self) -> bytes:
        """What the signature covers. The first line keeps it from being a signature under anything else."""
        return f"{_FORMAT}\n{_canonical(self.model_dump(mode='json', exclude={'signature'}))}".encode()

    def text(self) -> str:
        """The approval file."""
        return json.dumps(self.model_dump(mode="json"), indent=2, sort_keys=True, ensure_ascii=True) + "\n"

    @classmethod
    def parse(cls, text: str) -> Approval:
        """The approval that a file holds, whatever it is worth. Raises `ApprovalInvalid`."""
        try:
            found = cls.model_validate_json(text)
        except ValidationError as wrong:
            raise ApprovalInvalid(f"This is no approval: {first_flaw(wrong)}.") from None
        # One approval is one text: no blank, order or second key that nobody signed goes through unseen.
        if found.text() != text:
            raise ApprovalInvalid("The approval file is not as `groundplan approve` wrote it.")
        return found


def first_flaw(wrong: ValidationError) -> str:
    """Where and what, without the text that is wrong: it may be anybody's."""
    flaw = wrong.errors(include_input=False, include_url=False)[0]
    place = ".".join(part if part.isidentifier() else "…" for part in map(str, flaw["loc"][:4]))
    said = flaw["type"].replace("_", " ")
    return f"{place}: {said}" if place else said


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
