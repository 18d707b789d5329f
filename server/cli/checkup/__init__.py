"""What `groundplan doctor` looks at: one check, one function, each failure with its remedy."""
