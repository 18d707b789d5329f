"""A log of who asked, decided, confirmed and did what, in which tampering shows."""
