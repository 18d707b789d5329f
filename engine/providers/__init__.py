"""Adapters to clouds: one folder each, all of them held to `contract.py`."""
