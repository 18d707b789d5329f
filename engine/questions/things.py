"""Questions about recorded resources: which there are, how many, what they are like, what they cost."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from engine.model.citation import cite_workspace
from engine.model.quantity import size_text
from engine.model.run import RunStatus
from engine.model.state_answer import StateRow
from engine.questions.case import Case, Draft
from engine.questions.filters import AMOUNTS, Filter, amount, filters_of, narrowed, runs_on, takes_all, with_text
from engine.questions.lexeme import Lexeme, Part
from engine.questions.lexer import Entity
from engine.questions.prices import cost_answer, dearest
from engine.questions.register import Register, Thing
from engine.questions.tell import ROWS, field_text, listed
from engine.questions.words import named, plural

# Words that don't say that what is here is meant: `what are networks`, where `what networks are there` does.
_EMPTY = frozenset(["is", "are", "be", "was", "were", "of", "to", "for", "from", "it", "they", "that"])
# How many names are compared for those that were perhaps meant.
_COMPARED = 200
# What can't be asked of a list of resources.
_ODD = ("when", "why", "how long", "how far", "how much", "where", "outcome")
_MERE = (Part.TYPE, Part.RESOURCE, Part.ASK, Part.AND, Part.FIELD, Part.TIED)
_LIGHT = {Part.DO, Part.DEFINITE, Part.AND, Part.TIED, Part.WITH, Part.ARTICLE, Part.ASK}
_FILTERS = {Part.VALUE, Part.LABEL, Part.LABEL_KEY, Part.STATUS, Part.NOT, Part.COMPARED, Part.QUANTITY, Part.NUMBER}
_SUBJECT = {Part.TYPE, Part.RESOURCE, Part.FIELD, Part.LABELLED}


def about_one(case: Case) -> Draft | None:
    """A named resource: what it is like, where it is, what it costs."""
    reading = case.reading
    if not _is_about_one(case):
        return None
    entity: Entity = reading.all(Part.ENTITY)[0].value
    if not entity.things:
        return unknown(case, entity)
    if reading.has(Part.COST):
        return cost_answer(case, list(entity.things), entity.said)
    if reading.asks("count") and not reading.has(Part.FIELD):
        statement = f"{len(entity.things):,} recorded: {listed(entity.addresses)}."
        return Draft(statement, f"resources called {entity.said}", len(entity.things), case.rows(entity.things))
    return _told(case, entity)


def about_many(case: Case) -> Draft | None:
    """Resources of a type, or of all, that meet what is said of them."""
    reading = case.reading
    allowed = {*_LIGHT, *_FILTERS, *_SUBJECT, Part.GROUP, Part.TOTAL, Part.COST, Part.EXTREME}
    if not reading.only({*allowed, Part.RUN, Part.DEPENDS} if _uses_value(case) else allowed):
        return None
    if reading.holds(Part.RESOURCE, "any") or is_generic(case) or _target_type(case):
        return None
    if not reading.has(Part.TYPE, Part.RESOURCE) and not _stands_alone(case):
        return None
    types = list(dict.fromkeys(str(each.value) for each in _types(case)))
    subject = [each for type_ in sorted(types) for each in case.register.by_type.get(type_, ())]
    subject = subject if types else list(case.register.things.values())
    filters = filters_of(reading, case.register, subject)
    if not takes_all(reading, filters):
        return None
    if reading.has(Part.NOT) and not any(each.words.startswith("not: ") for each in filters):
        return _lacking(case, types, subject, filters)
    return _chosen(case, types, subject, filters)


def running(case: Case) -> Draft | None:
    """`Which servers run postgres?`: by labels, name, image and first-boot script, as they are recorded."""
    reading = case.reading
    term = runs_on(reading)
    if not term or not reading.has(Part.TYPE) or reading.has(Part.TIME, Part.LAST, Part.NOT):
        return None
    allowed = {*_LIGHT, Part.TYPE, Part.RUN, Part.STATUS, Part.TEXT, Part.VALUE, Part.ENTITY, Part.DEPENDS}
    if not reading.only(allowed) or len(reading.all(Part.TEXT, Part.VALUE, Part.ENTITY)) != 1:
        return None
    types = list(dict.fromkeys(str(each.value) for each in reading.all(Part.TYPE)))
    if types != ["server"]:
        return None
    matched = with_text(case.register, "server", term)
    hits = [
        (each, matched[each.address]) for each in case.register.by_type.get("server", []) if each.address in matched
    ]
    if not hits and not (reading.has(Part.RUN) or reading.holds(Part.STATUS, "running")):
        return None
    rows = tuple(case.row(each, (), matched_by=by) for each, by in hits[:ROWS])
    asked = f"servers with {term} in a label, the name, the image or the first-boot script"
    if not hits:
        text = (
            f"No server has {term} in a label, its name, its image or its first-boot script; services are not recorded."
        )
        return Draft(text, asked, citations=(cite_workspace(case.name),))
    how = listed(dict.fromkeys(by.split(" ")[0] for _, by in hits))
    statement = f"{named('server', len(hits))} by {how}: {listed(each.address for each, _ in hits)}."
    return Draft(statement, asked, len(hits), rows)


def unknown(case: Case, entity: Entity) -> Draft:
    """A name that nothing bears, with the names that were perhaps meant."""
    near = _near(case.register, entity)
    what = entity.said if "." in entity.said else f"{entity.type.replace('_', ' ') or 'resource'} {entity.said}"
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    statement = f"Workspace {case.name} has no {what}.{hint}"
    return Draft(statement, f"the resource {entity.said}", near=near, citations=(cite_workspace(case.name),))


def _near(register: Register, entity: Entity) -> tuple[str, ...]:
    """Addresses of the same declaration, or else of declarations with nearly that name."""
    said, _, key = entity.said.lower().partition("[")
    same = register.by_name.get(said, ())
    if same:
        wanted = f"{same[0].type}.{same[0].name}[{key}"
        return tuple(difflib.get_close_matches(wanted, [each.address for each in same[-_COMPARED:]], 3, 0.0))
    pool = register.by_type.get(entity.type, ()) if entity.type else register.things.values()
    name = said.rpartition(".")[2]
    close = [each for each in dict.fromkeys(each.name for each in pool) if abs(len(each) - len(name)) <= 3]
    names = difflib.get_close_matches(name, close[:_COMPARED], 3)
    return tuple(dict.fromkeys(each.address for near in names for each in pool if each.name == near))[:3]


def subject_words(types: Sequence[str], count: int) -> str:
    if not types:
        return f"{count:,} resource{'' if count == 1 else 's'}"
    if len(types) == 1:
        return named(types[0], count)
    return f"{count:,} {' and '.join(plural(each) for each in types)}"


def asked_words(types: Sequence[str], filters: Sequence[Filter]) -> str:
    words = " and ".join(plural(each) for each in types) if types else "resources"
    return words + (" where " + " and ".join(each.words for each in filters) if filters else "")


def fields_asked(case: Case) -> list[str]:
    return list(dict.fromkeys(str(each.value) for each in case.reading.all(Part.FIELD)))


def _types(case: Case) -> list[Lexeme]:
    """The types asked for, not the one that is only counted by."""
    found = case.reading.lexemes
    return [
        each for number, each in enumerate(found)
        if each.part is Part.TYPE and not (number and found[number - 1].part is Part.GROUP)
    ]  # fmt: skip


def _is_about_one(case: Case) -> bool:
    reading = case.reading
    entities = reading.all(Part.ENTITY)
    allowed = {*_LIGHT, Part.ENTITY, Part.FIELD, Part.COST, Part.TYPE, Part.TOTAL, Part.RESOURCE, *_asked_of(case)}
    return (
        len(entities) == 1
        and reading.only(allowed)
        and all(each.value == entities[0].value.type for each in reading.all(Part.TYPE))
        and not reading.asks("when", "why", "who", "how long", "how far", "outcome")
        and not is_generic(case)
    )


def is_generic(case: Case) -> bool:
    """`What is a network?`, `what are networks?` ask what the word means."""
    reading = case.reading
    lexemes = reading.lexemes
    for number, each in enumerate(lexemes):
        if each.part is Part.ARTICLE:
            before = lexemes[number - 1].part if number else None
            exists = reading.asks("exists") or any(
                it.part in (Part.TIED, Part.WITH, Part.NOT) for it in lexemes[:number]
            )
            if before is None or not exists:
                return True
    if reading.asks("about") and not reading.has(Part.ENTITY):
        return True
    bare = all(each.part in _MERE for each in lexemes)
    return bare and not reading.fillers - _EMPTY and all(each.value == "what" for each in reading.all(Part.ASK))


def _uses_value(case: Case) -> bool:
    """`Servers that run debian-12`, `who uses 10.20.0.2`."""
    reading = case.reading
    known = {field for each in reading.all(Part.VALUE) for field in each.value.fields}
    return "ip" in known or ("image" in known and reading.has(Part.TYPE))


def _stands_alone(case: Case) -> bool:
    """Without a type: an address that something has, or a label, asks for whatever bears it."""
    reading = case.reading
    if reading.has(Part.COST):
        return reading.has(Part.TOTAL) or bool(reading.fillers & {"we", "this workspace", "in this workspace"})
    ip = any("ip" in each.value.fields for each in reading.all(Part.VALUE))
    return ip or (reading.has(Part.LABEL) and reading.has(Part.ASK))


def _target_type(case: Case) -> bool:
    """A second type behind a tie is a condition, which relations answer."""
    lexemes = case.reading.lexemes
    first = case.reading.place(Part.TYPE, Part.RESOURCE)
    seen = False
    for each in lexemes[first + 1 :]:
        seen = seen or each.part in (Part.TIED, Part.WITH, Part.NOT)
        if seen and each.part is Part.TYPE:
            return True
    return case.reading.holds(Part.NOT, "untied")


def _asked_of(case: Case) -> set[Part]:
    """`Is server.db running?` asks for its status, `what image does server.db use?` for a field."""
    reading = case.reading
    if reading.has(Part.STATUS) and not reading.holds(Part.STATUS, RunStatus.FAILED):
        return {Part.STATUS}
    return {Part.DEPENDS} if reading.has(Part.FIELD) else set()


def _told(case: Case, entity: Entity) -> Draft:
    reading, fields = case.reading, fields_asked(case)
    if reading.asks("where"):
        fields = ["region", "address"]
    if reading.has(Part.STATUS):
        fields = [*fields, "status"]
    things = list(entity.things)
    rows = case.rows(things, fields)
    asked = f"{', '.join(fields) or 'what is recorded'} of {entity.said}"
    if reading.asks("exists") and not fields:
        return Draft(f"Yes: {listed(entity.addresses)}.", f"resources called {entity.said}", len(things), rows)
    lines = [_line(row) for row in rows[:10]]
    more = f" And {len(things) - 10:,} more." if len(things) > 10 else ""
    return Draft(f"{' '.join(lines)}{more}", asked, len(things), rows)


def _line(row: StateRow) -> str:
    facts = ", ".join(f"{name} {text or 'not recorded'}" for name, text in row.fields.items())
    return f"{row.name}: {facts}."


def _lacking(case: Case, types: Sequence[str], subject: Sequence[Thing], filters: Sequence[Filter]) -> Draft | None:
    """`Servers without labels`, `without a public address`."""
    reading = case.reading
    fields = fields_asked(case)
    unlabelled = reading.holds(Part.NOT, "unlabelled")
    if len(reading.all(Part.NOT)) != 1 or (len(fields) != 1 and not unlabelled):
        return None
    field = "labels" if unlabelled else fields[0]
    lack = Filter(f"no {field} is recorded", lambda thing: not field_text(case.register, thing, field))
    filters = [*filters, lack]
    return _counted(case, types, narrowed(subject, filters, types), filters, ())


def _chosen(case: Case, types: Sequence[str], subject: Sequence[Thing], filters: Sequence[Filter]) -> Draft | None:
    reading = case.reading
    fields = [each for each in fields_asked(case) if each not in {it.field for it in filters}]
    things = narrowed(subject, filters, types)
    asked = asked_words(types, filters)
    if reading.has(Part.COST):
        return cost_answer(case, things, asked, grouped=_group(case))
    if reading.has(Part.EXTREME):
        return _extreme(case, types, things, asked)
    if (by := _group(case)) is not None:
        return _grouped(case, types, things, by, asked)
    if (reading.has(Part.TOTAL) or reading.asks("how much")) and (wanted := [f for f in fields if f in AMOUNTS]):
        return _summed(types, things, wanted[0], asked)
    if reading.asks(*_ODD) or (reading.asks("who") and not _stands_alone(case)):
        return None
    return _counted(case, types, things, filters, [each for each in fields if each != "type"])


def _counted(
    case: Case, types: Sequence[str], things: Sequence[Thing], filters: Sequence[Filter], fields: Sequence[str]
) -> Draft:
    where = " where " + " and ".join(each.words for each in filters) if filters else ""
    if not things:
        one = types[0].replace("_", " ") if len(types) == 1 else "resource"
        return Draft(
            f"No {one} is recorded in workspace {case.name}{where}.", asked_words(types, filters),
            citations=(cite_workspace(case.name),),
        )  # fmt: skip
    shown = ""
    if fields and len(things) <= 10:
        shown = "; ".join(
            f"{each.address} {', '.join(field_text(case.register, each, f) or 'none recorded' for f in fields)}"
            for each in things
        )
    statement = f"{subject_words(types, len(things))}{where}: {shown or listed(each.address for each in things)}."
    return Draft(statement, asked_words(types, filters), len(things), case.rows(things, fields))


def _group(case: Case) -> str | None:
    """The field, label or type that is counted by."""
    lexemes = case.reading.lexemes
    for before, each in pairwise(lexemes):
        if before.part is Part.GROUP:
            return f"label {each.value}" if each.part is Part.LABEL_KEY else str(each.value)
    return None


def _grouped(case: Case, types: Sequence[str], things: Sequence[Thing], by: str, asked: str) -> Draft:
    counted = Counter(key for each in things for key in _keys(case, each, by))
    rows = tuple(StateRow(name, "", {"count": str(count)}) for name, count in counted.most_common(ROWS))
    parts = listed(f"{row.name} {int(row.fields['count']):,}" for row in rows)
    statement = f"{subject_words(types, len(things))} by {by.replace('_', ' ')}: {parts or 'none'}."
    return Draft(statement, f"{asked}, counted by {by}", len(counted), rows, citations=(cite_workspace(case.name),))


def _keys(case: Case, thing: Thing, by: str) -> list[str]:
    if by.startswith("label "):
        return [thing.labels.get(by.removeprefix("label "), "(not set)")]
    if by in case.register.by_type or by in ("server", "network", "firewall", "volume"):
        ties = [*case.register.ties_from.get(thing.address, ()), *case.register.ties_to.get(thing.address, ())]
        ends = {end for tie in ties for end in (tie.source, tie.target) if end != thing.address}
        return sorted(end for end in ends if case.register.things[end].type == by) or ["(none)"]
    plain = by in ("region", "image", "status", "filesystem")
    return [(thing.text(by) if plain else field_text(case.register, thing, by)) or "(none)"]


def _summed(types: Sequence[str], things: Sequence[Thing], field: str, asked: str) -> Draft:
    known = [value for each in things if (value := amount(each, field)) is not None]
    total = f"{sum(known):g}" if field == "cpu" else size_text(int(sum(known))) if known else "0"
    left = f" {len(things) - len(known):,} have none recorded." if len(known) < len(things) else ""
    statement = f"{subject_words(types, len(things))} have {total} of {field} in total.{left}"
    return Draft(statement, f"the sum of {field} over {asked}", len(known))


def _extreme(case: Case, types: Sequence[str], things: Sequence[Thing], asked: str) -> Draft | None:
    how = str((case.reading.first(Part.EXTREME) or Lexeme(Part.EXTREME, "", "")).value)
    if how in ("dearest", "cheapest"):
        return dearest(case, things, asked, most=how == "dearest")
    if how not in ("largest", "smallest") or list(types) not in (["volume"], ["server"]):
        return None
    wanted = [each for each in fields_asked(case) if each in AMOUNTS]
    field = wanted[0] if wanted else "size" if types[0] == "volume" else "memory"
    known = [(value, each) for each in things if (value := amount(each, field)) is not None]
    if not known:
        return Draft(f"No {types[0]} has a {field} recorded.", asked, citations=(cite_workspace(case.name),))
    best = (max if how == "largest" else min)(value for value, _ in known)
    winners = [each for value, each in known if value == best]
    statement = (
        f"The {how} by {field}, {field_text(case.register, winners[0], field)}: {listed(e.address for e in winners)}."
    )
    return Draft(statement, f"the {how} of {asked} by {field}", len(winners), case.rows(winners, (field,)))
