"""The tables of the index. Everything in them is derived: when they change, an index is made anew."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from rag.index import lexical

_BUSY_MILLISECONDS = 10_000

_CREATE = (
    "create table meta (name text primary key, value integer not null) without rowid",
    "create table embedder (key integer primary key autoincrement, fingerprint text not null unique,"
    " setting text not null)",
    # A document whose text is as its digest says; the mark is its source's, compared before anything is read.
    "create table document (key integer primary key autoincrement, shelf text not null, scope text not null,"
    " id text not null, uri text not null, title text not null, kind text not null, tags text not null,"
    " updated_at text, label_tokens integer not null, mark text not null, digest blob not null,"
    " unique (shelf, scope, id))",
    # What a source named and did not hand over, with the reason when it could not be read.
    "create table left_out (shelf text not null, scope text not null, id text not null, mark text not null,"
    " reason text not null, primary key (shelf, scope, id)) without rowid",
    # Keys are never given out twice, so that a vector of a text that is gone can't be taken for another's.
    "create table chunk (key integer primary key autoincrement, document integer not null, ordinal integer not null,"
    " crumb text not null, text text not null, first_line integer not null, last_line integer not null,"
    " tokens integer not null, lead_characters integer not null, lead_tokens integer not null,"
    " digest blob not null)",
    "create index chunk_of_document on chunk (document)",
    "create index chunk_of_digest on chunk (digest)",
    # Unit vectors as little-endian float16. seq only grows, so that what came later is what is behind a number.
    "create table vector (seq integer primary key autoincrement, embedder integer not null, shelf text not null,"
    " chunk integer not null, data blob not null, unique (chunk, embedder))",
    "create index vector_of_shelf on vector (shelf, embedder)",
    # How far Chroma's copy of a shelf is, and which vectors of it have no chunk any more. meta's copies counts the
    # times that Chroma was written, its edition the times that it had to be derived anew.
    "create table copied (shelf text not null, embedder integer not null, upto integer not null,"
    " primary key (shelf, embedder)) without rowid",
    "create table gone (shelf text not null, chunk integer not null, primary key (shelf, chunk)) without rowid",
    "insert into meta (name, value) values ('generation', 0), ('serving', 0), ('copies', 0), ('edition', 0)",
)


def create(connection: sqlite3.Connection) -> None:
    connection.execute("pragma journal_mode = wal")
    connection.execute("begin immediate")
    for statement in (*_CREATE, *lexical.CREATE):
        connection.execute(statement)
    connection.execute("commit")


def connect(path: Path, *, reading: bool) -> sqlite3.Connection:
    """An open connection that begins and ends its own transactions and may change hands between threads.

    synchronous = normal: a power cut can lose the last transactions, never the order of them, and what is lost is
    derived again at the next refresh, because the marks went with it.
    """
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None, check_same_thread=False
    )
    connection.execute(f"pragma busy_timeout = {_BUSY_MILLISECONDS}")
    connection.execute("pragma synchronous = normal")
    if reading:
        # Not mode=ro: the first to read a file in WAL has to make its shared memory.
        connection.execute("pragma query_only = on")
    else:
        # What was indexed before it was recognised as a secret is overwritten when it goes.
        connection.execute("pragma secure_delete = on")
    return connection
