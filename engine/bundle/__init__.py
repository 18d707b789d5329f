"""Bundles: a workspace as one file, written deterministically, and read as if a stranger had made it."""

from engine.bundle.reader import Opened, read_bundle
from engine.bundle.unpacking import check_folder, named, unpack
from engine.bundle.writer import export_bundle

__all__ = ["Opened", "check_folder", "export_bundle", "named", "read_bundle", "unpack"]
