"""Exit codes, the same for every command."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """`DIFFERENT` is drift found, or changes planned where `--detailed-exitcode` asked to be told; `UNANSWERED` is
    a question that neither the state nor any text answers."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    UNCONFIRMED = 3
    DIFFERENT = 4
    UNANSWERED = 5
    INTERRUPTED = 130


EPILOG = (
    "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 a person has yet to confirm (or no terminal to ask at), "
    "4 drift found or changes planned, 5 nothing answers, 130 interrupted."
)
