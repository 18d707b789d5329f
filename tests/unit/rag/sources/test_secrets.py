"""No secret of a workspace gets into a document, and what is no secret does."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.model.document import Document, Format
from rag.model.errors import DocumentUnreadable
from rag.sources.files import WorkspaceFiles
from rag.sources.redact import redacted
from rag.sources.secret_shapes import is_random
from tests.unit.rag.canary import SECRETS, SEEN, plant, traces

pytest.importorskip("pypdf", reason="reads PDF, which the extra `pdf` brings")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "work").mkdir()
    return tmp_path / "work"


def documents(source: WorkspaceFiles) -> tuple[list[Document], list[str]]:
    found, reasons = list[Document](), list[str]()
    for id_ in source.marks():
        try:
            document = source.read(id_)
        except DocumentUnreadable as unreadable:
            reasons.append(f"{id_} {unreadable}")
        else:
            found += [document] if document else []
    return found, reasons


@pytest.mark.promise("RAG-SECRETS-1")
def test_none_of_the_planted_secrets_is_in_any_document(folder: Path) -> None:
    secrets = plant(folder)
    source = WorkspaceFiles("uid", "work", folder)
    found, reasons = documents(source)
    read = repr((found, reasons, source.marks())).encode()
    assert traces(read, secrets) == []
    assert [word for word in SEEN if word.encode() not in read] == []
    assert reasons == ["docs/wide.md It is binary, or text in UTF-16. Save it as UTF-8."]


def test_the_canaries_themselves_would_be_seen(folder: Path) -> None:
    secrets = plant(folder)
    files = [path for root in (folder, Path(f"{folder}-outside")) for path in root.rglob("*") if path.is_file()]
    everything = b"".join(str(path).encode() + path.read_bytes() for path in files)
    assert set(traces(everything, secrets)) == set(secrets) - {SECRETS["pdf"]}


@pytest.mark.parametrize(
    "line",
    [
        "password_file: /run/secrets/db", "token_budget: 2000", "max_tokens = 512,", "password: ${DB_PASSWORD}",
        'password: "secret://db/main"', "token: <your token>", "secret: {{ vault.db }}", "image: debian@sha256:" + "a1b2c3d4" * 8,
        "id: 123e4567-e89b-12d3-a456-426614174000", "commit 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b",
        "path: /usr/share/doc/AWSEC2/latest/UserGuide/EBSVolumeTypes.html", "type: hcloud_placement_group_attachment",
        "The keyboard and the monkey: a story.", "use --token-file path or --password to sign in",
        "EngineeringHandbookChapterTwelveSectionNine", "web-frontend-production-eu-central-1", "tokenizer: minilm",
    ],
)  # fmt: skip
@pytest.mark.parametrize("notation", [Format.YAML, Format.MARKDOWN])
def test_what_is_no_secret_stays(line: str, notation: Format) -> None:
    assert redacted(line, notation) == line


def test_a_sentence_behind_the_word_keeps_all_but_its_first_word() -> None:
    text = "Password: hunter2 is what everybody on the team uses."
    assert redacted(text, Format.MARKDOWN) == "Password: [redacted] is what everybody on the team uses."


def test_a_certificate_that_is_only_mentioned_hides_nothing_behind_it() -> None:
    text = "It begins with -----BEGIN CERTIFICATE----- as usual.\n\nAll the rest stays here."
    assert redacted(text, Format.MARKDOWN).endswith("All the rest stays here.")


@given(st.text(), st.sampled_from(list(Format)))
@settings(max_examples=300, deadline=None)
def test_redacting_keeps_the_number_of_lines(text: str, notation: Format) -> None:
    assert redacted(text, notation).count("\n") == text.count("\n")


@given(st.text(alphabet="password:=\"' token-{}[]|\n`secret\\u/", max_size=300), st.sampled_from(list(Format)))
@settings(max_examples=300, deadline=None)
def test_redacting_takes_any_mixture_of_its_own_signs(text: str, notation: Format) -> None:
    assert redacted(text, notation).count("\n") == text.count("\n")


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=48, max_size=48))
@settings(max_examples=100, deadline=None)
def test_judging_a_string_never_fails(word: str) -> None:
    assert is_random(word) in {True, False}


@pytest.mark.parametrize(
    "piece", ['"token":"x",', "eyJ-", "-eyJa.", "password: ", "://a:", "curl -u ", "name=token", "SG.a", "--token ", "$6$", "|password|", "ENC[", "-----BEGIN ", "password:'"]
)  # fmt: skip
def test_redacting_a_hostile_line_takes_time_in_proportion(piece: str) -> None:
    begin = time.process_time()
    for notation in (Format.JSON, Format.MARKDOWN):
        redacted(piece * (400_000 // len(piece)), notation)
    assert time.process_time() - begin < 20
