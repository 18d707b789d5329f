"""The provisioning engine: plans changes, applies what was confirmed, remembers what was done."""
