"""YAML, TOML and JSON as plain data that knows where it stands, and edits that leave every other byte as it is."""
