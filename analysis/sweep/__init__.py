"""What a study's command shows: what it would do, and what came of it."""
