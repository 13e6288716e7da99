"""Events of one's own: tables of them read, held against runs, written, and made into targets."""
