"""Who may come in, and the secrets that prove it."""
