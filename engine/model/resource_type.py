"""ResourceType: a schema with lifecycle facts.

A type is a pydantic model whose fields carry facts: `immutable` (a change replaces the object), `computed` (the
provider sets it), `secret` (only a SecretRef may stand there), `code` (text that a machine will run, always shown
whole), `refers` (the type that a reference should name). A provider covers a type with that model or a subclass
that adds its own properties.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from pydantic_core import PydanticUndefined

from engine.model.unknown import Unknown, is_mapping, unknowns

_MISSING: Any = PydanticUndefined


def prop(  # noqa: PLR0913 - one keyword a fact
    description: str,
    default: Any = _MISSING,
    *,
    immutable: bool = False,
    computed: bool = False,
    secret: bool = False,
    code: bool = False,
    refers: str = "",
    **rules: Any,
) -> Any:
    """A field of a resource model; without a default it is required. `rules` are pydantic's (`ge`, `pattern`, …)."""
    facts: dict[str, Any] = {
        name: value
        for name, value in {
            "immutable": immutable, "computed": computed, "secret": secret, "code": code, "refers": refers,
        }.items()
        if value
    }  # fmt: skip
    if computed and default is _MISSING:
        default = None
    if isinstance(default, list | dict):
        rules["default_factory"] = default.copy
        default = _MISSING
    return Field(default, description=description, json_schema_extra=facts or None, **rules)


class ResourceModel(BaseModel):
    """What every resource model inherits: unknown properties are errors.

    `stateful` objects hold data of their users; `loses` names what is gone for good when an object goes.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    stateful: ClassVar[bool] = False
    loses: ClassVar[str] = ""

    id: str | None = prop("The provider's id of the object.", computed=True)
    status: str | None = prop("The provider's word for the state of the object.", computed=True)

    @classmethod
    def forces_replace(cls, name: str, before: Any, after: Any) -> bool:
        """Whether this difference can't be made to the living object; immutable fields are asked for already."""
        return False

    @classmethod
    def conflicts(cls, properties: dict[str, Any]) -> list[tuple[str, str]]:
        """Rules across fields: (property, what is wrong)."""
        return []


@dataclass(frozen=True)
class Property:
    """One field of a type with its facts."""

    name: str
    adapter: TypeAdapter[Any]
    required: bool
    default: Any
    description: str
    immutable: bool = False
    computed: bool = False
    secret: bool = False
    code: bool = False
    refers: str = ""

    def normal(self, value: Any) -> Any:
        """The value in canonical form, JSON-ready. A value that holds an Unknown can't be checked yet and stays.

        Raises pydantic's ValidationError.
        """
        if any(True for _ in unknowns(value)):
            return value
        return self.adapter.dump_python(self.adapter.validate_python(value), mode="json", exclude_none=True)


@dataclass(frozen=True)
class ResourceType:
    """A type as one provider covers it; `limits` are sentences for people."""

    name: str
    model: type[ResourceModel]
    limits: tuple[str, ...] = ()

    @property
    def summary(self) -> str:
        return (self.model.__doc__ or self.name).strip().splitlines()[0]

    @property
    def stateful(self) -> bool:
        """Objects of this type hold data that a delete loses."""
        return self.model.stateful

    @cached_property
    def properties(self) -> dict[str, Property]:
        found: dict[str, Property] = {}
        for name, field in self.model.model_fields.items():
            extra: Any = field.json_schema_extra
            facts: dict[str, Any] = extra if is_mapping(extra) else {}
            annotated: Any = field.rebuild_annotation()
            default = None if field.is_required() else field.get_default(call_default_factory=True)
            found[name] = Property(
                name=name, adapter=TypeAdapter(annotated), required=field.is_required(),
                default=default.model_dump(mode="json") if isinstance(default, BaseModel) else default,
                description=field.description or "", **facts,
            )  # fmt: skip
        return found

    @cached_property
    def inputs(self) -> dict[str, Property]:
        """The properties that a manifest may set."""
        return {name: field for name, field in self.properties.items() if not field.computed}

    def forces_replace(self, name: str, before: Any, after: Any) -> bool:
        """Whether a change of this property replaces the object; an Unknown is judged at its worst."""
        field = self.properties.get(name)
        if field is None:
            return False
        if field.immutable:
            return True
        if isinstance(after, Unknown):
            return False
        return self.model.forces_replace(name, before, after)

    def schema(self) -> dict[str, Any]:
        """JSON schema of what a manifest may write."""
        schema = self.model.model_json_schema()
        schema["properties"] = {name: schema["properties"][name] for name in self.inputs}
        return schema
