"""What the confirmation page looks like at each stage, and the headers it is sent with."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.responses import HTMLResponse, Response

from engine.model.plan import Plan
from engine.model.run import Run, Step
from server.http.pending import TRIES, Pending
from server.render.clean import visible
from server.render.plan_sheet import plan_sheet
from server.render.run import MARKS, failure_text

if TYPE_CHECKING:
    from jinja2 import Environment

PAGES = Path(__file__).parent / "pages"
# Referrer-Policy is `same-origin`: with `no-referrer` a browser sends `Origin: null` with the page's own form.
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
}


def question_page(page: Pending, plan: Plan, nonce: str, *, wrong: str = "") -> Response:
    """The whole plan and the two buttons; `wrong` says what was typed wrong."""
    return _html(
        "question.html", 422 if wrong else 200, page=page, sheet=plan_sheet(plan), nonce=nonce, wrong=wrong,
        tries_left=page.tries if page.tries < TRIES else 0, asked_by=visible(str(page.by), lines=False),
        asked_at=f"{page.asked_at:%Y-%m-%d %H:%M:%S} UTC",
    )  # fmt: skip


def run_page(page: Pending, run: Run, nonce: str) -> Response:
    """The run as it is now; the window's script asks again until it is over."""
    return _html(
        "run.html", 200, page=page, run=run, nonce=nonce, steps=[_step(step) for step in run.steps],
        workspace=visible(run.workspace, lines=False), waiting=visible(run.waiting, lines=False),
        failure=failure_text(run.failure) if run.failure else "",
    )  # fmt: skip


def _step(step: Step) -> dict[str, str]:
    return {
        "mark": MARKS[step.status],
        "status": step.status.value,
        "verb": step.verb,
        "address": visible(step.address, lines=False),
        "failure": failure_text(step.failure) if step.failure else "",
    }


def word_page(title: str, words: str, hint: str = "", status: int = 200) -> Response:
    """A page that only says something."""
    return _html("word.html", status, title=title, words=visible(words), hint=visible(hint))


def static_file(name: str) -> Response:
    """Our one style sheet and one script."""
    kinds = {"page.css": "text/css", "page.js": "text/javascript"}
    if name not in kinds:
        return Response(status_code=404, headers=HEADERS)
    return Response((PAGES / name).read_bytes(), media_type=kinds[name], headers=HEADERS)


def _html(template: str, status: int, **values: Any) -> Response:
    return HTMLResponse(_templates().get_template(template).render(values), status, HEADERS)


@cache
def _templates() -> Environment:
    # Imported here: a stdio server starts without a template engine, and most never show a page.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415

    return Environment(
        loader=FileSystemLoader(PAGES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
