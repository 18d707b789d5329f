"""Relations of resources as pure graphs."""
