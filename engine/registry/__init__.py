"""Finds what extends the engine: providers and services now; clusters and workflows have their rooms here later."""
