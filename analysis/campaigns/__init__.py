"""A hundred campaigns: a card of each row of a table, run, and held against what came of it."""
