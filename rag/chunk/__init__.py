"""From a document to chunks: by heading, tables and code kept whole, counted in tokens."""
