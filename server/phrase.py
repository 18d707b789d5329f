"""The phrase that a person types under a plan at an interactive terminal."""

from __future__ import annotations

from typing import TextIO

from engine.model.errors import ConsentUnavailable
from engine.model.plan import Plan
from server.render.plan import plan_text
from server.render.plan_sheet import destroys


def need_terminal(fact: str, stdin: TextIO, stdout: TextIO) -> None:
    """`fact` is what is done there, such as "Plan p is confirmed". Raises `ConsentUnavailable` where one is none."""
    if not (stdin.isatty() and stdout.isatty()):
        raise ConsentUnavailable(
            f"{fact} by a person at an interactive terminal, and this is none.",
            hint="Run the command yourself, without a pipe.",
        )


def typed_the_phrase(plan: Plan, act: str, stdin: TextIO, stdout: TextIO) -> bool:
    """Show the whole plan and ask for the phrase: `yes`, or the workspace's name where something is destroyed."""
    phrase, asked = "yes", f'Type "yes" to {act} this plan'
    if destroys(plan):
        phrase, asked = plan.workspace, f"Something is destroyed. Type the workspace's name to {act} this plan"
    stdout.write(f"{plan_text(plan)}\n{asked}: ")
    stdout.flush()
    return stdin.readline().strip() == phrase
