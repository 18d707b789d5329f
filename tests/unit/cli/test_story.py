"""The story of `make demo` plays through, with a real client, the real server and a played person."""

from __future__ import annotations

import io

import pytest

from demo.story import perform
from demo.transcript import Transcript


@pytest.mark.slow
async def test_the_demo_story_plays_through(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    told = io.StringIO()
    await perform("demo", tmp_path, Transcript(told))
    text = told.getvalue()
    assert text.count("run succeeded") == 4
    assert "~ server.db   size: small → medium" in text
    assert "types “shop”" in text
    assert text.rstrip().endswith("no resources")


def test_a_transcript_in_a_file_has_no_colours() -> None:
    told = io.StringIO()
    Transcript(told).says("Person", "Hello.\nAgain.")
    assert told.getvalue() == "Person      Hello.\n            Again.\n"
