"""Keys of the home, secrets of a workspace: owner-only files, read inside a step and nowhere else."""
