"""Groundplan's only installed package: the launcher, and in a wheel the rooms under `_app`."""

__version__ = "0.1.0"
