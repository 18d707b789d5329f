"""The played person's browser: opens the page it is given, reads it, types what it asks and confirms.

It does what a browser does: follows the redirect file, opens the link once, and sends the page's own form with the
page's origin. It knows nothing but what the page shows.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode, urljoin, urlsplit
from urllib.request import Request, urlopen

_LINK = re.compile(r"http://127\.0\.0\.1:\d+/[^\s\"'<>]*")
_PATIENCE = 30


@dataclass
class Form:
    """The page's question: where its answer goes, what it carries, and the word it asks to be typed."""

    action: str = ""
    hidden: dict[str, str] = field(default_factory=dict[str, str])
    typed: dict[str, str] = field(default_factory=dict[str, str])
    buttons: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])


class Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.form = Form()
        self.heading = ""
        self._in_heading = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_heading = tag == "h1"
        facts = {name: value or "" for name, value in attrs}
        name = facts.get("name", "")
        if tag == "form":
            self.form.action = facts["action"]
        elif tag == "input" and facts.get("type") == "hidden":
            self.form.hidden[name] = facts.get("value", "")
        elif tag == "input" and name:
            self.form.typed[name] = facts.get("data-expected", "")
        elif tag == "button" and name:
            self.form.buttons.append((name, facts.get("value", "")))

    def handle_data(self, data: str) -> None:
        if self._in_heading:
            self.heading += data.strip()

    def handle_endtag(self, tag: str) -> None:
        self._in_heading = False


def link_in(redirect: Path) -> str:
    """Where the redirect file leads."""
    found = _LINK.search(redirect.read_text(encoding="utf-8"))
    if found is None:
        raise SystemExit(f"{redirect} leads nowhere")
    return found[0]


def main() -> None:
    notes, link = Path(sys.argv[1]), link_in(Path(sys.argv[-1]))
    page = Page()
    with urlopen(Request(link), timeout=_PATIENCE) as answer:
        page.feed(answer.read().decode())
    confirm = next(button for button in page.form.buttons if button[1] == "confirm")
    body = urlencode({**page.form.hidden, **page.form.typed, confirm[0]: confirm[1]}).encode()
    place = urlsplit(link)
    headers = {"Origin": f"{place.scheme}://{place.netloc}", "Sec-Fetch-Site": "same-origin"}
    typed = [f"types “{word}”, which the page asks for" for word in page.form.typed.values()]
    told = ", ".join([f"reads “{page.heading}”", *typed, "presses Confirm and apply"])
    notes.write_text(f"{told}.\n", encoding="utf-8")
    with urlopen(Request(urljoin(link, page.form.action), data=body, headers=headers), timeout=_PATIENCE):
        pass


if __name__ == "__main__":
    main()
