"""Tools that write the places of a scenario from public tables."""
