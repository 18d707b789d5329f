"""What a search finds, measured on questions whose right pages are known: `make eval`."""
