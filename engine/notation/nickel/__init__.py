"""Nickel files as plain data: evaluated in a process of their own, which can read nothing but what they import."""

from engine.notation.nickel.evaluate import LIMITS, Limits, evaluate
from engine.notation.nickel.evaluated import Evaluated, Places, read_nickel
from engine.notation.nickel.imports import imports_of

__all__ = ["LIMITS", "Evaluated", "Limits", "Places", "evaluate", "imports_of", "read_nickel"]
