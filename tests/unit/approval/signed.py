"""A plan, the key of a person who may approve it, and a home that knows both."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from engine.model.approval import Approval
from engine.model.confirmation import Channel, Confirmation
from engine.model.plan import Plan
from engine.model.plan_file import PlanFile
from engine.model.run import Run
from engine.policy.approvers import Approvers
from engine.state.database import Database
from engine.state.facts import Facts
from server.auth.signing_key import SigningKey
from tests.unit.consent.paper import PaperEngine, PaperOffice, paper_plan

PLAN = "plan-0123456789ab"


def new_key() -> tuple[SigningKey, str]:
    """The private half, and the line that a home lists."""
    made = Ed25519PrivateKey.generate()
    return SigningKey(made), made.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()


def write_key(path: Path, made: Any = None, passphrase: str = "") -> Path:
    """A key pair as `ssh-keygen` leaves it: the private half for its owner alone, the public one beside it."""
    made = made or Ed25519PrivateKey.generate()
    locked = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    path.touch(0o600)
    path.write_bytes(made.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, locked))
    listed = made.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    path.with_name(f"{path.name}.pub").write_bytes(listed + b" ada\n")
    return path


def approval_of(plan: Plan, signer: SigningKey, **other: Any) -> Approval:
    """Signed, whatever it says: what is given in `other` stands in it instead."""
    now = datetime.now(UTC)
    honest: dict[str, Any] = {
        "id": f"approval-{secrets.token_hex(16)}", "plan_id": plan.id, "digest": plan.digest,
        "plan_file": PlanFile.of(plan).sha256(), "workspace": plan.workspace, "accounts": plan.accounts,
        "key": signer.fingerprint, "issued_at": now, "expires_at": min(now + timedelta(minutes=30), plan.expires_at),
    }  # fmt: skip
    return signer.sign(Approval(**{**honest, **other}))


def approvers_at(folder: Path, listed: Mapping[str, str], *, accepted: bool = True) -> Approvers:
    found = Approvers(Facts(Database.open("", folder)), listed)
    if accepted:
        found.accept()
    return found


class SigningPaper(PaperEngine):
    """The engine on paper, with the real check of approvals."""

    def __init__(self, approvers: Approvers) -> None:
        super().__init__()
        self.approvers, self.accepted = approvers, tuple(Channel)

    def approver(self, fingerprint: str) -> str:
        return self.approvers.named(fingerprint).name

    def apply(self, confirmation: Confirmation) -> Run:
        plan = self.plan(confirmation.plan_id).plan
        assert plan is not None
        self.approvers.check(confirmation, plan)
        return super().apply(confirmation)


class SigningOffice(PaperOffice):
    """A home whose approver is ada, with one plan of hers waiting."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, {})
        self.key, line = new_key()
        self.paper = SigningPaper(approvers_at(folder / "state", {"ada": line}))
        self.waiting = self.paper.file(paper_plan(PLAN))
        self.folder = folder

    def papers(self, approval: Approval | None = None) -> tuple[Path, Path]:
        """Plan file and approval on disk."""
        signed = approval or approval_of(self.waiting, self.key)
        paths = self.folder / "plan.json", self.folder / "ok.json"
        for path, text in zip(paths, (PlanFile.of(self.waiting).text(), signed.text()), strict=True):
            path.write_text(text)
        return paths
