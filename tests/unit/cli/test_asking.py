"""`ask` and `index`: readable answers, JSON for programs, honest exit codes, and nothing changed but the index."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest

from rag.model.answer import Answer, Verdict
from rag.model.document import Scope
from rag.model.errors import IndexBusy, LibraryError
from rag.model.status import IndexStatus, Phase, Progress, RefreshReport, ShelfStatus, Unreadable
from server.added import AddedPaths
from server.cli.completion import complete_kind
from server.cli.exits import Exit
from server.narrative import HistorySource
from server.office import Office
from tests.scenario.knowledge.played import NOTHING, PlayedLibrary, good, passage

REPORT = RefreshReport(
    added=3, changed=2, removed=1, unchanged=40, embedded=17, seconds=1.25, complete=True,
    unreadable=(Unreadable("u", Scope.FILES, "docs/odd.pdf", "It is no PDF\u202e."),),
)  # fmt: skip


class WorkingLibrary(PlayedLibrary):
    """One that also reports on its work."""

    report = REPORT
    without_vectors = ""

    def refresh(self, report) -> RefreshReport:
        if self.error:
            raise self.error
        report(Progress(Phase.READING, 1, 2))
        report(Progress(Phase.EMBEDDING, 17, 17))
        return self.report

    rebuild = refresh

    def status(self) -> IndexStatus:
        return IndexStatus(
            shelves=(ShelfStatus("", Scope.KNOWLEDGE, 120, 800, 800),), generation=4, embedder="minilm", wanted="minilm",
            bytes=5_000_000, unreadable=REPORT.unreadable, writer=None, chroma="", trouble="", fingerprint="f",
            without_vectors=self.without_vectors,
        )  # fmt: skip


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> WorkingLibrary:
    played = WorkingLibrary(NOTHING)
    monkeypatch.setattr(Office, "library", lambda self: played)
    return played


def test_an_answer_is_cited_text_and_the_same_as_json(cli, demo, library) -> None:
    library.answer = good(passage("Ask the provider\u202e for more."), passage("Or plan fewer.", 2))
    told = cli("ask", "how", "to", "raise", "a", "quota")
    assert told.exit_code == Exit.DONE, told.output
    assert "[1] Page 1 > Mend it" in told.stdout
    assert "groundplan://knowledge/runbooks/page-1.md:12-24 (runbook)" in told.stdout
    assert "Ask the provider⟨U+202E⟩ for more." in told.stdout
    assert library.asked[0].text == "how to raise a quota"
    fields = json.loads(cli("ask", "--json", "how to raise a quota").stdout)
    assert [each["title"] for each in fields["passages"]] == ["Page 1", "Page 2"]


def test_nothing_and_weak_are_told_apart_by_words_and_exit_code(cli, demo, library) -> None:
    nothing = cli("ask", "how do I bake bread")
    assert (nothing.exit_code, "Nothing that is written here answers this." in nothing.stdout) == (
        Exit.UNANSWERED,
        True,
    )
    assert cli("ask", "--json", "how do I bake bread").exit_code == Exit.UNANSWERED
    library.answer = Answer(Verdict.WEAK, 0.3, (passage("Perhaps."),), 40, left_out=4)
    weak = cli("ask", "how do I bake bread")
    assert weak.exit_code == Exit.DONE
    assert "verify before you rely on them" in weak.stdout
    assert "Pages that were left out: 4; raise --limit or --tokens." in weak.stdout


def test_filters_reach_the_library_and_bounds_are_kept(cli, demo, library) -> None:
    cli(
        "ask",
        "--scope",
        "files",
        "--kind",
        "runbook",
        "--kind",
        "guide",
        "--tag",
        "ssh",
        "--tag",
        "key",
        "--limit",
        "3",
        "--tokens",
        "400",
        "quota",
    )
    (query,) = library.asked
    assert (query.within.scopes, query.within.kinds) == ((Scope.FILES,), ("runbook", "guide"))
    assert query.within.tags == ("ssh", "key")
    assert (query.limit, query.token_budget) == (3, 400)
    for wrong in (["--limit", "0"], ["--limit", "21"], ["--tokens", "9000"], ["--scope", "all"], []):
        assert cli("ask", *wrong, *(["quota"] if wrong else [])).exit_code == Exit.USAGE


def test_exact_state_comes_first_and_counts_as_an_answer(cli, built, library) -> None:
    told = cli("ask", "how many servers are there")
    assert told.exit_code == Exit.DONE, told.output
    assert told.stdout.startswith("State, exact as of")
    assert "2" in told.stdout.splitlines()[0]


def test_a_note_goes_to_standard_error(cli, demo, library) -> None:
    library.answer = Answer(Verdict.GOOD, 0.9, (passage("Text."),), 40, note="Found by words alone.")
    told = cli("ask", "quota")
    assert "Found by words alone." not in told.stdout
    assert "Found by words alone." in told.stderr


def test_the_index_tells_what_it_holds_and_what_it_could_not_read(cli, demo, library) -> None:
    told = cli("index", "status").stdout
    assert "(shipped pages)" in told
    assert "docs/odd.pdf: It is no PDF⟨U+202E⟩." in told
    assert "Model minilm" in told
    assert json.loads(cli("index", "status", "--json").stdout)["shelves"][0]["documents"] == 120


@pytest.mark.parametrize("act", ["refresh", "rebuild"])
def test_work_on_the_index_is_told_in_words_or_as_lines_of_json(cli, demo, library, act: str) -> None:
    words = cli("index", act)
    assert words.exit_code == Exit.DONE, words.output
    assert "3 added, 2 changed, 1 removed, 40 as before; 17 chunks embedded in 1.2 s." in words.stdout
    lines = [json.loads(line) for line in cli("index", act, "--json").stdout.splitlines()]
    assert lines[0] == {"phase": "reading", "done": 1, "total": 2}
    assert lines[-1]["embedded"] == 17


@pytest.mark.parametrize("act", ["refresh", "rebuild"])
@pytest.mark.parametrize(
    ("lacking", "words"),
    [
        ({"without_vectors": "The model is gone."}, "Found by words alone: The model is gone."),
        ({"trouble": "The state can't be read."}, "Not all was looked at: The state can't be read."),
    ],
    ids=["model", "state"],
)
def test_work_that_lacks_something_says_what_and_fails(
    cli, demo, library, act: str, lacking: dict[str, str], words: str
) -> None:
    library.report = replace(REPORT, **lacking)
    told = cli("index", act)
    assert told.exit_code == Exit.FAILED
    assert words in told.stdout
    assert ("The old index answers as before." in told.stderr) == (act == "rebuild")
    lines = cli("index", act, "--json")
    assert lines.exit_code == Exit.FAILED
    assert lacking.items() <= json.loads(lines.stdout.splitlines()[-1]).items()


def test_what_is_added_is_noted_though_the_model_fails(cli, demo, library, tmp_path: Path) -> None:
    library.report = replace(REPORT, without_vectors="The model is gone.")
    (tmp_path / "wiki").mkdir()
    told = cli("index", "add", str(tmp_path / "wiki"))
    assert told.exit_code == Exit.DONE, told.output
    assert "Found by words alone: The model is gone." in told.stdout


def test_the_status_says_why_there_are_no_vectors(cli, demo, library) -> None:
    library.without_vectors = "The model is gone."
    assert "New texts are found by words alone: The model is gone." in cli("index", "status").stdout


@pytest.mark.parametrize(
    "error", [IndexBusy("Process 7 writes the index.", hint="Wait for it."), LibraryError("Broken.")]
)
def test_what_goes_wrong_in_the_index_ends_with_words(cli, demo, library, error: Exception) -> None:
    library.error = error
    told = cli("index", "rebuild")
    assert told.exit_code == Exit.FAILED
    assert str(error).split(". ")[0] in told.stderr


def test_what_is_added_while_another_process_writes_is_left_to_that_one(cli, demo, library, tmp_path: Path) -> None:
    library.error = IndexBusy("Process 7 writes the index.")
    told = cli("index", "add", str(tmp_path / "home" / "workspaces" / "demo"))
    assert told.exit_code == Exit.DONE, told.output
    assert "Process 7 writes the index. It takes this in with its next look." in told.stderr


def test_a_folder_is_added_for_one_workspace_and_the_workspace_is_not_changed(
    cli, demo: Path, home: Path, library, tmp_path: Path
) -> None:
    wiki = tmp_path / "wiki"
    wiki.mkdir()
    before = {path: path.read_bytes() for path in demo.rglob("*") if path.is_file()}
    for _ in range(2):
        assert cli("index", "add", str(wiki)).exit_code == Exit.DONE
    office = Office(home, {})
    uid = office.engine().workspace("demo").uid
    office.close()
    assert AddedPaths(home).of(uid) == (wiki,)
    assert AddedPaths(home).of("another") == ()
    assert before == {path: path.read_bytes() for path in demo.rglob("*") if path.is_file()}
    assert f"added to demo: {wiki}" in cli("index", "status").stdout
    assert cli("index", "remove", str(wiki)).exit_code == Exit.DONE
    assert AddedPaths(home).of(uid) == ()
    assert cli("index", "remove", str(wiki)).exit_code == Exit.FAILED


@pytest.mark.promise("SECRET-1")
def test_the_homes_own_folders_can_not_be_added(cli, demo, home: Path, library) -> None:
    (home / "secrets" / "demo").mkdir(parents=True, exist_ok=True)
    for wrong in (home, home / "secrets", home / "secrets" / "demo", home / "keys", home.parent, Path("/")):
        told = cli("index", "add", str(wrong))
        assert told.exit_code == Exit.FAILED, wrong
        assert "its own secrets" in told.stderr
    assert "There is nothing at" in cli("index", "add", str(home.parent / "none")).stderr


def test_doctor_looks_at_the_index(cli, demo, library) -> None:
    def found() -> tuple[str, str]:
        checks = json.loads(cli("doctor", "--json").stdout)
        return next((each["verdict"], each["text"]) for each in checks if each["name"] == "index")

    library.answer = Answer(Verdict.GOOD, 0.9, (), 0, note="Found by words alone: no model.")
    assert found() == ("warning", "Found by words alone: no model.")
    library.answer = NOTHING
    assert found() == ("warning", "1 document could not be read")
    library.error = LibraryError("The index can't be read.")
    assert found()[0] == "fail"


def test_kinds_are_completed() -> None:
    assert [kind for kind, _ in complete_kind("r")] == ["reference", "runbook", "run", "resource"]


def test_every_kind_that_is_told_of_the_past_is_completed(built, home: Path) -> None:
    office = Office(home, {})
    try:
        engine = office.engine()
        asyncio.run(engine.drift("demo"))
        history = HistorySource(engine, engine.workspace("demo"))
        told = {document.kind for document in map(history.read, history.marks()) if document}
    finally:
        office.close()
    assert told == {"run", "resource", "audit", "drift"}
    assert told <= {kind for kind, _ in complete_kind("")}
