"""What the engine advises: modes, platforms, services, sizes. It only reads, and nothing here changes anything."""
