"""The client programs that Groundplan can be plugged into, and their settings files."""
