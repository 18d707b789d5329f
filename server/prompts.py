"""MCP prompts: Jinja2 files of `prompts/` with TOML front matter between two lines of `+++`."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mcp.server.mcpserver.prompts import Prompt
from mcp.server.mcpserver.prompts.base import PromptArgument
from pydantic import BaseModel, ConfigDict

from server.render.clean import visible

FOLDER = Path(__file__).resolve().parents[1] / "prompts"
_FENCE = "+++\n"
_LONGEST_ARGUMENT = 10_000


class Argument(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    description: str
    required: bool = False


class FrontMatter(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    title: str
    description: str
    arguments: tuple[Argument, ...] = ()


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
        context_kwarg=None, fn=_rendering(template, tuple(each.name for each in facts.arguments)),
    )  # fmt: skip


def _rendering(template: str, names: tuple[str, ...]) -> Callable[..., str]:
    def render(**given: Any) -> str:
        told = {name: visible(str(given.get(name) or ""))[:_LONGEST_ARGUMENT] for name in names}
        return _environment().from_string(template).render(told)

    return render


@functools.cache
def _environment() -> Any:
    # Imported when the first prompt is asked for: most sessions never ask for one.
    from jinja2 import StrictUndefined  # noqa: PLC0415
    from jinja2.sandbox import ImmutableSandboxedEnvironment  # noqa: PLC0415

    # Nothing is escaped: the text is Markdown for a model, not a page.
    return ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True
    )
