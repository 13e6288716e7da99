"""What is done with finished runs: comparing, drawing, reporting, and the command line.

Nothing heavy is imported here, so that ``protestorate --help`` answers at once.
"""

import sim  # noqa: F401  # before matplotlib, which it keeps from giving advice
