"""The story of one small infrastructure, played with a real MCP client against the real server."""
