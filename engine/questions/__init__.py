"""Exact questions about a workspace's live state, answered from the state store: certain, or silent."""
