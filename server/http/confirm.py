"""The confirmation page's routes: open the link once, decide by POST, watch the run."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from engine.model.confirmation import Channel, Confirmation
from engine.model.errors import GroundplanError, PlanSettled
from engine.model.plan import Plan, PlanStatus
from engine.model.principal import Principal
from server.http.checks import Refusal, check_host, check_opening, check_post, read_form
from server.http.confirm_pages import HEADERS, question_page, run_page, static_file, word_page
from server.http.pending import PageClosed, Pending, PendingPages, Stage, pending_pages
from server.office import Office
from server.render.plan_sheet import destroys

OPENING = "/confirm/open/"
Endpoint = Callable[[Request], Awaitable[Response]]


def confirm_routes(office: Office, origin: str = "") -> list[Route]:
    """The page's routes. With an origin (`http://127.0.0.1:8750`) links lead there, and nowhere else.

    Without one they answer only once a listener of our own has told where they are served.
    """
    door = _Door(office, pending_pages(office), origin)
    if origin:
        door.pages.origin = origin
    return [
        # Only these two methods are named, so that HEAD reaches the check instead of Starlette's own handling.
        Route(OPENING + "{link}", door.at(door.open), methods=["GET", "HEAD"]),
        Route("/confirm/{page_id}/decide", door.at(door.decide), methods=["POST"]),
        Route("/confirm/{page_id}/run", door.at(door.run), methods=["POST"]),
        Route("/confirm/static/{name}", door.at(door.static), methods=["GET"]),
    ]


class _Door:
    def __init__(self, office: Office, pages: PendingPages, origin: str) -> None:
        self.pages = pages
        self._office = office
        self._fixed = origin

    @property
    def _origin(self) -> str:
        return self._fixed or self.pages.origin

    def at(self, endpoint: Endpoint) -> Endpoint:
        """The endpoint behind the check of the host, with every refusal told on a page."""

        async def answer(request: Request) -> Response:
            try:
                check_host(request, self._origin)
                return await endpoint(request)
            except Refusal as refusal:
                if request.method == "HEAD":
                    return Response(status_code=refusal.status, headers=HEADERS)
                return word_page("Not done", refusal.words, "Nothing was changed.", refusal.status)
            except PageClosed as closed:
                return word_page("This page is closed", closed.message, closed.hint, 410)

        return answer

    async def static(self, request: Request) -> Response:
        return static_file(request.path_params["name"])

    async def open(self, request: Request) -> Response:
        check_opening(request)
        page, nonce = self.pages.open(request.path_params["link"])
        try:
            plan = await anyio.to_thread.run_sync(self._plan, page)
        except GroundplanError as error:
            self.pages.void(page, str(error))
            return word_page("This plan can't be confirmed", error.message, error.hint, 410)
        return question_page(page, plan, nonce)

    async def decide(self, request: Request) -> Response:
        check_post(request, self._origin)
        form = await read_form(request)
        page = self.pages.shown(request.path_params["page_id"], form["nonce"])
        decision = form.get("decision")
        if decision not in ("confirm", "refuse"):
            raise Refusal(400, "The form says neither confirm nor refuse.")
        if not self.pages.begin_decision(page):
            return await self._standing(page, form["nonce"])
        try:
            act = self._refuse if decision == "refuse" else self._confirm
            return await anyio.to_thread.run_sync(act, page, form)
        except PageClosed:
            raise
        except GroundplanError as error:
            self.pages.void(page, str(error))
            return word_page("Not applied", str(error), status=409)
        except BaseException:
            # Whatever broke, the page must not stay between yes and no.
            self.pages.void(page, "Something went wrong while this was decided. Look at the plan before trying again.")
            raise

    async def run(self, request: Request) -> Response:
        check_post(request, self._origin)
        form = await read_form(request)
        page = self.pages.shown(request.path_params["page_id"], form["nonce"])
        return await self._standing(page, form["nonce"])

    async def _standing(self, page: Pending, nonce: str) -> Response:
        """Where a page that is decided, or being decided, stands. Acts never."""
        if page.stage is Stage.CONFIRMED:
            run = await anyio.to_thread.run_sync(self._office.engine().run, page.run_id)
            return run_page(page, run, nonce)
        if page.stage is Stage.APPROVED:
            return word_page("Approved", page.words)
        if page.stage is Stage.REFUSED:
            return word_page("Refused", "This plan was refused. Nothing was changed.")
        if page.stage is Stage.DECIDING:
            return word_page("One moment", "Your decision is being carried out.", "Go back and look again.", 409)
        raise PageClosed(page.words or "This plan was not confirmed yet.")

    def _plan(self, page: Pending) -> Plan:
        record = self._office.engine().plan(page.plan_id)
        if record.plan is None or record.status is not PlanStatus.PENDING:
            raise PlanSettled(f"Plan {record.id} is {record.status.value}.")
        if record.plan.digest != page.digest:
            raise PlanSettled(f"Plan {record.id} is another one now.")
        return record.plan

    def _confirm(self, page: Pending, form: dict[str, str]) -> Response:
        plan = self._plan(page)
        if destroys(plan) and form.get("workspace", "").strip() != plan.workspace:
            return self._wrong_name(page, plan, form["nonce"])
        if page.sign is not None:
            words = page.sign()
            self.pages.end(page, Stage.APPROVED, words=words)
            return word_page("Approved", words)
        engine = self._office.engine()
        run = engine.apply(Confirmation(page.plan_id, page.digest, Channel.PAGE, self._person(page)))
        self.pages.end(page, Stage.CONFIRMED, run_id=run.id)
        engine.start_worker()
        return run_page(page, run, form["nonce"])

    def _refuse(self, page: Pending, form: dict[str, str]) -> Response:
        self._office.engine().refuse(page.plan_id, self._person(page), Channel.PAGE)
        self.pages.end(page, Stage.REFUSED, words="This plan was refused.")
        return word_page("Refused", "The plan is refused and can't be applied any more. Nothing was changed.")

    def _wrong_name(self, page: Pending, plan: Plan, nonce: str) -> Response:
        left = self.pages.take_try(page)
        self._office.engine().record("confirmation.wrong_name", self._person(page), plan=plan.id, tries_left=str(left))
        if left <= 0:
            raise PageClosed(page.words, hint="Ask for the plan to be applied again.")
        return question_page(page, plan, nonce, wrong="That is not the workspace's name. Nothing was applied.")

    def _person(self, page: Pending) -> Principal:
        return self._office.person("page", page.by.client)
