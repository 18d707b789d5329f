"""A workspace full of planted secrets, for asserting that none of them gets where it should not.

`plant(folder)` writes it and returns the secrets; `traces(content, secrets)` names those whose bytes occur.
`SEEN` are words from the same files that must be found, so that leaving everything out proves nothing.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterable
from pathlib import Path

# Tokens are put together here, so that this file holds none that a scanner would report.
SECRETS = {
    "aws id": "AK" + "IAQ7ZJ4XN2MB5TYW3R",
    "aws key": "wK9xr" + "Ut3nFEbI/K7MDENG/bQxRfiCYp8LmZ2tVaHs",
    "github": "gh" + "p_9aZ8bY7cX6dW5eV4fU3gT2hS1iR0jQ4kP5lO",
    "gitlab": "gl" + "pat-x7Kq_9Lm2Nw4Rt6Yz8Bv",
    "slack": "xo" + "xb-271828182845-904523536028-7cN4qW9rT2yU5iO8pA1sD6f",
    "stripe": "sk" + "_live_4eC39HqLyjWDarjtT1zdp7dc",
    "google": "AI" + "zaSyD9xK2mN4pQ6rS8tU0vW1yZ3aB5cE7gI",
    "jwt": "ey" + "JhbGciOiJIUzI1NiJ9." + "ey" + "JzdWIiOiJjYW5hcnkifQ.Zk3vQ9xL7mN2pR5tW8yB1dF4hJ6",
    "age": "AGE-SECRET-" + "KEY-1QQPQZRYGF9X8V7T6S5D4W3N2J1K0M9L8H7G6F5E4C3A2Z",
    "hash": "$6" + "$rounds=5000$saltsalt$Qw9eRt8yUi7oPa6sDf5gHj4kLz3x",
    "hex": "9f86d081884c7d659a2feaa0c55ad015",
    "random": "qX7vB2nM9kL4jH6gF1dS8aP3",
    "cloud": "Vb8Nq2Lx5Rz9Tk4Wm7Yc1Hd6Gf3Js0PaEiUoBvXwZtSrQnMlKjHgFdCxAaSsDdFf",
    "yaml": "rainy-tuesday-1",
    "yaml list": "rainy-tuesday-2",
    "yaml block": "rainy tuesday three",
    "yaml entry": "rainy-tuesday-4",
    "yaml flow": "rainy-tuesday-5",
    "yaml phrase": "correct horse battery staple",
    "toml": "rainy-tuesday-6",
    "toml lines": "rainy-tuesday-7",
    "json": "rainy-tuesday-8",
    "json list": "rainy-tuesday-9",
    "json entry": "rainy-tuesday-10",
    "nickel": "rainy-tuesday-11",
    "markdown": "rainy-tuesday-12",
    "markdown table": "rainy-tuesday-13",
    "markdown column": "rainy-tuesday-14",
    "markdown env": "rainy-tuesday-15",
    "markdown flag": "rainy-tuesday-16",
    "markdown url": "rainy-tuesday-17",
    "markdown header": "rainy-tuesday-18",
    "front matter": "rainy-tuesday-19",
    "rst": "rainy-tuesday-20",
    "text": "rainy-tuesday-21",
    "pdf": "rainy-tuesday-22",
    "folder": "rainy-tuesday-23",
    "dotenv": "rainy-tuesday-24",
    "sops": "rainy-tuesday-25",
    "kubernetes": base64.b64encode(b"rainy-tuesday-26").decode(),
    "tfstate": "rainy-tuesday-27",
    "credentials": "rainy-tuesday-28",
    "kubeconfig": "rainy-tuesday-29",
    "outside": "rainy-tuesday-30",
    "ignored": "rainy-tuesday-31",
    "own ignored": "rainy-tuesday-32",
    "utf-16": "rainy-tuesday-33",
    "basic": "rainy-tuesday-34",
    "spaced": "rainy-tuesday-35",
    "sql": "rainy-tuesday-36",
}  # fmt: skip
_PEM_LINES = ("MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEA", "AoIBAQC7VJTUt9Us8cKjMzEfYyjiWA4R4")
_PEM = "\n".join(("-----BEGIN PRIVATE KEY-----", *_PEM_LINES, "-----END PRIVATE KEY-----"))
_INDENTED_PEM = _PEM.replace("\n", "\n    ")

SEEN = (
    "heron-markdown",
    "heron-yaml",
    "heron-toml",
    "heron-json",
    "heron-nickel",
    "heron-rst",
    "heron-text",
    "heron-pdf",
)

_FILES = {
    "docs/access.md": """---
title: Access
password: {front matter}
---
# Access of heron-markdown

The password: {markdown}
Token: `{random}` and {github}, {gitlab}, {slack}; {stripe} and {google}.

| setting | value |
|---|---|
| `api_key` | {markdown table} |

| user | password | host |
|------|----------|------|
| ann | {markdown column} | web |

```sh
export DB_PASSWORD={markdown env}
deploy --token {markdown flag} --password={hex}
curl -u ann:{basic} http://localhost
git clone https://ann:{markdown url}@example.org/repo.git
curl -H "Authorization: Bearer {markdown header}"
psql -c "alter user ann IDENTIFIED BY '{sql}'"
```

> {jwt}

- {pem}
""",
    "infra/main.yaml": """# heron-yaml
servers:
  web:
    image: debian
    root_password: {yaml}
    passphrase: {yaml phrase}
    credentials:
      - {yaml list}
      - user: ann
    private_key: |
      {yaml block}
    tls: {{password: {yaml flow}, port: 443}}
    env:
      - name: DB_PASSWORD
        value: {yaml entry}
    hash: {hash}
    aws: {aws id}
    other: {aws key}
    key_of_host: |
    {pem}
""",
    "settings/dev-defaults.toml": """# heron-toml
[provider]
api-key = "{toml}"
secret = '''
{toml lines}
'''
hcloud = "{cloud}"
""",
    "infra/extra.json": """{{
  "what": "heron-json",
  "password" : "{json}",
  "tokens": [
    "{json list}"
  ],
  "env": [{{"name": "API_TOKEN", "value": "{json entry}"}}]
}}
""",
    "infra/more.ncl": '{{ what = "heron-nickel", db_password = "{nickel}" }}\n',
    "docs/notes.rst": "Notes on heron-rst\n==================\n\n:password: {rst}\n\n``{age}``\n",
    "docs/log.txt": "heron-text started\nlogin with password={text} ok\npassword   =>   {spaced}\n",
    "docs/{stripe}.md": "# A name that tells too much\n",
    "secrets/db.md": "{folder}\n",
    ".env": "A={dotenv}\n",
    "prod.env": "A={dotenv}\n",
    "infra/db.sops.yaml": "a: {sops}\n",
    "infra/enc.yaml": "a: ENC[AES256_GCM,data:{sops},type:str]\nsops:\n  mac: x\n",
    "infra/enc.json": '{{"a": "{sops}", "sops": {{"version": "3.9.0"}}}}\n',
    "infra/vault.yml": "$ANSIBLE_VAULT;1.1;AES256\n{hex}\n",
    "infra/k8s.yaml": "apiVersion: v1\nkind: Secret\ndata:\n  a: {kubernetes}\n",
    "infra/terraform.tfstate": '{{"a": "{tfstate}"}}\n',
    "infra/terraform.tfstate.json": '{{"a": "{tfstate}"}}\n',
    "credentials.json": '{{"a": "{credentials}"}}\n',
    "docs/passwords.txt": "{credentials}\n",
    "kubeconfig.yaml": "users: [{kubeconfig}]\n",
    "docs/server.pem": "{pem}\n",
    "docs/id_rsa": "{pem}\n",
    "docs/key.txt": "{pem}\n",
    "docs/private.key.md": "{pem}\n",
    ".gitignore": "/ignored/\n*.draft.md\n",
    "ignored/a.md": "{ignored}\n",
    "docs/a.draft.md": "{ignored}\n",
    ".groundplanignore": "own-ignored.md\n",
    "docs/own-ignored.md": "{own ignored}\n",
    ".config/tool.toml": "a = '{own ignored}'\n",
}  # fmt: skip


def plant(folder: Path) -> list[str]:
    """Writes the workspace into `folder` and something outside that links lead to."""
    for name, text in _FILES.items():
        path = folder / _filled(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_filled(text), encoding="utf-8")
    (folder / "docs" / "wide.md").write_text(f"password: {SECRETS['utf-16']}", encoding="utf-16")
    (folder / "docs" / "sheet.pdf").write_bytes(pdf(("heron-pdf", f"password: {SECRETS['pdf']}", SECRETS["github"])))
    _link(folder)
    return [*SECRETS.values(), *_PEM_LINES]


def traces(content: bytes, secrets: Iterable[str]) -> list[str]:
    """The secrets whose bytes occur, as text, UTF-16 or base64 of themselves."""
    return [secret for secret in secrets if any(form in content for form in _forms(secret))]


def pdf(lines: Iterable[str]) -> bytes:
    """A page with these lines."""
    shown = " ".join(f"({line}) Tj 0 -14 Td" for line in lines)
    stream = zlib.compress(f"BT /F1 12 Tf 50 700 Td {shown} ET".encode("latin-1"))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    content, places = b"%PDF-1.4\n", list[int]()
    for number, body in enumerate(objects, 1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        content
        + b"xref\n0 6\n0000000000 65535 f \n%strailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (
            table,
            len(content),
        )
    )


def _forms(secret: str) -> list[bytes]:
    return [secret.encode(), secret.encode("utf-16-le"), base64.b64encode(secret.encode()).rstrip(b"=")[:-1]]


def _link(folder: Path) -> None:
    outside = folder.parent / f"{folder.name}-outside"
    outside.mkdir()
    (outside / "a.md").write_text(SECRETS["outside"], encoding="utf-8")
    (folder / "docs" / "linked.md").symlink_to(outside / "a.md")
    (folder / "docs" / "linked").symlink_to(outside)
    (folder / "docs" / "inner.md").symlink_to(folder / "secrets" / "db.md")
    (folder / "docs" / "loop").symlink_to(folder)


def _filled(text: str) -> str:
    return text.format(pem=_INDENTED_PEM if "    {pem}" in text else _PEM, **SECRETS)
