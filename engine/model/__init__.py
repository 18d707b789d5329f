"""The nouns of the house: frozen, free of I/O, one file each (see `knowledge/glossary.md`)."""
