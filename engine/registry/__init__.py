"""Finds what extends the engine: providers now; services, clusters and workflows have their rooms here later."""
