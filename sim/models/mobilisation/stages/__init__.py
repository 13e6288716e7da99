"""The stages of a day: loops that read arrays, call rules, and write back.

:mod:`sim.models.mobilisation.day` runs them in order. This is the only code that wires arrays into rules.
"""
