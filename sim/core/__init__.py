"""What everybody stands on: random numbers, compilation, errors, and where shared folders lie."""
