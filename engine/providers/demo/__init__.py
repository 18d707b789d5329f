"""Demo: a stateful simulated cloud that is as strict as a real one."""

from engine.providers.demo.provider import KIND

__all__ = ["KIND"]
