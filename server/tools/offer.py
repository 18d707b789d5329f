"""What makes a function a tool: hints that tell the truth, a lean schema, mistakes told as facts with a next move."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal

from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.mcpserver.tools import Tool
from mcp_types import CallToolResult, ContentBlock, ResourceLink, TextContent, ToolAnnotations
from pydantic import BaseModel, create_model

from engine.model.errors import GroundplanError
from server.render.answers.answer import WordedAnswer
from server.render.clean import visible
from server.tools.schema import lean_input, lean_output, shallow

Kind = Literal["read", "propose", "act"]
Act = Callable[..., Awaitable[BaseModel]]

# A stored proposal outlives the call, so a propose tool is not read-only; it changes nothing else and asks no cloud
# to change anything, so it is neither destructive nor open to the world. `check_drift` asks the clouds.
_HINTS: dict[Kind, ToolAnnotations] = {
    "read": ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False),
    "propose": ToolAnnotations(
        read_only_hint=False, destructive_hint=False, idempotent_hint=False, open_world_hint=False
    ),
    "act": ToolAnnotations(read_only_hint=False, destructive_hint=True, idempotent_hint=False, open_world_hint=True),
}


@dataclass(frozen=True, slots=True)
class Offer:
    """One tool before it is offered: its function's docstring is what a model reads."""

    act: Act
    kind: Kind
    group: str
    open_world: bool = False

    @property
    def name(self) -> str:
        return self.act.__name__


def tool_of(offer: Offer) -> Tool:
    """The tool with its schemas made lean; arguments that the schema does not name are refused."""
    hints = _HINTS[offer.kind]
    if offer.open_world:
        hints = hints.model_copy(update={"open_world_hint": True})
    words = " ".join(inspect.cleandoc(offer.act.__doc__ or "").split("\n"))
    tool = Tool.from_function(_answered(offer.act), name=offer.name, description=words, annotations=hints)
    facts = tool.fn_metadata
    # A misspelt argument must not turn `plan_destroy` of one address into one of everything.
    facts.arg_model = create_model(
        facts.arg_model.__name__, __base__=facts.arg_model, __cls_kwargs__={"extra": "forbid"}
    )
    tool.parameters = lean_input(tool.parameters)
    answer = lean_output(facts.output_schema or {})
    # Every proposal is answered alike, and `get_plan` describes that answer whole.
    facts.output_schema = shallow(answer) if offer.kind == "propose" else answer
    return tool


def _answered(act: Act) -> Callable[..., Awaitable[CallToolResult]]:
    with_mistakes_told = told(act)

    @functools.wraps(act)
    async def run(*given: Any, **named: Any) -> CallToolResult:
        return as_result(await with_mistakes_told(*given, **named))

    return run


def told(act: Callable[..., Any]) -> Callable[..., Awaitable[Any]]:
    """What the caller can mend becomes the tool's error text; anything else is masked by the server."""

    @functools.wraps(act)
    async def run(*given: Any, **named: Any) -> Any:
        try:
            answer = act(*given, **named)
            return await answer if inspect.isawaitable(answer) else answer
        except GroundplanError as error:
            raise ToolError(visible(str(error))) from error

    return run


def as_result(answer: BaseModel) -> CallToolResult:
    """The answer as structured content, and the same as text for clients that read no other; None is left out."""
    structured = answer.model_dump(mode="json", exclude_none=True)
    if isinstance(answer, WordedAnswer):
        links = [ResourceLink(type="resource_link", uri=each.uri, name=each.name) for each in answer.links]
        content: list[ContentBlock] = [TextContent(type="text", text=answer.words), *links]
    else:
        content = [TextContent(type="text", text=answer.model_dump_json(exclude_none=True))]
    return CallToolResult(content=content, structured_content=structured)
