"""What is measured of a run: one language for studies, experiments, patterns, comparisons, targets and cases.

:mod:`~sim.measures.language` is how a measure is written, :mod:`~sim.measures.values` takes it of runs, and
:mod:`~sim.measures.labels` says what it is called.
"""
