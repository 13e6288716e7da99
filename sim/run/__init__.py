"""One run: loading a checked scenario, running it, and keeping what came of it, half-way or whole."""
