"""Rules of a workspace: `policies/rules.yaml`, read, checked and held against resources and plans."""
