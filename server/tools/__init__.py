"""The tools a model is given: thin, one file per group; arguments -> a verb of the Engine -> a rendered answer."""
