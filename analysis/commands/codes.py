"""What the command's exit code says; every command uses these and no others."""

from __future__ import annotations

NOT_ALL = 1
"""It was carried out, but not all came out as asked: runs failed, patterns do not hold, a row is not the same again."""
USER_MISTAKE = 2
"""Something was asked for that cannot be done; the message says what."""
INTERRUPTED = 130
"""Stopped by the user; what is finished is kept where the message says so."""
