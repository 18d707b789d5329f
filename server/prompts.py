"""MCP prompts: Jinja2 files of `prompts/` with TOML front matter between two lines of `+++`.

A prompt brings what it needs to know: what its `[retrieve]` table asks for is looked up as the tools do it.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from mcp.server.mcpserver.prompts import Prompt
from mcp.server.mcpserver.prompts.base import PromptArgument
from pydantic import BaseModel, ConfigDict, Field

from engine.model.errors import GroundplanError
from rag.model.document import Scope
from server.office import Office
from server.render.answers.digest import digest_text
from server.render.answers.looked_up import explain_answer, search_answer
from server.render.clean import visible
from server.retrieval import Question, Reply, count_tokens, digest, explain, look_up

FOLDER = Path(__file__).resolve().parents[1] / "prompts"
_FENCE = "+++\n"
_LONGEST_ARGUMENT = 10_000
_LONGEST_QUERY = 2_000
_CONTEXT = "ctx"


class Argument(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    description: str
    required: bool = False


class Retrieve(BaseModel):
    """What is looked up: `query` is a template; `digest` adds the workspace at a glance; `failure` names the argument
    that holds the run to explain."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    query: str = ""
    scopes: tuple[Scope, ...] = ()
    kinds: tuple[str, ...] = ()
    limit: int = Field(default=5, ge=1, le=20)
    tokens: int = Field(default=1_200, ge=200, le=4_000)
    digest: bool = False
    failure: str = ""


class FrontMatter(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    title: str
    description: str
    arguments: tuple[Argument, ...] = ()
    retrieve: Retrieve | None = None


def load_prompts(folder: Path = FOLDER) -> list[Prompt]:
    """In the order of their file names. Raises ValueError for a file without proper front matter."""
    return [_prompt(path) for path in sorted(folder.glob("*.md.j2"))]


def _prompt(path: Path) -> Prompt:
    before, _, rest = path.read_text(encoding="utf-8").partition(_FENCE)
    head, fence, template = rest.partition(_FENCE)
    if before or not fence:
        raise ValueError(f"{path.name} does not begin with front matter between two lines of +++")
    facts = FrontMatter.model_validate(tomllib.loads(head))
    arguments = [
        PromptArgument(name=each.name, description=each.description, required=each.required) for each in facts.arguments
    ]
    return Prompt(
        name=facts.name, title=facts.title, description=facts.description, arguments=arguments,
        context_kwarg=_CONTEXT, fn=_rendering(template, facts),
    )  # fmt: skip


def _rendering(template: str, facts: FrontMatter) -> Callable[..., str]:
    names = tuple(each.name for each in facts.arguments)

    def render(**given: Any) -> str:
        office: Office = given[_CONTEXT].request_context.lifespan_context
        told = {name: visible(str(given.get(name) or ""))[:_LONGEST_ARGUMENT] for name in names}
        found = _joined(_found(office, facts.retrieve, told)) if facts.retrieve else ""
        return _filled(template, {**told, "found": found})

    return render


def _found(office: Office, wish: Retrieve, told: dict[str, str]) -> Iterator[str]:
    """What was looked up, as data; what can't be looked up leaves the prompt without it."""
    workspace = told.get("workspace", "")
    if wish.digest:
        yield _unless_refused(lambda: digest_text(digest(office, workspace), count_tokens))
    if wish.failure:
        run_id = told[wish.failure]
        yield _unless_refused(lambda: explain_answer(*explain(office, workspace, run_id=run_id)).words)
    if wish.query:
        words = _filled(wish.query, told)[:_LONGEST_QUERY]
        question = Question(
            words, workspace, wish.scopes, wish.kinds, limit=wish.limit, token_budget=wish.tokens, state=False
        )
        yield _unless_refused(lambda: _passages(look_up(office, question)))


def _joined(parts: Iterator[str]) -> str:
    return "\n\n".join(part for part in parts if part)


def _passages(reply: Reply) -> str:
    return "" if reply.is_empty else search_answer(reply.workspace, reply.state, reply.answer).words


def _unless_refused(look: Callable[[], str]) -> str:
    try:
        return look()
    except GroundplanError:
        return ""


def _filled(template: str, told: dict[str, str]) -> str:
    return _environment().from_string(template).render(told)


@functools.cache
def _environment() -> Any:
    # Imported when the first prompt is asked for: most sessions never ask for one.
    from jinja2 import StrictUndefined  # noqa: PLC0415
    from jinja2.sandbox import ImmutableSandboxedEnvironment  # noqa: PLC0415

    # Nothing is escaped: the text is Markdown for a model, not a page.
    return ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True
    )
