"""What the home decides: databases, providers' end points, consent rules, the worker."""
