"""A workspace with a past, made by real runs on Demo from a seed: names, sizes, regions and labels vary with it."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

from engine.facade import Engine
from engine.model.confirmation import Channel
from engine.model.run import Run
from tests.scenario.engine.person import BY, apply, change, make_workspace, planned, write_home

_NETWORKS = ("core", "inner", "lan", "trusted", "vnet-a", "blue")
_OTHERS = ("backup", "archive-net", "remote", "green")
_GROUPS = ("web", "shop", "edge", "portal", "frontend-x")
_LONE = ("db", "ledger", "store", "primary", "main-db")
_COLD = ("cache", "vault", "keeper", "offsite")
_DISKS = ("data", "pgdata", "records", "disk-one")
_SPARES = ("spare", "scratch", "leftover")
_FAILING = ("logs", "dumps", "blobs")
_BALANCERS = ("front", "entry", "public-lb")


@dataclass(frozen=True)
class Past:
    """What was made, as the test knows it, and the runs in order."""

    names: dict[str, str]
    count: int
    runs: dict[str, Run]
    plans: dict[str, str]

    def say(self, question: str) -> str:
        """The question with this workspace's names in place of `{…}`."""
        runs = {name: run.id for name, run in self.runs.items()}
        return question.format(**self.names, **runs, **self.plans, n=self.count)

    @property
    def group(self) -> list[str]:
        return [f"server.{self.names['group']}[{number}]" for number in range(self.count)]


def names_for(seed: int) -> tuple[dict[str, str], int]:
    pick = random.Random(seed)
    home, far = pick.sample(["demo-1", "demo-2", "demo-3"], 2)
    small, grown, large = pick.choice([("small", "medium", "large"), ("tiny", "small", "xlarge")])
    names = {
        "net": pick.choice(_NETWORKS), "far_net": pick.choice(_OTHERS), "group": pick.choice(_GROUPS),
        "lone": pick.choice(_LONE), "cold": pick.choice(_COLD), "disk": pick.choice(_DISKS),
        "spare": pick.choice(_SPARES), "failing": pick.choice(_FAILING), "lb": pick.choice(_BALANCERS), "wall": "gatekeeper",
        "pool": "worker", "region": home, "far": far, "small": small, "grown": grown, "large": large,
        "image": pick.choice(["debian-12", "debian-13"]), "other_image": pick.choice(["ubuntu-24.04", "rocky-9"]),
        "tier": pick.choice(["outer", "facing", "customer"]), "role": pick.choice(["postgres", "mysql", "mongodb"]),
        "software": pick.choice(["redis", "nginx", "haproxy"]), "disk_size": pick.choice(["40GiB", "80GiB"]),
    }  # fmt: skip
    return names, pick.randint(3, 5)


def write_seeded_home(home: Path, names: dict[str, str]) -> None:
    faults = (
        f'\n[[providers.demo.faults]]\non = "create"\ntype = "server"\nname = "{names["pool"]}-1"\nerror = "quota"\n'
        f'\n[[providers.demo.faults]]\non = "create"\ntype = "volume"\nname = "{names["failing"]}"\nerror = "capacity"\ntimes = 0\n'
    )
    write_home(home, faults)


async def live_through(engine: Engine, names: dict[str, str], count: int) -> Past:
    """Six plans: built, failed on quota, mended and resized, failed on capacity, declined, waiting."""
    await make_workspace(engine)
    runs: dict[str, Run] = {}
    runs["built"] = await apply(engine, await change(engine, *_first(names, count)))
    pool = {"op": "set", "address": f"server.{names['pool']}", "value": {
        "count": 2, "image": names["image"], "region": names["region"], "networks": [f"${{network.{names['net']}.id}}"],
        "labels": {"env": "test"},
    }}  # fmt: skip
    runs["short"] = await apply(engine, await change(engine, pool))
    bigger: dict[str, object] = {"op": "set", "address": f"server.{names['group']}", "value": {"size": names["grown"]}}
    runs["mended"] = await apply(engine, await change(engine, bigger))
    disk: dict[str, object] = {
        "op": "set",
        "address": f"volume.{names['failing']}",
        "value": {"size": "10GiB", "region": names["region"]},
    }
    runs["full"] = await apply(engine, await change(engine, disk))
    unwanted = planned(await change(engine, {"op": "remove", "address": f"volume.{names['spare']}"}))
    engine.refuse(unwanted.id, BY, Channel.PAGE)
    waiting = planned(await change(engine, {"op": "set", "address": "ssh_key.deploy", "value": {}}))
    plans = {"declined": unwanted.id, "waiting": waiting.id, "applied": runs["built"].plan_id}
    assert [run.status.value for run in runs.values()] == ["succeeded", "failed", "succeeded", "failed"]
    return Past(names, count, runs, plans)


def _first(names: dict[str, str], count: int) -> list[dict[str, object]]:
    def declared(address: str, **value: object) -> dict[str, object]:
        return {"op": "set", "address": address, "value": value}

    net, far = f"${{network.{names['net']}.id}}", f"${{network.{names['far_net']}.id}}"
    group, lone = f"server.{names['group']}", f"server.{names['lone']}"
    return [
        declared(f"network.{names['net']}", cidr="10.20.0.0/16", region=names["region"]),
        declared(f"network.{names['far_net']}", cidr="10.30.0.0/16", region=names["far"]),
        declared(f"firewall.{names['wall']}", rules=[{"ports": "443"}]),
        declared(
            group, count=count, image=names["image"], size=names["small"], region=names["region"], networks=[net],
            firewalls=[f"${{firewall.{names['wall']}.id}}"], labels={"tier": names["tier"], "env": "prod"},
        ),
        declared(
            lone, image=names["other_image"], size=names["large"], region=names["region"], networks=[net],
            labels={"role": names["role"], "env": "prod"},
        ),
        declared(
            f"server.{names['cold']}", image=names["image"], size="tiny" if names["small"] != "tiny" else "2xlarge",
            region=names["far"], networks=[far], user_data=f"#!/bin/sh\napt-get install -y {names['software']}-server\n",
        ),
        declared(f"volume.{names['disk']}", size=names["disk_size"], server=f"${{{lone}.id}}", region=names["region"]),
        declared(f"volume.{names['spare']}", size="10GiB", region=names["far"]),
        declared("floating_ip.door", server=f"${{{lone}.id}}", region=names["region"]),
        declared(
            f"load_balancer.{names['lb']}", listeners=[{"port": 80, "target_port": 8080}], network=net,
            region=names["region"], servers=[f"${{{group}[0].id}}", f"${{{group}[1].id}}"],
        ),
    ]  # fmt: skip
