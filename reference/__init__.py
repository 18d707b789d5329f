"""What `knowledge/reference/` is made from: the code's own facts, and the words beside it that no code holds."""
