"""Decides whether a plan may be confirmed at all, and over which channels."""
