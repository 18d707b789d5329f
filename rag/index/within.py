"""Within as SQL: which documents may answer."""

from __future__ import annotations

from rag.model.query import Within


def condition(within: Within) -> tuple[str, list[str]]:
    """A condition on the table `document`, and its parameters. No shelf: no document."""
    parts = [_one_of("document.shelf", within.shelves)]
    values = list(within.shelves)
    for column, allowed in (("scope", within.scopes), ("kind", within.kinds)):
        if allowed:
            parts.append(_one_of(f"document.{column}", allowed))
            values += [str(each) for each in allowed]
    if within.tags:
        parts.append(f"exists (select 1 from json_each(document.tags) where {_one_of('value', within.tags)})")  # noqa: S608
        values += within.tags
    return " and ".join(parts), values


def is_whole_shelf(within: Within) -> bool:
    return not (within.scopes or within.kinds or within.tags)


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} in ({', '.join('?' * len(values))})"
