"""Questions about what hangs together: what depends on what, what is attached, joined or behind."""

from __future__ import annotations

from collections.abc import Sequence

from engine.model.citation import cite_resource, cite_workspace
from engine.questions.case import Case, Draft
from engine.questions.filters import filters_of
from engine.questions.lexeme import Part
from engine.questions.lexer import Entity
from engine.questions.register import Thing
from engine.questions.tell import ROWS, listed
from engine.questions.things import asked_words, fields_asked, is_generic, subject_words, unknown
from engine.questions.words import plural

_LIGHT = {Part.ASK, Part.DO, Part.DEFINITE, Part.TIED, Part.WITH, Part.ARTICLE, Part.NOT, Part.AND}
_NARROW = {Part.VALUE, Part.LABEL, Part.LABEL_KEY}


def dependencies(case: Case) -> Draft | None:
    """`What depends on network.private?`, `what does server.web need?`, through any number of relations."""
    reading = case.reading
    verb, entity_at = reading.first(Part.DEPENDS), reading.place(Part.ENTITY)
    if verb is None or entity_at < 0 or len(reading.all(Part.ENTITY)) != 1:
        return None
    allowed = {
        Part.ASK,
        Part.DO,
        Part.DEFINITE,
        Part.DEPENDS,
        Part.ENTITY,
        Part.TYPE,
        Part.RESOURCE,
        Part.DIRECT,
        Part.TIED,
    }
    if not reading.only(allowed) or reading.asks("why", "who", "when", "how long", "about"):
        return None
    entity: Entity = reading.lexemes[entity_at].value
    if not entity.things:
        return unknown(case, entity)
    forward = _is_forward(str(verb.value), reading.place(Part.DEPENDS) > entity_at)
    hops = case.register.reach(entity.addresses, forward=forward)
    types = {str(each.value) for each in reading.all(Part.TYPE)}
    found = [
        case.register.things[address] for address, depth in hops.items()
        if address in case.register.things
        and (not types or case.register.things[address].type in types)
        and (depth == 1 or not reading.has(Part.DIRECT))
    ]  # fmt: skip
    return _depending(case, entity, found, hops, forward=forward)


def neighbours(case: Case) -> Draft | None:
    """`Which servers are in network private?`, `what is attached to server.web[0]?`: what names it, or it names."""
    reading = case.reading
    entities = reading.all(Part.ENTITY)
    if len(entities) != 1 or not reading.only({*_LIGHT, *_NARROW, Part.ENTITY, Part.TYPE, Part.RESOURCE, Part.FIELD}):
        return None
    if reading.asks("why", "who", "when", "how long", "outcome", "about") or not _ties(case):
        return None
    entity: Entity = entities[0].value
    types = list(dict.fromkeys(str(each.value) for each in reading.all(Part.TYPE)))
    if entity.type in types:
        return None
    if not entity.things:
        return unknown(case, entity)
    tied = _tied(case, entity, types)
    if reading.has(Part.NOT):
        if not types:
            return None
        known = {each.address for each in tied}
        pool = [each for type_ in types for each in case.register.by_type.get(type_, ())]
        tied = [each for each in pool if each.address not in known]
    return _neighbouring(case, entity, types, tied)


def tied_to_any(case: Case) -> Draft | None:
    """`Servers without a firewall`, `volumes attached to a server`, `unattached volumes`."""
    reading = case.reading
    if reading.has(Part.ENTITY) or not reading.only({*_LIGHT, *_NARROW, Part.TYPE, Part.FIELD}) or is_generic(case):
        return None
    types = [str(each.value) for each in reading.all(Part.TYPE)]
    loose = reading.holds(Part.NOT, "untied")
    if loose and len(types) == 1 and len(reading.all(Part.NOT)) == 1:
        subject, target = types[0], ""
    elif len(types) == 2 and types[0] != types[1] and not reading.has(Part.AND):
        subject, target = types
    else:
        return _attached(case, types)
    wanted = not reading.has(Part.NOT)
    return _by_ties(case, subject, target, wanted=wanted)


def _attached(case: Case, types: Sequence[str]) -> Draft | None:
    """`Attached volumes`: those that name a server, whichever."""
    reading = case.reading
    tied = reading.first(Part.TIED)
    if tied is None or tied.text not in ("attached", "assigned to", "connected", "joined") or reading.has(Part.NOT):
        return None
    if len(types) != 1 or types[0] not in ("volume", "floating_ip"):
        return None
    return _by_ties(case, types[0], "", wanted=True)


def _by_ties(case: Case, subject: str, target: str, *, wanted: bool) -> Draft | None:
    if not target and subject not in ("volume", "floating_ip", "network", "firewall", "load_balancer"):
        return None
    pool = case.register.by_type.get(subject, [])
    filters = filters_of(case.reading, case.register, pool)
    filters = [each for each in filters if not each.words.startswith("not: ")]
    # A volume is attached to a server or to nothing; a network is used by whatever names it.
    aim = target or ("server" if subject in ("volume", "floating_ip") else "")
    found = [
        each for each in pool
        if all(it.holds(each) for it in filters) and _is_tied(case, each, aim) is wanted
    ]  # fmt: skip
    which = plural(aim) if aim else "anything"
    words = f"{'tied' if wanted else 'not tied'} to {'any of the ' if aim else ''}{which}"
    narrowed = asked_words([subject], filters)
    names = f": {listed(each.address for each in found)}" if found else ""
    statement = f"{subject_words([subject], len(found))} {words}{names}."
    if filters:
        statement = f"Of {narrowed}, {statement[0].lower()}{statement[1:]}"
    rows = case.rows(found, fields_asked(case))
    return Draft(statement, f"{narrowed} {words}", len(found), rows, citations=(cite_workspace(case.name),))


def _is_forward(verb: str, after: bool) -> bool:
    """Whether what the entity needs is asked for, not what needs it."""
    if verb in ("in", "out"):
        return verb == "out"
    # What does E need: the verb comes after; what needs E: before; a passive turns it around.
    return after if verb == "verb" else not after


def _depending(case: Case, entity: Entity, found: Sequence[Thing], hops: dict[str, int], *, forward: bool) -> Draft:
    direct = sum(1 for each in found if hops[each.address] == 1)
    what = subject_words(sorted({str(each.value) for each in case.reading.all(Part.TYPE)}), len(found))
    asked = f"what {entity.said} needs" if forward else f"what needs {entity.said}"
    here = tuple(cite_resource(case.name, address) for address in entity.addresses[:5])
    if not found:
        text = f"{entity.said} depends on nothing" if forward else f"Nothing depends on {entity.said}"
        types = sorted({str(each.value).replace("_", " ") for each in case.reading.all(Part.TYPE)})
        kind = f" of type {' or '.join(types)}" if types else ""
        return Draft(f"{text}{kind} that is recorded.", asked, citations=here)
    many = len(found) != 1
    said = _named(entity)
    link = f"{said} needs {what}" if forward else f"{what} need{'' if many else 's'} {said}"
    extra = "" if direct == len(found) else f", {direct:,} of them directly"
    ranked = sorted(found, key=lambda each: hops[each.address])
    rows = tuple(
        case.row(each, ("type",), relation="direct" if (n := hops[each.address]) == 1 else f"through {n - 1} other")
        for each in ranked[:ROWS]
    )
    names = listed(each.address for each in ranked)
    return Draft(f"{link}{extra}: {names}.", asked, len(found), rows, citations=here)


def _ties(case: Case) -> bool:
    """A relation is asked for: a type beside the name, or a tie with something unnamed on its other side."""
    reading = case.reading
    if reading.has(Part.TYPE):
        return True
    tie = reading.place(Part.TIED)
    aimed = reading.asks("what", "list", "count", "exists") and tie >= 0 and tie < reading.place(Part.ENTITY)
    return aimed and not reading.has(Part.FIELD)


def _tied(case: Case, entity: Entity, types: Sequence[str]) -> list[Thing]:
    """What the entity names and what names it, of these types; without types, what names it."""
    found: dict[str, Thing] = {}
    for address in entity.addresses:
        ties = list(case.register.ties_to.get(address, ()))
        if types:
            ties += case.register.ties_from.get(address, ())
        for tie in ties:
            other = case.register.things[tie.target if tie.source == address else tie.source]
            if not types or other.type in types:
                found[other.address] = other
    order = case.register.order
    return sorted(found.values(), key=lambda each: order[each.address])


def _named(entity: Entity) -> str:
    return listed(entity.addresses) if len(entity.things) <= 3 else entity.said


def _is_tied(case: Case, thing: Thing, type_: str) -> bool:
    """To something of this type, or, without one, named by anything."""
    if type_:
        return type_ in case.register.tied_types.get(thing.address, ())
    return thing.address in case.register.ties_to


def _neighbouring(case: Case, entity: Entity, types: Sequence[str], tied: Sequence[Thing]) -> Draft:
    filters = filters_of(case.reading, case.register, tied)
    filters = [each for each in filters if not each.words.startswith("not: ")]
    found = [each for each in tied if all(it.holds(each) for it in filters)]
    negated = case.reading.has(Part.NOT)
    link = f"{'not ' if negated else ''}tied to {_named(entity)}"
    narrowed = asked_words(types, filters)
    here = tuple(cite_resource(case.name, address) for address in entity.addresses[:5])
    where = " where " + " and ".join(each.words for each in filters) if filters else ""
    if not found:
        none = "No " + (" or ".join(each.replace("_", " ") for each in types) or "resource")
        return Draft(f"{none}{where} is {link}.", f"{narrowed} {link}", citations=here)
    be = "is" if len(found) == 1 else "are"
    statement = f"{subject_words(types, len(found))}{where} {be} {link}: {listed(each.address for each in found)}."
    return Draft(statement, f"{narrowed} {link}", len(found), case.rows(found, fields_asked(case)), citations=here)
