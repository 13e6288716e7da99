"""Calibration: observed targets, how far runs are from them, and the search for parameters."""
