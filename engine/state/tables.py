"""The schema, the same on SQLite and PostgreSQL."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData()
# Times are seconds since the epoch: the two databases and every process agree on them without time zones.

workspace = Table(
    "workspace",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("uid", String(32), nullable=False),
    Column("path", Text, nullable=False),
    Column("serial", Integer, nullable=False, default=0),
    Column("archived", Boolean, nullable=False, default=False),
    Column("created_at", Float, nullable=False),
)

node = Table(
    "node",
    metadata,
    Column("workspace", String(40), primary_key=True),
    Column("address", String(200), primary_key=True),
    Column("type", String(40), nullable=False),
    Column("provider", String(40), nullable=False),
    Column("object_id", String(300), nullable=False),
    Column("inputs", JSON, nullable=False),
    Column("properties", JSON, nullable=False),
    Column("labels", JSON, nullable=False),
    Column("lineage", String(10), nullable=False),
    Column("prevent_destroy", Boolean, nullable=False, default=False),
    Column("serial", Integer, nullable=False),
    Column("updated_at", Float, nullable=False),
    Index("node_by_type", "workspace", "type"),
)

edge = Table(
    "edge",
    metadata,
    Column("workspace", String(40), primary_key=True),
    Column("source", String(200), primary_key=True),
    Column("target", String(200), primary_key=True),
    Index("edge_by_target", "workspace", "target"),
)

serial = Table(
    "serial",
    metadata,
    Column("workspace", String(40), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("run_id", String(40), nullable=False),
    Column("at", Float, nullable=False),
)

history = Table(
    "history",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("workspace", String(40), nullable=False),
    Column("address", String(200), nullable=False),
    Column("serial", Integer, nullable=False),
    Column("action", String(10), nullable=False),
    Column("run_id", String(40), nullable=False),
    Column("at", Float, nullable=False),
    Column("snapshot", JSON),
    Index("history_by_address", "workspace", "address"),
)

loose_end = Table(
    "loose_end",
    metadata,
    # A create whose answer is not known: the object may exist under this key.
    Column("workspace", String(40), primary_key=True),
    Column("key", String(40), primary_key=True),
    Column("address", String(200), nullable=False),
    Column("provider", String(40), nullable=False),
    Column("type", String(40), nullable=False),
)

drift_check = Table(
    "drift_check",
    metadata,
    # The latest of each workspace: a check replaces the one before with all its findings.
    Column("workspace", String(40), primary_key=True),
    Column("at", Float, nullable=False),
    Column("serial", Integer, nullable=False),
    Column("checked", Integer, nullable=False),
)

finding = Table(
    "finding",
    metadata,
    Column("workspace", String(40), primary_key=True),
    Column("address", String(200), primary_key=True),
    Column("body", JSON, nullable=False),
)

plan = Table(
    "plan",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("workspace", String(40), nullable=False),
    Column("status", String(12), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("digest", String(64), nullable=False, default=""),
    Column("serial", Integer, nullable=False, default=0),
    Column("created_at", Float, nullable=False),
    Column("expires_at", Float, nullable=False),
    Column("body", Text),
    Column("failure", JSON),
    Column("run_id", String(40), nullable=False, default=""),
    Index("plan_by_workspace", "workspace", "created_at"),
)

confirmation = Table(
    "confirmation",
    metadata,
    Column("plan_id", String(40), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("channel", String(12), nullable=False),
    Column("principal", JSON, nullable=False),
    Column("run_id", String(40), nullable=False),
    Column("at", Float, nullable=False),
)

spent_approval = Table(
    "spent_approval",
    metadata,
    Column("id", String(50), primary_key=True),
    Column("plan_id", String(40), nullable=False),
    Column("run_id", String(40), nullable=False),
    Column("at", Float, nullable=False),
)

run = Table(
    "run",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("plan_id", String(40), nullable=False, unique=True),
    Column("workspace", String(40), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("status", String(12), nullable=False),
    Column("serial", Integer, nullable=False),
    Column("accounts", JSON, nullable=False),
    Column("total", Integer, nullable=False),
    Column("done", Integer, nullable=False, default=0),
    Column("created_at", Float, nullable=False),
    Column("started_at", Float),
    Column("ended_at", Float),
    Column("failure", JSON),
    Column("cancel_requested", Boolean, nullable=False, default=False),
    Column("waiting", Text, nullable=False, default=""),
    Column("resumed_by", String(40), nullable=False, default=""),
    Index("run_by_workspace", "workspace", "created_at"),
    Index("run_by_status", "status"),
)

step = Table(
    "step",
    metadata,
    Column("run_id", String(40), primary_key=True),
    # Of a manifest's step these hold its path, which may be long.
    Column("id", Text, primary_key=True),
    Column("address", Text, nullable=False),
    Column("verb", String(10), nullable=False),
    Column("status", String(10), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("started_at", Float, nullable=False),
    Column("ended_at", Float),
    Column("outcome", JSON),
    Column("failure", JSON),
)

lease = Table(
    "lease",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("owner", String(80), nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("expires_at", Float, nullable=False),
)

fact = Table(
    "fact",
    metadata,
    # Single values of the home: the active workspace, the audit log's head, accepted consent rules.
    Column("name", String(60), primary_key=True),
    Column("value", JSON, nullable=False),
)
