"""The schema of a scenario file, section by section."""
