"""Files that are never read into the index: what holds secrets by its name, or is encrypted by its content."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

from rag.model.document import Format
from rag.sources.secret_shapes import TOKEN

_FOLDERS = frozenset({"secrets", "secret", "private-keys", "credentials", "node_modules", "venv", "__pycache__"})
_NAMES = (
    "*.sops.*", "*.enc.*", "*.encrypted.*", "*.age.*", "*.vault.*", "*.tfstate*", "*.tfvars*", "*.pem", "*.pem.*",
    "*.key", "*.key.*", "*.p12", "*.pfx", "*.jks", "*.kdbx", "*.gpg", "*.asc", "*.age", "*.ovpn", "*.env", "*.env.*",
    "env.*", "id_rsa*", "id_dsa*", "id_ecdsa*", "id_ed25519*", "*kubeconfig*", "*htpasswd*", "passwords.*", "passwd.*",
    "*service-account*.json", "*service_account*.json", "*token.json", "client_secret*.json",
)  # fmt: skip
# In data, the name is enough; a page called "credentials" is more likely about them.
_DATA_NAME = re.compile(r"(?:^|[^a-z])(?:secrets?|credentials?|creds|passwords?|passwd|tokens?|vault)(?:[^a-z]|$)")
_PROSE = frozenset({Format.MARKDOWN, Format.RST})

_ENCRYPTED = re.compile(r"\s*(?:-----BEGIN |\$ANSIBLE_VAULT;|age-encryption\.org/|\S{0,8}Salted__)")
_SOPS = re.compile(
    r"""^\s{0,8}["']?sops["']?\s{0,4}[:=]|^\s{0,4}\[sops[.\]]|ENC\[[A-Z0-9_]+,|["']?sops_version["']?\s{0,4}[:=]"""
    r"""|[{,]\s{0,8}"sops"\s{0,4}:""",
    re.MULTILINE,
)
_KUBERNETES_SECRET = re.compile(
    r"""^[\s-]{0,8}["']?kind["']?\s{0,4}:\s{0,4}["']?(?:Sealed)?Secret["']?\s{0,4},?\s{0,4}$|"kind"\s{0,4}:\s{0,4}"Secret\"""",
    re.MULTILINE,
)


def is_secret_folder(name: str) -> bool:
    return name.startswith(".") or name.casefold() in _FOLDERS


def is_secret_name(name: str, notation: Format) -> bool:
    """By a file's name alone; one that carries a token in its own name is left out too."""
    folded = name.casefold()
    if name.startswith(".") or any(fnmatchcase(folded, pattern) for pattern in _NAMES):
        return True
    return (notation not in _PROSE and _DATA_NAME.search(folded) is not None) or TOKEN.search(name) is not None


def is_secret_text(text: str, notation: Format) -> bool:
    """Whether the whole of it is encrypted or a secret. In prose, what quotes such a thing is redacted instead."""
    if _ENCRYPTED.match(text) is not None:
        return True
    data = notation not in _PROSE and notation is not Format.TEXT
    return data and (_SOPS.search(text) is not None or _KUBERNETES_SECRET.search(text) is not None)
