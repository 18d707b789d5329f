"""Text to vectors: one contract, several embedders, none imported before it is used."""
