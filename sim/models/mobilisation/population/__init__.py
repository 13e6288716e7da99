"""From configuration and seed to the world of the first morning."""
