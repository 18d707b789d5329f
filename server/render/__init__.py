"""Plans, runs and findings as text and HTML, shared by all doors."""
