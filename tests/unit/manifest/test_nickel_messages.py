"""What is said of each mistake in a Nickel file, with its place; nothing of it names a path outside the workspace."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from engine.notation.nickel import LIMITS, Limits
from engine.registry.providers import offers
from tests.unit.manifest.workspaces import complaint, declared

G = 'let G = import "groundplan.ncl" in\n'
SMALL = 256 << 20
ENDLESS = "Look for a function that calls itself without an end, or for a list that is too long."
TOO_MUCH = f"1:1: The evaluation takes more than 256 MiB of memory. {ENDLESS}"
TOO_DEEP = "1:1: It is nested too deeply to be evaluated. Flatten it, or end the recursion earlier."


def server(line: str, contract: str = "G.Server") -> str:
    head = f'{G}{{\n  provider = "demo",\n  resources.server.web | {contract} = {{\n    image = "debian-12",\n'
    return f"{head}    {line}\n  }},\n}}\n"


MISTAKES = {
    "a syntax error": ("{ a = ", "1:7: Unexpected end of file when parsing infra/main.ncl."),
    "a call of no function": ("{ a = 1 } { b = 2 }", "1:1: Not a function."),
    "an unknown name": ("{ provider = provder }", "1:14: Unbound identifier `provder`."),
    "no record": ("[1]", "1:1: A manifest is a mapping with the key resources. See describe for an example."),
    "an unknown field without a contract": (server('siz = "small",', "{ .. }"),
        "6:5: server.web: server has no property 'siz' with demo. Did you mean size?"),
    "an unknown field": (server('siz = "small",'),
        "6:5: Contract broken by the value of `web`: extra field `siz`. Did you mean size?"),
    "an unknown field further in": (server("needs = { cpus = 2 },"),
        "6:15: Contract broken by the value of `needs`: extra field `cpus`. Did you mean cpu?"),
    "another provider's field": (server('flavour = "sshd",', "G.demo.Server"),
        "6:5: Contract broken by the value of `web`: extra field `flavour`. Flavour is for resources of another provider."),
    "an unknown field in a whole file": (G + '{\n  provider = "demo",\n  resources.server.web = { image = "a", siz = "b" },\n} | G.Manifest',
        "4:41: Contract broken by the value of `server`: extra field `siz`. Did you mean size?"),
    "an unknown type": (G + "{\n  resources.servr.web = {},\n} | G.Manifest",
        "3:13: Contract broken by the value of `resources`: extra field `servr`. Did you mean server?"),
    "an unknown key": (G + '{\n  providr = "demo",\n} | G.Manifest',
        "3:3: Contract broken by a value: extra field `providr`. Did you mean provider?"),
    "a missing field": (G + "{ resources.volume.data | G.Volume = {} }", "2:38: Missing definition for `size`."),
    "a number for text": (server("size = 3,"), "6:12: Contract broken by the value of `size`: it takes text."),
    "a number out of range": (server("needs = { cpu = 0 },"),
        "6:21: Contract broken by the value of `cpu`: it takes a whole number from 1 to 512."),
    "a port in a list": (G + "{\n  resources.load_balancer.a | G.LoadBalancer = {\n    listeners = [\n      { port = 70000, target_port = 1 },\n    ],\n  },\n}",
        "5:16: Contract broken by the value of `port`: it takes a whole number from 1 to 65,535."),
    "an empty list": (G + "{ resources.load_balancer.a | G.LoadBalancer = { listeners = [] } }",
        "2:62: Contract broken by the value of `listeners`: it takes a list of at least 1."),
    "no list": (server("networks = 3,"), "6:16: Contract broken by the value of `networks`: it takes a list."),
    "no mapping": (server("labels = 3,"), "6:14: Contract broken by the value of `labels`: it takes a record."),
    "a label that is no text": (server("labels.a = 3,"), "6:16: Contract broken by the value of `labels`: it takes text."),
    "half a server": (server("count = 1.5,"),
        "6:13: Contract broken by the value of `count`: it takes a whole number from 0 to 10,000."),
    "an unknown order": (server('lifecycle.replace = "never",'),
        "6:25: Contract broken by the value of `replace`: it takes delete_first or create_first."),
    "an unknown choice": (G + '{ resources.volume.a | G.Volume = { size = "1GiB", filesystem = "ext3" } }',
        "2:65: Contract broken by the value of `filesystem`: it takes ext4 or xfs."),
    "an own contract": ("let Even = std.contract.from_predicate (fun n => n % 2 == 0) in\n{ resources.ssh_key.a = { count | Even = 3 } }",
        "2:42: Contract broken by the value of `count`: expected Even."),
    "a contract of Nickel's": ("{ provider | String = 3 }", "1:23: Contract broken by the value of `provider`: expected String."),
    "a type of Nickel's": ('{ provider : Number = "x" }',
        "1:23: Incompatible types. Expected an expression of type `Number`. Found an expression of type `String`. "
        "These types are not compatible."),
    "infinite recursion": ("{ provider = resources, resources = provider }", "1:37: Infinite recursion."),
    "an own complaint": ('std.fail_with "not today"', "1:15: Contract broken by a value: not today."),
    "an unknown function": ("{ a = std.arry.map }", "1:7: Missing field `arry`. Did you mean `array`?"),
    "an unknown reference": ('{ provider = "demo", resources.server.a = { image = "debian-12", networks = ["${network.x.id}"] } }',
        "1:78: server.a: The reference names network.x, which no manifest file declares. There are: server.a."),
    "a number that is too large": ("{ resources.a.b.count = 1e400 }",
        "1:25: The number 1e400 is too large (in absolute value) to be serialized. When exporting field `resources.a.b.count`. "
        "Only numbers in the range -1.7976931348623157e308 to 1.7976931348623157e308 can be portably serialized."),
    "a control character": ('{ provider = "de\\u{1}mo" }',
        "1:3: This text holds the character U+0001. Take it out; line ends are plain newlines."),
    "a dollar key": ('{ "$a" = 1 }', "1:3: The key '$a' begins with $. Such keys are kept for the engine; name it otherwise."),
    "too much depth": ("{a=" * 45 + "1" + "}" * 45,
        "1:119: This is nested deeper than 40 levels or holds too much. Flatten or split it."),
    "a long text": ('{ provider = std.string.join "" (std.array.replicate 70000 "x") }', "1:3: This text is longer than 64 KiB. Shorten it."),
    "a byte order mark": ("\ufeff{}", "1:1: It begins with a byte order mark. Save it as UTF-8 without one."),
    "a package": ("import demo", "1:1: Tried to import from a package, but no package manifest found."),
}  # fmt: skip

BOMBS = {
    "an endless call": ("let rec f = fun x => f x in f 0", TOO_MUCH, Limits(memory=SMALL)),
    "endless recursion": ("let rec f = fun x => 1 + f x in f 0", TOO_MUCH, Limits(memory=SMALL)),
    "growing text": ('let rec f = fun text => f (text ++ text) in f "xxxxxxxx"', TOO_MUCH, Limits(memory=SMALL)),
    "a long list": ("std.array.generate (fun x => x) 100000000", TOO_MUCH, Limits(memory=SMALL)),
    "work without an end": ('std.string.join "" (std.array.generate (fun _ => "xxxxxxxxxxxxxxxx") 3000000)',
        f"1:1: The evaluation did not end within 0.5 s. {ENDLESS}", Limits(seconds=0.5, memory=4 << 30)),
    "depth that is computed": ("let rec f = fun n => if n == 0 then {} else { a = f (n - 1) } in f 100000", TOO_DEEP, LIMITS),
    "depth that is written": ("[" * 50_000 + "]" * 50_000, TOO_DEEP, LIMITS),
    "a huge value": ('{ a = std.array.replicate 300 (std.string.join "" (std.array.replicate 10000 "x")) }',
        "1:1: It evaluates to more than 2 MiB. Split it into several files.", LIMITS),
    "more than all may come to": ('{ a = std.array.replicate 2000 "xxxxxxxxxx" }',
        "1:1: The files evaluate to more than 0.015625 MiB in all. Declare less in them.", Limits(output=16 << 10)),
}  # fmt: skip


@pytest.mark.parametrize(("text", "said"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told_with_its_place(text: str, said: str, tmp_path: Path) -> None:
    assert complaint(tmp_path, {"infra/main.ncl": text}, offers()) == [f"infra/main.ncl:{said}"]


@pytest.mark.promise("NICKEL-2")
@pytest.mark.parametrize(("text", "said", "limits"), BOMBS.values(), ids=BOMBS)
def test_whatever_is_computed_reading_it_ends(text: str, said: str, limits: Limits, tmp_path: Path) -> None:
    started = time.monotonic()
    assert complaint(tmp_path, {"infra/main.ncl": text}, offers(), limits) == [f"infra/main.ncl:{said}"]
    assert time.monotonic() - started < limits.seconds + 10


def test_a_file_that_breaks_off_is_named_and_those_after_it_are_not_blamed(tmp_path: Path) -> None:
    files = {
        "infra/a.ncl": '{ provider = "demo" }',
        "infra/b.ncl": "let rec f = fun x => f x in f 0",
        "infra/c.ncl": "{}",
        "infra/d.yaml": "provder: demo",
    }
    assert complaint(tmp_path, files, offers(), Limits(memory=SMALL)) == [
        f"infra/b.ncl:{TOO_MUCH}",
        "infra/c.ncl:1:1: It was not evaluated: another file broke it off. Mend that one first.",
        "infra/d.yaml:1:1: 'provder' is no key of a manifest. Did you mean provider?",
    ]


def test_what_is_wrong_in_every_file_is_told_at_once(tmp_path: Path) -> None:
    files = {"infra/a.ncl": "{ a = b }", "infra/b.ncl": "{", "infra/c.ncl": b'{ a = "\xff" }'}
    said = complaint(tmp_path, files, offers())
    assert said == ["infra/c.ncl: It is not UTF-8 (byte 8). Save it as UTF-8."]
    (tmp_path / "infra" / "c.ncl").unlink()
    assert complaint(tmp_path, {}, offers()) == [
        "infra/a.ncl:1:7: Unbound identifier `b`.",
        "infra/b.ncl:1:2: Unexpected end of file when parsing infra/b.ncl.",
    ]


def test_an_error_in_an_imported_file_has_its_place_there(tmp_path: Path) -> None:
    files = {"infra/main.ncl": 'import "lib/web.ncl"', "infra/lib/web.ncl": "\n\n{ provider = nowhere }"}
    assert complaint(tmp_path, files, offers()) == ["infra/lib/web.ncl:3:14: Unbound identifier `nowhere`."]


def test_the_guide_shows_what_plans_and_what_a_mistake_in_it_says(tmp_path: Path) -> None:
    guide = (Path(__file__).parents[3] / "knowledge" / "guides" / "manifests-in-nickel.md").read_text("utf-8")
    example = guide.partition("```nickel\n")[2].partition("```")[0]
    addresses = [str(each.address) for each in declared(tmp_path, {"infra/main.ncl": example}, offers())]
    assert addresses == ["network.private", "server.web", "server.db"]
    (said,) = complaint(tmp_path, {"infra/main.ncl": example.replace("size =", "siz =")}, offers())
    assert f"- {said}\n" in guide
