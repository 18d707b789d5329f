"""The store of chunks: text and full-text search in SQLite, vectors in Chroma."""
