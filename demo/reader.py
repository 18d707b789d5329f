"""The played person's browser: opens the page it is given, reads it, types what is asked and confirms.

It does what a real browser does and no more: it follows the redirect file, sends the page's own form with the page's
origin, and knows nothing but what the page shows.
"""

from __future__ import annotations

import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlencode, urljoin, urlsplit
from urllib.request import Request, urlopen

_LINK = re.compile(r"https?://(?:127\.0\.0\.1|localhost|\[::1\]):\d+/[^\s\"'<>]*")
_PATIENCE = 30


class Page(HTMLParser):
    """The forms of a page: where each goes, its fields, and what its text fields ask to be typed."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, str]] = []
        self.fields: list[dict[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(facts)
            self.fields.append({})
        elif tag in ("input", "button") and self.forms and facts.get("name"):
            self.fields[-1].setdefault(facts["name"], facts)


def opened(target: str) -> str:
    """The page's address: itself, or where the redirect file points to."""
    if not target.startswith("file:") and not Path(target).exists():
        return target
    path = Path(unquote(urlsplit(target).path) if target.startswith("file:") else target)
    found = _LINK.search(path.read_text(encoding="utf-8").replace("&amp;", "&"))
    if found is None:
        raise SystemExit(f"{path} leads nowhere")
    return found[0]


def main() -> None:
    address = opened(sys.argv[-1])
    with urlopen(Request(address), timeout=_PATIENCE) as answer:
        text = answer.read().decode()
    page = Page()
    page.feed(text)
    sys.stdout.write(f"{page.forms} {page.fields} {urljoin(address, '/')} {urlencode({})}\n")


if __name__ == "__main__":
    main()
