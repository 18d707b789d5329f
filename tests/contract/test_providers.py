"""The provider contract (engine/providers/contract.py), tried on every provider without being told of them."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import replace
from typing import Any

import pytest

from engine.model.errors import PropertiesInvalid, ProviderError, TransientFailure
from engine.model.resource import Observed
from engine.model.unified import UNIFIED
from engine.providers.contract import Price, Provider, Wish
from tests.contract.provider_contract import CANARY, CASES, Bench, Sample, provider_names

ABSENT_ID = "no-such-object-0"
ABSENT_KEY = "0" * 32
HOSTILE_TEXTS = (
    "naïve Größe 東京 🧪",
    'it\'s "quoted" `twice`; drop table object --',
    "${network.private.id} {{ x }} $(reboot) %s",
    "\u202egnp.exe\u2066",
    "tab\tand\nnewline",
    "nul\x00inside",
    "half a pair \ud800",
    "a" * 10_240,
    "../../etc/passwd",
    "-rf",
    "",
)
Made = list[tuple[Sample, Wish, Observed]]


async def make_all(bench: Bench, provider: Provider) -> Made:
    """Every sample, made in order."""
    made: Made = []
    seen: dict[str, dict[str, Any]] = {}
    for sample in bench.case.samples:
        wish = bench.wish(sample, seen)
        observed = await provider.create(wish)
        bench.remember(sample.type, observed.id)
        seen[sample.type] = {"id": observed.id, **observed.properties}
        made.append((sample, wish, observed))
    return made


def ids_of(made: Made) -> dict[str, dict[str, Any]]:
    return {sample.type: {"id": observed.id, **observed.properties} for sample, _, observed in made}


@pytest.mark.parametrize("name", provider_names())
def test_every_provider_has_a_case(name: str) -> None:
    assert (CASES / f"{name}.py").is_file(), f"write tests/contract/cases/{name}.py with its CASE"


def test_every_size_it_offers_has_a_price_and_one_is_the_default(bench: Bench) -> None:
    prices = {size.name: bench.kind.price("server", {"size": size.name}) for size in bench.kind.sizes}
    assert [name for name, price in prices.items() if price is None] == []
    if bench.kind.sizes:
        (default,) = (size.name for size in bench.kind.sizes if size.is_default)
        assert bench.kind.price("server", {}) == prices[default]


def test_the_case_has_a_sample_of_each_type_the_provider_covers(bench: Bench) -> None:
    assert [sample.type for sample in bench.case.samples if sample.type not in bench.kind.types] == []
    assert bench.kind.types.keys() == {sample.type for sample in bench.case.samples}


def test_a_provider_covers_a_unified_type_with_its_own_model_or_a_subclass(bench: Bench) -> None:
    for name, kind in bench.kind.types.items():
        assert kind.name == name
        if name in UNIFIED:
            assert issubclass(kind.model, UNIFIED[name])


def test_it_is_available_with_the_settings_of_its_case(bench: Bench) -> None:
    assert bench.kind.available(bench.surroundings()) == ""


async def test_the_account_names_its_provider(bench: Bench) -> None:
    account = await bench.open().account()
    assert account.provider == bench.kind.name
    assert account.id


async def test_what_create_returns_read_list_and_find_return(bench: Bench) -> None:
    provider = bench.open()
    for sample, wish, observed in await make_all(bench, provider):
        read = await provider.read(sample.type, observed.id)
        found = await provider.find(sample.type, wish.key)
        assert read is not None
        assert found is not None
        assert (read.id, read.type, found.id) == (observed.id, sample.type, observed.id)
        assert observed.id in [each.id for each in await provider.list(sample.type)]
        # What is made later may change what is computed for the earlier: compare inputs, which nothing else moves.
        for name in bench.kind.types[sample.type].inputs:
            assert read.properties.get(name) == observed.properties.get(name) == found.properties.get(name), name
        assert read.labels == observed.labels


async def test_properties_come_back_in_normal_form_as_they_were_wished(bench: Bench) -> None:
    for sample, wish, observed in await make_all(bench, bench.open()):
        kind = bench.kind.types[sample.type]
        back = {name: observed.properties.get(name) for name in wish.properties}
        assert back == wish.properties, sample.type
        assert wish.labels.items() <= observed.labels.items()
        for name, value in observed.properties.items():
            assert name in kind.properties, f"{sample.type}.{name} is not declared"
            assert value is None or kind.properties[name].normal(value) == value, f"{sample.type}.{name}"


async def test_another_process_with_the_same_home_sees_the_same_objects(bench: Bench) -> None:
    made = await make_all(bench, bench.open())
    other = bench.open()
    for sample, wish, observed in made:
        found = await other.find(sample.type, wish.key)
        assert found is not None
        assert found.id == observed.id


async def test_repeating_a_create_with_its_key_makes_no_second_object(bench: Bench) -> None:
    provider = bench.open()
    for sample, wish, observed in await make_all(bench, provider):
        again = await provider.create(wish)
        assert again.id == observed.id
        assert await count_of(provider, wish) == 1, sample.type


async def test_a_create_whose_answer_was_lost_is_found_and_not_made_twice(bench: Bench) -> None:
    if not bench.case.lost_create:
        # No way to lose an answer on purpose: the same promise from the other side, a caller that forgot it.
        await test_repeating_a_create_with_its_key_makes_no_second_object(bench)
        return
    wish = bench.wish(bench.case.samples[0], {})
    with pytest.raises(TransientFailure) as lost:
        await bench.open(**bench.case.lost_create).create(wish)
    assert lost.value.effect_unknown
    provider = bench.open()
    found = await provider.find(wish.type, wish.key)
    assert found is not None
    bench.remember(wish.type, found.id)
    assert (await provider.create(wish)).id == found.id
    assert await count_of(provider, wish) == 1


async def count_of(provider: Provider, wish: Wish) -> int:
    """How many objects carry the wish's key, or its labels where the list doesn't tell keys."""
    return sum(
        each.key == wish.key if each.key else wish.labels.items() <= each.labels.items()
        for each in await provider.list(wish.type)
    )


async def test_absent_objects_are_none_and_deleting_them_succeeds(bench: Bench) -> None:
    provider = bench.open()
    for type in bench.kind.types:
        assert await provider.read(type, ABSENT_ID) is None
        assert await provider.find(type, ABSENT_KEY) is None
        await provider.delete(type, ABSENT_ID)


async def test_a_deleted_object_is_gone_and_a_second_delete_is_harmless(bench: Bench) -> None:
    provider = bench.open()
    for sample, wish, observed in reversed(await make_all(bench, provider)):
        await provider.delete(sample.type, observed.id)
        await provider.delete(sample.type, observed.id)
        assert await provider.read(sample.type, observed.id) is None
        assert await provider.find(sample.type, wish.key) is None
        assert observed.id not in [each.id for each in await provider.list(sample.type)]


async def test_a_key_is_free_again_when_its_object_is_deleted(bench: Bench) -> None:
    provider = bench.open()
    wish = bench.wish(bench.case.samples[0], {})
    first = await provider.create(wish)
    bench.remember(wish.type, first.id)
    await provider.delete(wish.type, first.id)
    second = await provider.create(wish)
    bench.remember(wish.type, second.id)
    assert await provider.read(wish.type, second.id) is not None


async def test_an_edit_in_place_changes_the_living_object_and_only_once(bench: Bench) -> None:
    provider = bench.open()
    made = await make_all(bench, provider)
    for sample, _, observed in made:
        if sample.edit is None:
            continue
        wish = bench.wish(sample, ids_of(made), sample.edit)
        after = await provider.update(observed, wish)
        assert after.id == observed.id
        assert {name: after.properties.get(name) for name in wish.properties} == wish.properties, sample.type
        for name, value in sample.edit.items():
            # None, and not left out: the planner takes what is not reported for unchanged, and drift would hide there.
            assert value is not None or after.properties.get(name, "left out") is None, f"{sample.type}.{name}"
        assert await provider.read(sample.type, observed.id) == after
        assert await provider.update(after, wish) == after, f"{sample.type}: a repeated update changed something"


async def test_an_update_to_what_is_there_changes_nothing(bench: Bench) -> None:
    provider = bench.open()
    for sample, wish, observed in await make_all(bench, provider):
        before = await provider.read(sample.type, observed.id)
        assert before is not None
        assert await provider.update(before, wish) == before


def test_what_an_edit_changes_is_declared_as_changing_in_place_or_as_replacing(bench: Bench) -> None:
    for sample in bench.case.samples:
        kind = bench.kind.types[sample.type]
        for name, value in (sample.edit or {}).items():
            assert not kind.forces_replace(name, sample.properties.get(name), value), f"{sample.type}.{name}"
        for name, value in (sample.replacing or {}).items():
            assert kind.forces_replace(name, sample.properties.get(name), value), f"{sample.type}.{name}"
        if sample.replacing is None:
            assert not any(field.immutable for field in kind.inputs.values()), f"{sample.type}: give a replacing edit"


async def test_an_update_that_needs_a_replacement_is_refused_and_changes_nothing(bench: Bench) -> None:
    provider = bench.open()
    made = await make_all(bench, provider)
    for sample, _, observed in made:
        if sample.replacing is None:
            continue
        before = await provider.read(sample.type, observed.id)
        assert before is not None
        with pytest.raises(ProviderError) as refused:
            await provider.update(before, bench.wish(sample, ids_of(made), sample.replacing))
        assert refused.value.hint
        assert not refused.value.effect_unknown
        assert await provider.read(sample.type, observed.id) == before


async def test_each_failure_is_translated_and_names_the_next_move(bench: Bench) -> None:
    wish = bench.wish(bench.case.samples[0], {})
    for code, settings in bench.case.breakages.items():
        with pytest.raises(ProviderError) as failed:
            await bench.open(**settings).create(wish)
        assert failed.value.code == code
        assert failed.value.hint
    provider = bench.open()
    assert await provider.find(wish.type, wish.key) is None


async def test_a_reference_to_an_absent_object_is_a_provider_error(bench: Bench) -> None:
    provider = bench.open()
    for sample in bench.case.samples:
        references = [name for name, field in bench.kind.types[sample.type].inputs.items() if field.refers]
        if not references or sample.properties.get(references[0]) is None:
            continue
        absent = {each.type: {"id": ABSENT_ID} for each in bench.case.samples}
        with pytest.raises(ProviderError) as refused:
            await provider.create(bench.wish(sample, absent))
        assert refused.value.hint
        assert await provider.find(sample.type, bench.wish(sample, absent).key) is None


async def test_an_update_of_a_vanished_object_is_a_provider_error(bench: Bench) -> None:
    provider = bench.open()
    made = await make_all(bench, provider)
    sample, _, observed = next(each for each in made if each[0].edit is not None)
    with pytest.raises(ProviderError) as refused:
        await provider.update(replace(observed, id=ABSENT_ID), bench.wish(sample, ids_of(made), sample.edit))
    assert refused.value.hint


@pytest.mark.promise("SECRET-1")
async def test_a_secret_is_asked_for_in_create_and_its_value_is_kept_nowhere(bench: Bench) -> None:
    surroundings, provider = bench.surroundings(), bench.open()
    made = await make_all(bench, provider)
    wished = [
        wish.properties[name]
        for sample, wish, _ in made
        for name, field in bench.kind.types[sample.type].inputs.items()
        if field.secret and wish.properties.get(name)
    ]
    assert set(bench.secrets_asked) == set(wished)
    listed = [each for type in bench.kind.types for each in await provider.list(type)]
    shown = "".join(map(repr, (provider, vars(provider), surroundings, *made, *listed)))
    assert CANARY not in shown
    for file in bench.home.rglob("*"):
        assert not file.is_file() or CANARY.encode() not in file.read_bytes(), file


async def test_a_failed_create_tells_no_secret(bench: Bench) -> None:
    sample = next((each for each in bench.case.samples if "root_password" in each.properties), None)
    if sample is None:
        return
    absent = {each.type: {"id": ABSENT_ID} for each in bench.case.samples}
    with pytest.raises(ProviderError) as refused:
        await bench.open().create(bench.wish(sample, absent))
    shown = f"{refused.value} {refused.value!r} {refused.value.__cause__!r} {refused.value.__context__!r}"
    assert CANARY not in shown


def test_prices_are_none_or_not_negative_and_need_no_cloud(bench: Bench) -> None:
    for sample in bench.case.samples:
        price: Price | None = bench.kind.price(sample.type, sample.properties)
        assert price is None or (price.monthly >= 0 and len(price.currency) == 3)
    assert bench.kind.price("no_such_type", {}) is None


async def unless_refused(call: Awaitable[Observed | None]) -> Observed | None:
    """The answer; None where the call was refused as it may be, with `PropertiesInvalid` and a next move."""
    try:
        return await call
    except PropertiesInvalid as refused:
        if not refused.hint:
            raise
        return None


@pytest.mark.parametrize("text", HOSTILE_TEXTS, ids=range(len(HOSTILE_TEXTS)))
@pytest.mark.parametrize("place", ["name", "label key", "label value"])
async def test_a_hostile_text_comes_back_unharmed_or_is_refused(bench: Bench, place: str, text: str) -> None:
    provider, plain = bench.open(), bench.wish(bench.case.samples[0], {})
    wish = {
        "name": replace(plain, name=text),
        "label key": replace(plain, labels={text: "value"}),
        "label value": replace(plain, labels={"key": text}),
    }[place]
    observed = await unless_refused(provider.create(wish))
    if observed is None:
        assert await provider.find(wish.type, wish.key) is None
        return
    bench.remember(wish.type, observed.id)
    read = await provider.read(wish.type, observed.id)
    assert read is not None
    assert wish.labels.items() <= read.labels.items()
    found = await provider.find(wish.type, wish.key)
    assert found is not None
    assert found.id == observed.id


async def test_a_hostile_id_or_key_finds_nothing(bench: Bench) -> None:
    provider, type = bench.open(), bench.case.samples[0].type
    for text in HOSTILE_TEXTS:
        assert await unless_refused(provider.read(type, text)) is None
        assert await unless_refused(provider.find(type, text)) is None
        await unless_refused(provider.delete(type, text))


async def test_an_unknown_property_is_refused(bench: Bench) -> None:
    wish = bench.wish(bench.case.samples[0], {})
    odd = replace(wish, properties={**wish.properties, "no_such_property": 1})
    with pytest.raises(PropertiesInvalid) as refused:
        await bench.open().create(odd)
    assert refused.value.hint
