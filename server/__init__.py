"""The doors: everything that speaks to the outside."""
