"""The generated pages are what the code says now: `make reference` writes them anew."""

from __future__ import annotations

from reference.pages import all_pages, on_disk


def test_every_generated_page_is_fresh_and_no_other_lies_beside_them() -> None:
    wanted = {path: page.text() for path, page in all_pages().items()}
    there = on_disk()
    differing = sorted(path for path in wanted.keys() | there.keys() if wanted.get(path) != there.get(path))
    assert differing == [], "run `make reference`, and look at what it changed"
