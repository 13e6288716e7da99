"""Patterns: what must come out of the model if it is any good, each a study with an expectation."""
