"""class Engine: the verbs every door calls. It authorizes, does and records; it renders nothing."""
