"""Palette, number formats and the overview picture of a run."""
