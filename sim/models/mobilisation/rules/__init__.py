"""The mechanisms, a file each: pure functions of numbers, with their equation and its source.

A rule reads no array and draws no random number: it is handed both. :mod:`sim.models.mobilisation.stages` loops over
entities and calls the rules; the plain Python twin of each is ``rule.py_func``.
"""
