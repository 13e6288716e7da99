"""Speed and memory of the flagship model: ``make bench``."""
