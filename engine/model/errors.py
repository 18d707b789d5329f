"""What can go wrong, as a tree.

    GroundplanError
    ├── Invalid            the request or a document is wrong; nothing was stored
    │   └── ManifestInvalid    every problem at once, each with its place
    ├── NotFound
    ├── Refused            the request is well formed, and the answer is no
    │   ├── PlanStale  PlanExpired  PlanSettled
    │   ├── ConfirmationInvalid  ApprovalInvalid  ConsentUnavailable
    │   ├── PolicyDenied
    │   └── RunInProgress
    ├── LeaseLost          another process holds the worker lease now
    └── ProviderError      what a cloud answered, translated
        ├── AuthFailed  QuotaExceeded  RateLimited  CapacityExhausted
        └── ObjectMissing  ObjectConflict  PropertiesInvalid  TransientFailure

The message states the fact, the hint names the next move: the reader may be a model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


class GroundplanError(Exception):
    """Anything a caller can understand and act on; bugs raise something else."""

    code: ClassVar[str] = "error"
    next_step: ClassVar[str] = ""

    def __init__(self, message: str, *, hint: str = "", address: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint or self.next_step
        self.address = address

    def __str__(self) -> str:
        where = f"{self.address}: " if self.address else ""
        return f"{where}{self.message}" + (f" {self.hint}" if self.hint else "")


class Invalid(GroundplanError):
    code = "invalid"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in one place of a document; line and column count from 1, 0 is unknown."""

    message: str
    hint: str = ""
    file: str = ""
    line: int = 0
    column: int = 0
    address: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}: " if self.file and self.line else ""
        if not place and self.file:
            place = f"{self.file}: "
        where = f"{self.address}: " if self.address else ""
        return f"{place}{where}{self.message}" + (f" {self.hint}" if self.hint else "")


class ManifestInvalid(Invalid):
    """Carries every problem of every file."""

    code = "manifest_invalid"
    next_step = "Mend these places, then plan again."

    def __init__(self, problems: list[Problem], where: str = "the manifest") -> None:
        self.problems = tuple(problems)
        lines = "\n".join(f"- {problem}" for problem in problems)
        count = len(problems)
        super().__init__(f"{count} problem{'s' if count != 1 else ''} in {where}:\n{lines}\n")


class NotFound(GroundplanError):
    code = "not_found"


class Refused(GroundplanError):
    code = "refused"


class PlanStale(Refused):
    """State or the observed world moved in a way that touches the plan; `differences` says how."""

    code = "plan_stale"
    next_step = "Nothing was changed. Call plan_change again and look at the new plan."

    def __init__(self, message: str, *, differences: tuple[str, ...] = (), address: str = "") -> None:
        super().__init__(message, address=address)
        self.differences = differences

    def __str__(self) -> str:
        return super().__str__() + "".join(f"\n- {difference}" for difference in self.differences)


class PlanExpired(Refused):
    code = "plan_expired"
    next_step = "Plan again: a plan is confirmed while it is fresh."


class PlanSettled(Refused):
    """The plan was confirmed, declined or replaced before; it can't be confirmed again."""

    code = "plan_settled"
    next_step = "Plan again if more is wanted."


class ConfirmationInvalid(Refused):
    code = "confirmation_invalid"


class ApprovalInvalid(Refused):
    """What was signed beforehand doesn't let this plan be applied: key, content, time or use."""

    code = "approval_invalid"
    next_step = "Nothing was changed. Have the plan approved anew: `groundplan approve`."


class ConsentUnavailable(Refused):
    """No channel to a person is at hand that the home's rules accept for this plan."""

    code = "consent_unavailable"


class PolicyDenied(Refused):
    code = "policy_denied"


class RunInProgress(Refused):
    code = "run_in_progress"
    next_step = "Wait for it with get_run, or propose plan_run to cancel it."


class LeaseLost(GroundplanError):
    code = "lease_lost"


class ProviderError(GroundplanError):
    """What a cloud answered.

    `retry_is_safe`: the same call may be made again after a pause.
    `effect_unknown`: the call may have had its effect; read before acting again.
    """

    code = "provider_error"
    retry_is_safe: ClassVar[bool] = False

    def __init__(
        self, message: str, *, hint: str = "", address: str = "", effect_unknown: bool = False, retry_after: float = 0
    ) -> None:
        super().__init__(message, hint=hint, address=address)
        self.effect_unknown = effect_unknown
        self.retry_after = retry_after


class AuthFailed(ProviderError):
    code = "auth"
    next_step = "Check the provider's credentials with `groundplan doctor`, then resume the run."


class QuotaExceeded(ProviderError):
    code = "quota"
    next_step = "Raise the account's limit or plan fewer resources, then resume the run."


class RateLimited(ProviderError):
    code = "rate_limit"
    retry_is_safe = True
    next_step = "The provider asks for a pause; resume the run in a few minutes."


class CapacityExhausted(ProviderError):
    code = "capacity"
    retry_is_safe = True
    next_step = "The provider has no room for this size now; choose another size or region, or resume later."


class ObjectMissing(ProviderError):
    code = "not_found"
    next_step = "Run check_drift to see what vanished, then plan again."


class ObjectConflict(ProviderError):
    code = "conflict"
    next_step = "Something of that name or address exists or is in use; adopt it or choose another name."


class PropertiesInvalid(ProviderError):
    code = "invalid"
    next_step = "Change the named property and plan again."


class TransientFailure(ProviderError):
    code = "transient"
    retry_is_safe = True
    next_step = "The provider did not answer properly; resume the run."


def first_known(several: BaseExceptionGroup[BaseException]) -> BaseException:
    """The first error that means something to a caller, or else the first of all."""
    each: BaseException = several.subgroup(GroundplanError) or several
    while isinstance(each, BaseExceptionGroup):
        each = each.exceptions[0]  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
    return each  # pyright: ignore[reportUnknownVariableType]
