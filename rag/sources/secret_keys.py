"""What names a secret: keys, flags and addresses whose value is taken out wherever it stands."""

from __future__ import annotations

import re

from rag.sources.secret_shapes import REDACTED

_NAME = (
    r"(?:pass(?:word|wd|phrase|code)s?|(?<![a-z])pass(?![a-z])|pwd|token(?!i[sz])|secret|api[_-]?keys?"
    r"|(?:private|access|account|auth|encryption|master|signing|shared|storage|license|session|service|deploy|root)"
    r"[_-]?keys?|credentials?|authorization|bearer|cookie|connection[_-]?string|(?<![a-z])(?:dsn|pin|otp|totp|mnemonic)"
    r"(?![a-z])|recovery[_-]?codes?)"
)
_SIGN = r"[\"'`*\]]{0,4}\s{0,8}(?:\(\w{0,20}\))?\s{0,8}(?::=|=>|==?|:)[ \t*]{0,8}"
KEY = re.compile(rf"{_NAME}(?P<rest>[\w.-]{{0,40}}){_SIGN}", re.IGNORECASE)
# `name: DB_PASSWORD`, and in the same entry `value: …`.
NAMING = re.compile(
    rf"(?<![a-z])(?:name|key|variable)[\"']?\s{{0,8}}[:=]\s{{0,8}}[\"']?[\w.-]{{0,60}}{_NAME}", re.IGNORECASE
)
KEY_OR_VALUE = re.compile(rf"(?:{_NAME}|(?<![a-z])(?:value|default))(?P<rest>[\w.-]{{0,40}}){_SIGN}", re.IGNORECASE)
_WORD = re.compile(_NAME, re.IGNORECASE)

_FLAG = re.compile(
    r"((?<![\w-])--?(?P<name>[\w-]{0,30}(?:password|passwd|passphrase|pass|token|secret|api-?key|access-?key|private-?key)"
    r"[\w-]{0,20})[ =]\s{0,4}|(?<!\w)(?:curl|wget|http)\b[^|\n]{0,300}?\s-u\s{1,4}"
    r"|\bIDENTIFIED\s{1,4}BY\s{1,4}(?=[\"']))"
    r"(?P<value>\"[^\"]*\"?|'[^']*'?|[^\s\"']+)",
    re.IGNORECASE,
)
_USERINFO = re.compile(r"(?<=://)[^\s/@:\"']{0,200}:[^\s/@\"']{1,300}(?=@)")
# What tells that a key names something about a secret, and not the secret.
_ABOUT = re.compile(
    r"(?:^|[_.-]|(?<=[a-z])(?=[A-Z]))"
    r"(?:accessor|algorithm|backend|budget|class|count|driver|engine|env|expires|expiry|file|format|helper|kind|length"
    r"|limit|method|mode|name|namespace|path|policy|provider|ref|rotation|size|stdin|store|ttl|type|uri|url|version)s?$",
    re.IGNORECASE,
)
_HARMLESS = re.compile(
    r"""["'`]?(?:secret://\S*|\$\{[^}]*\}|\$[A-Z_]\w*|\{\{.*\}\}|<[^<>]*>|true|false|null|none|yes|no|~|\*{3,}|\.{3}|…)["'`]?[,;]?\s*$""",
    re.IGNORECASE,
)
_ONWARDS = re.compile(
    r"(?:and|or|to|is|in|on|for|with|the|an?|options?|flags?|arguments?|parameters?)\W?$", re.IGNORECASE
)
_HINTS = (
    "pass", "pwd", "token", "secret", "key", "credential", "authorization", "bearer", "cookie", "connection", "dsn",
    "pin", "otp", "mnemonic", "recovery", "://", "curl", "wget", "http", "identified",
)  # fmt: skip
_COUNT = re.compile(r"\d{1,6}[,;]?\s*$")


def may_hold_one(line: str) -> bool:
    """A quick look: whether anything in this module could match."""
    folded = line.casefold()
    return any(hint in folded for hint in _HINTS)


def is_about(rest: str) -> bool:
    """Whether what follows the word in a key makes it `password_file`, `token_budget` or the like."""
    return _ABOUT.search(rest) is not None


def names_secret(words: str) -> bool:
    found = _WORD.search(words)
    return found is not None and not is_about(words[found.end() :].strip())


def is_harmless(value: str) -> bool:
    """A reference, a placeholder or a switch."""
    return _HARMLESS.match(value) is not None


def is_count(value: str) -> bool:
    return _COUNT.match(value) is not None


def without_flags(line: str) -> str:
    """The line without the values of secret options and the passwords in addresses."""
    return _FLAG.sub(_flag, _USERINFO.sub(REDACTED, line))


def _flag(found: re.Match[str]) -> str:
    value = found["value"]
    kept = is_about(found["name"] or "") or is_harmless(value) or _ONWARDS.match(value)
    return found[0] if kept else f"{found[1]}{REDACTED}"
