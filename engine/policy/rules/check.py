"""Check: what one value has to be, and whether it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, cast

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, StrictFloat, StrictInt, StrictStr
from pydantic import model_validator as validated

from engine.model.quantity import size_in_bytes
from engine.policy.rules.pattern import LONGEST_TEXT, pattern
from engine.policy.rules.unsound import Unsound

MOST_CHOICES = 100
Scalar = StrictBool | StrictInt | StrictFloat | Annotated[StrictStr, Field(max_length=LONGEST_TEXT)]
Bound = StrictInt | StrictFloat | Annotated[StrictStr, Field(max_length=40)]


def _readable(text: str) -> str:
    pattern(text)
    return text


PatternText = Annotated[str, AfterValidator(_readable)]
Choices = Annotated[tuple[Scalar, ...], Field(min_length=1, max_length=MOST_CHOICES)]


class Check(BaseModel):
    """What one value has to be; several keys hold together. A list is judged item by item; an empty one is absent."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    present: StrictBool | None = Field(None, description="Whether there has to be a value, or must be none.")
    equals: Scalar | None = Field(None, alias="is", description="The one value that it has to be.")
    one_of: Choices | None = Field(None, description="The values that it may be.")
    none_of: Choices | None = Field(None, description="Values that it must not be.")
    matches: PatternText | None = Field(None, description="A pattern that the whole text has to fit.")
    min: Bound | None = Field(None, description="The least number, or size such as 10GiB.")
    max: Bound | None = Field(None, description="The greatest number, or size such as 10GiB.")

    @validated(mode="after")
    def _says_something(self) -> Check:
        if not self.model_fields_set or all(getattr(self, name) is None for name in self.model_fields_set):
            raise Unsound("it checks nothing", f"Write one of {', '.join(CHECK_KEYS)}.")
        _check_bounds([bound for bound in (self.min, self.max) if bound is not None])
        if self.present is False and len(self.model_fields_set) > 1:
            raise Unsound("present: false leaves nothing else to check", "Take the other keys out.")
        return self

    def faults(self, value: Any) -> Iterator[tuple[str, Any]]:
        """What is wrong with a value that is known, in words, and the nearest value that would do; None for nothing."""
        items: list[Any] = cast("list[Any]", value) if isinstance(value, list) else [] if value is None else [value]
        if not items:
            if self.present is not False and self.none_of is None:
                yield "is not there", self._nearest(None)
            return
        if self.present is False:
            yield "has to be left out", None
            return
        for item in items:
            wrong = self._fault(item)
            if wrong:
                yield f"is {_shown(item)}; {wrong}", None if isinstance(value, list) else self._nearest(item)

    def _fault(self, value: Any) -> str:
        if self.equals is not None and not _same(value, self.equals):
            return f"it has to be {_shown(self.equals)}"
        if self.one_of is not None and not any(_same(value, each) for each in self.one_of):
            return f"it has to be one of {', '.join(map(_shown, self.one_of))}"
        if self.none_of is not None and any(_same(value, each) for each in self.none_of):
            return "that is not allowed"
        if self.matches is not None and not (isinstance(value, str) and pattern(self.matches).fits(value)):
            return f"it has to fit {self.matches}"
        return self._out_of_range(value) if self.min is not None or self.max is not None else ""

    def _out_of_range(self, value: Any) -> str:
        number = _number(value)
        bounds = [bound for bound in (self.min, self.max) if bound is not None]
        if number is None or any(isinstance(bound, str) is not isinstance(value, str) for bound in bounds):
            return "it has to be a size" if isinstance(bounds[0], str) else "it has to be a number"
        if self.min is not None and number < (_number(self.min) or 0):
            return f"it has to be at least {self.min}"
        if self.max is not None and number > (_number(self.max) or 0):
            return f"it has to be at most {self.max}"
        return ""

    def _nearest(self, value: Any) -> Any:
        """A value that satisfies all of it, as close to the given one as can be told; None where none is known."""
        fitting = [
            each
            for each in (self.equals, *(self.one_of or ()), self.min, self.max)
            if each is not None and not self._fault(each)
        ]
        number = _number(value)
        if number is not None:
            fitting.sort(key=lambda each: abs((_number(each) or 0) - number))
        return fitting[0] if fitting else None


CHECK_KEYS = tuple(field.alias or name for name, field in Check.model_fields.items())


def _check_bounds(bounds: list[int | float | str]) -> None:
    numbers = [number for number in map(_number, bounds) if number is not None]
    if len(numbers) < len(bounds) or len({isinstance(bound, str) for bound in bounds}) > 1:
        raise Unsound("min and max are two numbers or two sizes", "Write 4, 0.5 or 10GiB.")
    if numbers != sorted(numbers):
        raise Unsound("min is greater than max", "Write the smaller one as min.")


def _same(one: Any, other: Any) -> bool:
    """Equal in kind too: true is not 1. Two ways to write one size are the same."""
    if isinstance(one, bool) is not isinstance(other, bool):
        return False
    if isinstance(one, str) and isinstance(other, str) and one != other:
        first, second = _number(one), _number(other)
        return first is not None and first == second
    return one == other


def _number(value: Any) -> float | None:
    """A number as it is, a size in bytes; None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return value
    try:
        return size_in_bytes(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _shown(value: Any) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return text if len(text) <= 60 else f"{text[:60]}…"
