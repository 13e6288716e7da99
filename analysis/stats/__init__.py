"""Statistics that every command shares: one policy, one interval for each kind of number, one paired effect."""
