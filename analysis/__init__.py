"""What is done with finished runs: comparing, drawing, reporting, and the command line.

Nothing heavy is imported here, so that ``protestorate --help`` answers at once.
"""
