"""The knowledge index: documents in, cited passages out. `rag.library` is its front; it never imports the engine."""
