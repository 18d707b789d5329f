"""Reach: what a changed setting touches, from when on it counts, and whether the home's safety hangs on it."""

from __future__ import annotations

from dataclasses import dataclass

from engine.settings.merge import Keys


@dataclass(frozen=True, slots=True)
class Reach:
    """`restart` says that running processes go on with the former value. `guarded` settings decide whom the home
    trusts, or where its data is: changing one is a high-risk plan."""

    touches: str
    restart: bool = False
    guarded: bool = False


_PROCESSES = "every Groundplan process of this home"
_REACH = {
    "environment": Reach("the next plan, which reads that environment's defaults"),
    "planning": Reach("the next plan"),
    "project": Reach("which workspaces manifests are promoted between"),
    "values": Reach("the settings that refer to it"),
    "database": Reach(f"{_PROCESSES}; what is stored is not moved", restart=True, guarded=True),
    "queue": Reach(f"{_PROCESSES}; runs that wait are not moved", restart=True, guarded=True),
    "plan_seconds": Reach(_PROCESSES, restart=True),
    "consent": Reach(f"{_PROCESSES}; looser rules count once a person accepted them", restart=True, guarded=True),
    "worker": Reach("the process that carries out runs", restart=True),
    "index": Reach("the knowledge index, which another model builds anew", restart=True, guarded=True),
    "approvers": Reach(f"{_PROCESSES}; a key counts once a person accepted it", restart=True, guarded=True),
    "interpolation": Reach("what settings files may read", guarded=True),
    "providers": Reach("whoever signs in to a cloud", restart=True, guarded=True),
}


def reach_of(path: Keys) -> Reach:
    return _REACH[path[0]]
