"""Co-optation: a broad movement for which a narrower camp comes to speak. Switch: ``cooptation``."""

from __future__ import annotations

from sim.core.jit import compiled


@compiled
def voice(before: float, turnout: float, breadth: float, rate: float) -> float:
    """Share of the movement's voice that the narrower camp has won.

    k' = k + rate * X * C * (1 - k)                                                  (14d)

    The broader and the larger a movement, the more there is to win.

    Source: class and media thread: other camps will take a broad movement over when it suits them;
    Beissinger (2013) on coalitions whose stated aims are those of a minority.
    """
    return before + rate * turnout * breadth * (1.0 - before)


@compiled
def representation(is_own: float, voice: float, alienation: float) -> float:
    """Motive that a citizen loses when the movement speaks for another camp.

    m = -alienation * k * (1 - own)                                                  (5i)

    is_own : 1.0 for citizens of the camp that speaks, else 0.0
    """
    return -alienation * voice * (1.0 - is_own)
