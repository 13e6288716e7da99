"""The commands, a file for each group of them; `analysis.cli` puts them together."""
