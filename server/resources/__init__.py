"""What a client can read and subscribe to: workspaces, plans, runs and resources by their address."""
