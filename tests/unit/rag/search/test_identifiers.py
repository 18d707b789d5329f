from __future__ import annotations

import pytest

from rag.search.identifiers import identifiers


@pytest.mark.parametrize(
    "name", ["web-fra-017", "10.0.3.17", "run-0f3a9b21cc", "QUOTA_1042", "PolicyDenied", "sha256:ab12", "fe80::1"]
)
def test_a_name_in_a_sentence_is_an_identifier(name: str) -> None:
    assert identifiers(f"why did {name} fail?") == (name,)


@pytest.mark.parametrize(
    "text", ["remove all containers", "version 2 of it", "auto-unseal with a key", "", "?!", "v1.2"]
)
def test_plain_words_and_versions_are_none(text: str) -> None:
    assert identifiers(text) == ()


def test_quotes_and_full_stops_are_no_part_of_a_name() -> None:
    assert identifiers('look at "db-hel-003".') == ("db-hel-003",)
