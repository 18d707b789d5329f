from __future__ import annotations

from engine.model.resource_type import ResourceModel, prop


class SshKey(ResourceModel):
    """A public key that servers accept."""

    public_key: str | None = prop(
        "One line in OpenSSH form; the workspace's own key if left out.", None,
        immutable=True, max_length=4096, pattern=r"^(ssh-|ecdsa-|sk-)[^\r\n]+$",
    )  # fmt: skip
    fingerprint: str | None = prop("SHA-256 fingerprint of the key.", computed=True)
