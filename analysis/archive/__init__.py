"""Replication archives: a study with all that is needed to check it, packed, and checked."""
