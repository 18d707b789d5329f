"""Whatever happened to the sources, the model and the process: the index is the one that a rebuild would give."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from rag.model.document import Scope
from rag.model.status import Progress
from tests.scenario.rag.contents import contents, flaws
from tests.scenario.rag.shelf import Pages, Words, shelving

NAMES = st.sampled_from(["a", "b", "deep/c", "ümlaut", "e"])
WORDS = st.lists(st.sampled_from(["disk", "quota", "## Part", "\n\n", "everywhere", "ssh\0", "\ud800"]), max_size=12)
EVERYWHERE = "everywhere"


class Killed(BaseException):
    """The process is gone: nobody cleans up."""


class History(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.temporary = tempfile.TemporaryDirectory(prefix="groundplan-index-")
        self.folder = Path(self.temporary.name)
        self.shelves = {place: Pages({}, *place) for place in (("", Scope.KNOWLEDGE), ("ws-1", Scope.FILES))}
        self.model = "one"

    def teardown(self) -> None:
        self.temporary.cleanup()

    @rule(place=st.sampled_from([0, 1]), name=NAMES, words=WORDS)
    def write(self, place: int, name: str, words: list[str]) -> None:
        self.pages(place).texts[name] = f"{EVERYWHERE} {' '.join(words)}"

    @rule(place=st.sampled_from([0, 1]), name=NAMES)
    def remove(self, place: int, name: str) -> None:
        self.pages(place).texts.pop(name, None)

    @rule(place=st.sampled_from([0, 1]), name=NAMES, to=NAMES)
    def move(self, place: int, name: str, to: str) -> None:
        if name in self.pages(place).texts:
            self.pages(1 - place).texts[to] = self.pages(place).texts.pop(name)

    @rule(place=st.sampled_from([0, 1]), name=NAMES, tags=st.sampled_from([(), ("x",), ("x", "y")]))
    def tag(self, place: int, name: str, tags: tuple[str, ...]) -> None:
        self.pages(place).tags[name] = tags

    @rule(place=st.sampled_from([0, 1]), name=NAMES)
    def break_or_mend(self, place: int, name: str) -> None:
        self.pages(place).unreadable ^= {name}

    @rule(model=st.sampled_from(["one", "two"]))
    def change_the_model(self, model: str) -> None:
        self.model = model

    @rule()
    def refresh(self) -> None:
        index = shelving(self.folder / "lived", *self.shelves.values(), embedder=Words(self.model))
        index.refresh()
        index.close()

    @rule(step=st.integers(0, 12))
    def be_killed(self, step: int) -> None:
        left = [step]

        def report(_: Progress) -> None:
            left[0] -= 1
            if left[0] < 0:
                raise Killed

        index = shelving(self.folder / "lived", *self.shelves.values(), embedder=Words(self.model))
        try:
            index.refresh(report)
        except Killed:
            pass
        finally:
            index.close()

    @invariant()
    def nothing_is_lost_or_doubled(self) -> None:
        if (self.folder / "lived").exists():
            assert flaws(self.folder / "lived") == []

    @rule()
    def compare_with_a_rebuild(self) -> None:
        self.refresh()
        with tempfile.TemporaryDirectory(prefix="groundplan-index-") as name:
            fresh = shelving(Path(name), *self.shelves.values(), embedder=Words(self.model))
            fresh.refresh()
            fresh.close()
            assert contents(self.folder / "lived", EVERYWHERE) == contents(Path(name), EVERYWHERE)

    def pages(self, place: int) -> Pages:
        return list(self.shelves.values())[place]


@pytest.mark.slow
@pytest.mark.promise("INDEX-1")
def test_any_history_ends_in_the_index_that_a_rebuild_gives() -> None:
    run_state_machine_as_test(History, settings=settings(max_examples=25, stateful_step_count=15, deadline=None))
