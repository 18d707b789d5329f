"""What is evaluated on is read strictly: a line that can't be meant is named, and nothing is measured."""

from __future__ import annotations

import lzma
from argparse import Namespace
from pathlib import Path
from typing import Any

import pytest

from benchmarks.retrieval.data import named_data
from tests.unit.benchmarks.toy import OTHERS, PAGES, QUESTIONS, Files, toy_files, write_lines


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return toy_files(tmp_path)


def read(files: Files) -> Any:
    return named_data(Namespace(**vars(files)))


def ended(files: Files) -> str:
    """The sentence that the program ends with."""
    with pytest.raises(SystemExit) as told:
        read(files)
    assert isinstance(told.value.code, str)
    assert "\n" not in told.value.code
    return told.value.code


def test_good_files_are_read_without_a_word(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    pages, asked, others = read(files)
    assert (len(pages), len(asked), len(others)) == (6, 3, 2)
    assert asked[1].relevant == {"toy:firewall.md", "toy:token.md"}
    assert capsys.readouterr() == ("", "")


def test_a_question_that_no_page_answers_is_not_measured(files: Files) -> None:
    for relevant in ({"relevant": []}, {}):
        write_lines(files.queries, [*QUESTIONS, {"qid": "q4", "query": "bake bread", **relevant}])
        assert ended(files).startswith(f"{files.queries}, line 4: no page is relevant.")


def test_without_questions_there_is_nothing_to_measure(files: Files) -> None:
    files.queries.write_text("\n")
    assert ended(files) == f"{files.queries} holds no question."


def test_a_page_that_is_not_there_is_told_and_counts_as_a_miss(
    files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = {"qid": "q4", "query": "backups", "relevant": ["toy:backup.md", "toy:gone.md"]}
    write_lines(files.queries, [*QUESTIONS, wrong])
    _, asked, _ = read(files)
    assert asked[3].relevant == {"toy:backup.md", "toy:gone.md"}
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err == (
        f"{files.queries}, line 4: toy:gone.md is no page of {files.corpus}, and counts as not found.\n"
    )


def test_of_many_that_are_not_there_ten_are_named(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    gone = [f"toy:gone-{number}.md" for number in range(1_500)]
    write_lines(files.queries, [{**QUESTIONS[0], "relevant": gone}])
    read(files)
    lines = capsys.readouterr().err.splitlines()
    assert (len(lines), lines[-1]) == (11, "… and 1,490 more of the kind.")


@pytest.mark.parametrize("which", ["corpus", "queries", "unanswerable"])
@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{not json", "this is no JSON: "),
        ('"a text"', "this is no JSON object."),
        ("[1]", "this is no JSON object."),
        ("{}", "` is missing, or no text."),
    ],
)
def test_a_line_that_can_not_be_read_is_named(files: Files, which: str, line: str, words: str) -> None:
    file: Path = getattr(files, which)
    good = {"corpus": PAGES, "queries": QUESTIONS, "unanswerable": OTHERS}[which]
    write_lines(file, [good[0], "", line, good[1]])
    told = ended(files)
    assert told.startswith(f"{file}, line 3: ")
    assert words in told


@pytest.mark.parametrize("name", ["id", "path", "title", "text"])
def test_a_page_lacks_nothing_that_it_needs(files: Files, name: str) -> None:
    write_lines(files.corpus, [PAGES[0], {**PAGES[1], name: 7}])
    assert ended(files) == f"{files.corpus}, line 2: `{name}` is missing, or no text."


@pytest.mark.parametrize("relevant", ["toy:backup.md", [1], {"toy:backup.md": 1}, None])
def test_what_is_relevant_is_a_list_of_ids(files: Files, relevant: object) -> None:
    write_lines(files.queries, [{**QUESTIONS[0], "relevant": relevant}])
    assert ended(files) == f"{files.queries}, line 1: `relevant` is no list of ids."


def test_a_file_that_is_not_there_or_no_text_is_named(files: Files) -> None:
    files.queries.write_bytes(b"\xff\xfe")
    assert ended(files).startswith(f"{files.queries} can't be read: ")
    files.queries.unlink()
    assert ended(files).startswith(f"There is no {files.queries}: name the data")


def test_packed_files_are_read_and_their_lines_are_counted_too(files: Files, tmp_path: Path) -> None:
    packed = tmp_path / "pages.jsonl.xz"
    packed.write_bytes(lzma.compress(files.corpus.read_bytes()))
    assert len(read(Files(packed, files.queries, files.unanswerable))[0]) == 6
    packed.write_bytes(lzma.compress(files.corpus.read_bytes() + b"{"))
    assert ended(Files(packed, files.queries, files.unanswerable)).startswith(f"{packed}, line 7: ")
    packed.write_bytes(b"not packed")
    assert ended(Files(packed, files.queries, files.unanswerable)).startswith(f"{packed} can't be read: ")
