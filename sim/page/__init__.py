"""The browser page: watch a run, change it, compare two."""
