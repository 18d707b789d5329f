"""What secrets look like: tokens by the signs their makers gave them, and strings too random to be words."""

from __future__ import annotations

import math
import re
from collections import Counter

REDACTED = "[redacted]"

_MAKERS = (
    r"(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{12,}",
    r"gh[opusr]_[A-Za-z0-9]{16,}",
    r"github_pat_[A-Za-z0-9_]{20,}",
    r"gl(?:pat|ptt|rt|dt|soat|cbt|ft|agent|oas|imt)-[A-Za-z0-9_.-]{16,}",
    r"xox[a-z]{0,2}-[A-Za-z0-9-]{10,}",
    r"xapp-[A-Za-z0-9-]{10,}",
    r"(?:sk|rk|pk)[-_](?:live|test|proj|ant|or|svcacct|admin)[-_][A-Za-z0-9_-]{10,}",
    r"sk-[A-Za-z0-9_-]{16,}",
    r"whsec_[A-Za-z0-9]{16,}",
    r"AIza[0-9A-Za-z_-]{30,}",
    r"GOCSPX-[A-Za-z0-9_-]{16,}",
    r"ya29\.[A-Za-z0-9_.-]{16,}",
    r"(?<![_-])eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)*",
    r"npm_[A-Za-z0-9]{20,}",
    r"pypi-[A-Za-z0-9_-]{20,}",
    r"SG\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}",
    r"hf_[A-Za-z0-9]{20,}",
    r"do[opr]_v1_[a-f0-9]{20,}",
    r"shp(?:at|ca|pa|ss)_[A-Za-z0-9]{20,}",
    r"AGE-SECRET-KEY-1[A-Z0-9]{20,}",
    r"hv[sbr]\.[A-Za-z0-9_-]{16,}",
    r"(?:dapi|dkea)[a-f0-9]{28,}",
    r"tskey-[A-Za-z0-9-]{16,}",
    r"(?:ucat|NRAK|lin_api|dckr_pat|figd|sbp|glsa|pul|tfp|ops_eyJ)[-_][A-Za-z0-9_-]{16,}",
    r"[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{20,}",
    r"[0-9]{8,10}:[A-Za-z0-9_-]{35}",
    r"ENC\[[^\]\n]{0,4000}\]?",
)
TOKEN = re.compile(
    rf"(?<![A-Za-z0-9])(?:{'|'.join(_MAKERS)})"
    r"|\$2[abxy]\$[0-9]{2}\$[./A-Za-z0-9]{40,}"
    r"|\$(?:1|5|6|y|7|argon2id?|scrypt|pbkdf2[a-z0-9-]*)\$[^\s\"'`]{8,400}"
    r"|(?<=hooks\.slack\.com/)(?:services|workflows)/[A-Za-z0-9/_-]{10,}"
    r"|(?<=discord\.com/)api/webhooks/[A-Za-z0-9/_-]{10,}"
)
_RUN = re.compile(r"[A-Za-z0-9+/_=-]{20,}")
_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_HEX = re.compile(r"[0-9a-f]{32,}|[0-9A-F]{32,}")
_DIGEST_BEFORE = re.compile(r"(?:sha(?:1|224|256|384|512)|md5|digest|checksum|commit|rev|h1)\W{0,4}$", re.IGNORECASE)
_LONGEST_WORD = 4_000  # a longer run is data, and all of it goes
_SUSPECT = re.compile(r"[A-Za-z0-9+/_=.:-]{14}|\$|ENC\[")
_SYLLABLE = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|[0-9]+")


def without_tokens(line: str) -> str:
    """The line with every well-known token and every string that looks random replaced."""
    return _RUN.sub(_judged, TOKEN.sub(REDACTED, line)) if _SUSPECT.search(line) else line


def _judged(run: re.Match[str]) -> str:
    word = run[0]
    if _UUID.fullmatch(word) or not is_random(word):
        return word
    before = run.string[max(0, run.start() - 20) : run.start()]
    return word if _HEX.fullmatch(word) and _DIGEST_BEFORE.search(before) else REDACTED


def is_random(word: str) -> bool:
    """Hexadecimal keys, and letters and digits in turns too short and too varied for words."""
    if len(word) > _LONGEST_WORD or _HEX.fullmatch(word):
        return len(set(word)) > 4
    syllables = _SYLLABLE.findall(word)
    if not syllables or word.isdigit():
        return False
    length = sum(map(len, syllables)) / len(syllables)
    digits = sum(sign.isdigit() for sign in word)
    if any(sign.isupper() for sign in word) and any(sign.islower() for sign in word):
        return length < (2.4 if digits else 1.9) and _entropy(word) >= 3.6
    return len(word) >= 24 and digits / len(word) >= 0.12 and length < 3.5 and not re.search("[-_/]", word)


def _entropy(word: str) -> float:
    """Bits per character, as far as the word itself tells."""
    return -sum(count / len(word) * math.log2(count / len(word)) for count in Counter(word).values())
