"""The HTTP door: MCP at `/mcp`, and the confirmation page."""
