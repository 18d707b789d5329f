"""Rule: something that a workspace demands of its resources or of every plan, as policies/rules.yaml states it."""

from __future__ import annotations

import re
from typing import Annotated, Literal, cast

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StrictInt, StrictStr
from pydantic import model_validator as validated

from engine.policy.rules.check import Check, PatternText
from engine.policy.rules.unsound import Unsound

MOST_RULES = 200
_MOST_NAMES = 100
_PORTS = re.compile(r"([0-9]{1,5})(?:-([0-9]{1,5}))?")
_NAME = re.compile(r"[a-z][a-z0-9-]{0,62}")
_PATH = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*){0,3}")
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._/-]{0,61}[A-Za-z0-9])?")
Counted = Literal["create", "update", "replace", "delete", "adopt", "forget"]
_CONFIG = ConfigDict(extra="forbid", frozen=True)


def _several(value: object) -> object:
    if isinstance(value, str | int) and not isinstance(value, bool):
        return (value,)
    return value


def _present_labels(value: object) -> object:
    if not isinstance(value, list):
        return value
    names = cast("list[object]", value)
    words = [name for name in names if isinstance(name, str)]
    return {name: {"present": True} for name in words} if words and len(words) == len(names) else names


def _span(value: int | str) -> tuple[int, int]:
    found = _PORTS.fullmatch(str(value))
    low, high = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
    if not 0 < low <= high < 65536:
        raise Unsound("it is no port and no range of ports", "Write 22 or 8000-8100, the lower one first.")
    return low, high


def _fitting(form: re.Pattern[str], noun: str, example: str) -> AfterValidator:
    def check(text: str) -> str:
        if not form.fullmatch(text):
            raise Unsound(f"it can't be {noun}", f"Such as {example}.")
        return text

    return AfterValidator(check)


_Word = Annotated[StrictStr, Field(min_length=1, max_length=100)]
Words = Annotated[tuple[_Word, ...], BeforeValidator(_several), Field(min_length=1, max_length=_MOST_NAMES)]
LabelName = Annotated[StrictStr, _fitting(_LABEL, "a label", "env")]
PropertyPath = Annotated[StrictStr, _fitting(_PATH, "a property", "size or needs.memory")]
Ports = Annotated[
    tuple[Annotated[StrictInt | StrictStr, AfterValidator(_span)], ...], BeforeValidator(_several),
    Field(min_length=1, max_length=_MOST_NAMES),
]  # fmt: skip


class When(BaseModel):
    """Which resources a rule is about: everything that is named has to hold."""

    model_config = _CONFIG

    type: Words = Field((), description="Of one of these types.")
    provider: Words = Field((), description="With one of these providers.")
    name: PatternText | None = Field(None, description="Whose name fits this pattern.")
    labels: dict[LabelName, Words] = Field({}, description="With each of these labels, of one of the given values.")
    properties: dict[PropertyPath, Check] = Field({}, description="Whose properties pass these checks.")
    stateful: StrictBool | None = Field(None, description="Whose type holds data that a delete loses, or does not.")

    @validated(mode="after")
    def _says_something(self) -> When:
        if not self.model_fields_set:
            raise Unsound("it names nothing", "Leave it out to mean every resource.")
        return self


class Related(BaseModel):
    """Another resource that refers to the one in question, or that it refers to."""

    model_config = _CONFIG

    type: _Word = Field(description="Its type.")
    name: PatternText | None = Field(None, description="A pattern for its name.")
    labels: dict[LabelName, Words] = Field({}, description="Labels that it has to have.")
    at_least: StrictInt = Field(1, ge=1, le=100, description="How many of them.")


class MonthlyCost(BaseModel):
    """What the workspace may cost a month after a plan."""

    model_config = _CONFIG

    max: float = Field(strict=True, ge=0, description="The most, in the currency.")
    currency: _Word = Field("EUR", description="Its currency; prices in another one are not judged.")


class Require(BaseModel):
    """What a rule demands; several keys hold together."""

    model_config = _CONFIG

    properties: dict[PropertyPath, Check] = Field({}, description="Checks of properties.")
    labels: Annotated[dict[LabelName, Check], BeforeValidator(_present_labels)] = Field(
        {}, description="Checks of labels, or a list of those that have to be there."
    )
    name: PatternText | None = Field(None, description="A pattern that the name has to fit.")
    providers: Words = Field((), description="The providers that are allowed.")
    regions: Words = Field((), description="The regions that are allowed, for types that have one.")
    sizes: Words = Field((), description="The sizes of servers that are allowed.")
    prevent_destroy: StrictBool | None = Field(None, description="What lifecycle.prevent_destroy has to be.")
    related: Related | None = Field(None, description="A resource of another type that has to go with it.")
    closed_ports: Ports = Field((), description="Ports that no firewall opens to the whole internet.")
    monthly_cost: MonthlyCost | None = Field(None, description="What everything may cost a month.")
    most_changes: dict[Counted, Annotated[StrictInt, Field(ge=0, le=10_000)]] = Field(
        {}, description="How many changes of an action one plan may hold."
    )

    @property
    def of_plan(self) -> bool:
        """It is about a plan as a whole, not about each resource."""
        return self.monthly_cost is not None or bool(self.most_changes)

    @validated(mode="after")
    def _says_something(self) -> Require:
        if not any(getattr(self, name) not in (None, (), {}) for name in self.model_fields_set):
            raise Unsound("it demands nothing", f"Write one of {', '.join(Require.model_fields)}.")
        both = [name for name in self.model_fields_set if name not in ("monthly_cost", "most_changes")]
        if self.of_plan and both:
            raise Unsound("it mixes what is asked of a plan with what is asked of each resource", "Make it two rules.")
        return self


class Rule(BaseModel):
    """One demand. A deny rule that is broken denies the plan, a warn rule adds a warning to it."""

    model_config = _CONFIG

    name: Annotated[StrictStr, _fitting(_NAME, "a rule's name", "no-public-ssh")] = Field(
        description="What it is called: lower-case letters, digits and -."
    )
    description: Annotated[StrictStr, Field(max_length=200)] = Field("", description="Why it is there, in a sentence.")
    severity: Literal["deny", "warn"] = Field("deny", description="What a plan gets that breaks it.")
    when: When | None = Field(None, description="Which resources it is about; left out, every one.")
    require: Require = Field(description="What it demands.")

    @validated(mode="after")
    def _fits_together(self) -> Rule:
        if self.when and self.require.monthly_cost:
            raise Unsound("monthly_cost is about everything together", "Take when out.")
        if self.when and self.when.properties and self.require.most_changes:
            raise Unsound("most_changes can't look at properties", "Take when.properties out.")
        return self


class RuleFile(BaseModel):
    """The whole file."""

    model_config = _CONFIG

    rules: tuple[Rule, ...] = Field(max_length=MOST_RULES, description="The rules, in any order.")
