"""Sees what moved without a plan."""
