"""The nouns of the knowledge index: frozen, no I/O."""
