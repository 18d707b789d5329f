"""The durable store of workspaces, resources and their relations, plans, runs and leases. The only room with SQL."""
