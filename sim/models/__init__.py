"""The models that a scenario can name, and the interface they share."""
