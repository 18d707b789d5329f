"""Leases: one process at a time holds a name, for a while; the epoch fences whoever held it before."""

from __future__ import annotations

import time
from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from engine.model.errors import LeaseLost
from engine.state.database import Database
from engine.state.tables import lease

CLOCK = time.time


@dataclass(frozen=True, slots=True)
class Lease:
    """`epoch` grows with each new holder; `expires_at` is in seconds since the epoch of the clock."""

    name: str
    owner: str
    epoch: int
    expires_at: float


class Leases:
    def __init__(self, database: Database) -> None:
        self._database = database

    def acquire(self, name: str, owner: str, seconds: float) -> Lease | None:
        """The lease, if nobody else holds it now."""
        with self._database.write() as connection:
            # A row that is not there can't be locked, and two that insert it at once would both hold the first epoch.
            nobodys = {"name": name, "owner": "", "epoch": 0, "expires_at": 0.0}
            self._database.insert_missing(connection, lease, nobodys)
            row = connection.execute(select(lease).where(lease.c.name == name).with_for_update()).one()
            now = CLOCK()
            if row.owner != owner and row.expires_at > now:
                return None
            taken = Lease(name, owner, row.epoch + 1, now + seconds)
            connection.execute(
                update(lease)
                .where(lease.c.name == name)
                .values(owner=owner, epoch=taken.epoch, expires_at=taken.expires_at)
            )
        return taken

    def renew(self, held: Lease, seconds: float) -> Lease:
        """The same tenure, longer; an expired but untaken one lives on. Raises `LeaseLost` when somebody took it."""
        with self._database.write() as connection:
            until = CLOCK() + seconds
            touched = connection.execute(
                update(lease)
                .where(lease.c.name == held.name, lease.c.owner == held.owner, lease.c.epoch == held.epoch)
                .values(expires_at=until)
            )
            if touched.rowcount != 1:
                raise LeaseLost(f"lease {held.name} was taken over by another process.")
        return Lease(held.name, held.owner, held.epoch, until)

    def release(self, held: Lease) -> None:
        with self._database.write() as connection:
            connection.execute(
                update(lease).where(lease.c.name == held.name, lease.c.epoch == held.epoch).values(expires_at=0.0)
            )

    def current(self, name: str) -> Lease | None:
        """Who holds it now, expired or not."""
        with self._database.read() as connection:
            row = connection.execute(select(lease).where(lease.c.name == name)).one_or_none()
        return None if row is None else Lease(row.name, row.owner, row.epoch, row.expires_at)


def check_fence(connection: Connection, held: Lease) -> None:
    """Raises `LeaseLost` unless this tenure is still the current one; part of every journal transaction."""
    query = select(lease.c.epoch).where(lease.c.name == held.name)
    if connection.dialect.name != "sqlite":
        query = query.with_for_update(read=True)
    epoch = connection.execute(query).scalar_one_or_none()
    if epoch != held.epoch:
        raise LeaseLost(f"lease {held.name} was taken over by another process.")
