"""The walk: a plan's steps in parallel, each after the steps it waits for, over the run's journal."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from engine.model.change import Change
from engine.model.errors import GroundplanError, LeaseLost, ProviderError
from engine.model.plan import PlannedStep
from engine.model.run import Failure, Step, StepStatus
from engine.orchestrator.acts import ACTS, act_on_home
from engine.orchestrator.hands import Hands
from engine.orchestrator.retry import RetryRule
from engine.state.journal import Cancelled, Intent, Journal, LooseEnd, Outcome

_HOME_PARALLEL = 1


@dataclass(frozen=True, slots=True)
class WalkResult:
    """`failures` in the order they happened; `cancelled` when steps were left out because a person asked."""

    failures: tuple[Failure, ...]
    cancelled: bool


class Walk:
    """One pass over the steps that are not done yet."""

    def __init__(self, hands: Hands, journal: Journal, rule: RetryRule) -> None:
        self._hands, self._journal, self._rule = hands, journal, rule
        self._steps = {step.id: step for step in hands.plan.steps}
        self._waits: dict[str, int] = {}
        self._next: dict[str, list[str]] = defaultdict(list)
        self._gates = {name: asyncio.Semaphore(provider.parallel) for name, provider in hands.providers.items()}
        self._home_gate = asyncio.Semaphore(_HOME_PARALLEL)
        self._failures: list[Failure] = []
        self._cancelled = False

    async def run(self, journalled: Mapping[str, Step]) -> WalkResult:
        """Raises `LeaseLost`, or what else stopped the journal, after what was under way has come to rest."""
        done = {id_ for id_, step in journalled.items() if step.status in (StepStatus.DONE, StepStatus.SKIPPED)}
        for step in self._steps.values():
            if step.id not in done:
                left = [before for before in step.after if before not in done]
                self._waits[step.id] = len(left)
                for before in left:
                    self._next[before].append(step.id)
        await self._carry_out([id_ for id_, count in self._waits.items() if count == 0])
        return WalkResult(tuple(self._failures), self._cancelled)

    async def _carry_out(self, ready: list[str]) -> None:
        finished: asyncio.Queue[asyncio.Task[list[str]]] = asyncio.Queue()
        under_way: set[asyncio.Task[list[str]]] = set()

        def begin(ids: list[str]) -> None:
            for id_ in ids:
                task = asyncio.create_task(self._step(self._steps[id_]))
                task.add_done_callback(finished.put_nowait)
                under_way.add(task)

        stop: Exception | None = None
        begin(ready)
        while under_way:
            task = await finished.get()
            under_way.discard(task)
            try:
                freed = task.result()
            except Exception as wrong:  # noqa: BLE001 - raised below, once nothing acts any more
                stop = stop or wrong
            else:
                begin([] if stop else freed)
        if stop is not None:
            raise stop

    async def _step(self, step: PlannedStep) -> list[str]:
        """The steps that wait no longer once this one is done."""
        change = self._hands.changes[step.address]
        async with self._gates.get(change.provider, self._home_gate):
            outcome = await self._attempts(step, change)
        if outcome is None:
            return []
        # The provider has answered: the next call need not wait for the journal, and its intent joins this transaction.
        await self._journal.write(outcome)
        if outcome.status is StepStatus.FAILED:
            return []
        freed: list[str] = []
        for following in self._next[step.id]:
            self._waits[following] -= 1
            if self._waits[following] == 0:
                freed.append(following)
        return freed

    async def _attempts(self, step: PlannedStep, change: Change) -> Outcome | None:
        """Intent and act, until it worked or must not be tried again; None when it was not begun."""
        unsettled = False
        for attempt in range(1, self._rule.attempts + 1):
            try:
                await self._journal.write(self._intent(step, change, attempt))
            except Cancelled:
                self._cancelled = True
                return None
            try:
                return await self._act(step, change)
            except ProviderError as error:
                unsettled = unsettled or error.effect_unknown
                pause = self._rule.pause(attempt, error)
                if pause is None:
                    return self._failed(step, change, error, unsettled)
                await asyncio.sleep(pause)
            except LeaseLost:
                raise
            except GroundplanError as error:
                return self._failed(step, change, error, unsettled)
        return None

    async def _act(self, step: PlannedStep, change: Change) -> Outcome:
        if not self._hands.holds_lease():
            raise LeaseLost("the worker lease ran out before the act.")
        act = ACTS[step.verb] if change.effect in ("resource", "file") else act_on_home
        return await act(self._hands, step.id, change)

    def _intent(self, step: PlannedStep, change: Change, attempt: int) -> Intent:
        loose = None
        if step.verb == "create" and change.effect == "resource":
            loose = LooseEnd(change.key, change.provider, step.address.partition(".")[0])
        return Intent(step.id, step.address, step.verb, attempt, loose)

    def _failed(self, step: PlannedStep, change: Change, error: GroundplanError, unsettled: bool) -> Outcome:
        failure = Failure(code=error.code, message=error.message, hint=error.hint, address=step.address)
        self._failures.append(failure)
        return Outcome(
            step.id, step.address, step.verb,
            status=StepStatus.FAILED, failure=failure, key=change.key, unsettled=unsettled,
        )  # fmt: skip
