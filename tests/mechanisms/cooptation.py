"""What is known of the mechanism ``cooptation``: its rules worked by hand, how to take it out, what theory says."""

from __future__ import annotations

from facts import Case, Sign, total

REPRESENTATION: list[Case] = [((0.0, 0.5, 0.4), -0.2), ((1.0, 1.0, 0.4), 0.0), ((0.0, 0.0, 0.4), 0.0)]
VOICE: list[Case] = [((0.5, 0.8, 0.5, 0.25), 0.55), ((1.0, 1.0, 1.0, 1.0), 1.0), ((0.2, 0.0, 1.0, 1.0), 0.2)]

CASES: dict[str, list[Case]] = {"representation": REPRESENTATION, "voice": VOICE}

SIGNS = [Sign("cooptation", "rises", total("attending_camp_regime"))]
