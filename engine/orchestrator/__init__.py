"""Durable runs: a confirmed plan's steps, walked in parallel over a journal that survives any kill."""
