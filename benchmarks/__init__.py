"""What `make bench` measures: one file each, one table in the end. Nothing here passes or fails on time."""
