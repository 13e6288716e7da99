"""What is known of the mechanism ``connection``: its rules worked by hand, how to take it out, what theory says."""

from __future__ import annotations

from facts import TURNOUT, Case, Removal, Sign, constant

CAPACITY: list[Case] = [((0.8, 0.3, 1.0), 0.2), ((0.2, 0.5, 1.0), 0.5), ((1.0, 1.0, 0.0), 1.0)]
ADOPTION: list[Case] = [((0.2, 0.5, 0.25), 0.3), ((0.2, 0.0, 0.25), 0.2), ((1.0, 1.0, 2.0), 1.0)]
ONLINE: list[Case] = [((0.2, 1.0, 0.0), 0.2), ((0.2, 1.0, 1.0), 1.0), ((0.2, 0.0, 1.0), 0.0), ((1.0, 1.0, 0.0), 1.0)]
SHUTDOWN_POLICY: list[Case] = [
    ((0.6, 0.5, 0.6, 0.8), 0.24),  # 0.8 * 0.6 * 0.5
    ((0.59, 1.0, 0.6, 0.8), 0.0),
    ((1.0, 0.0, 0.6, 0.8), 0.0),  # nothing is expected tomorrow
]

CASES: dict[str, list[Case]] = {
    "capacity": CAPACITY,
    "adoption": ADOPTION,
    "online": ONLINE,
    "shutdown_policy": SHUTDOWN_POLICY,
}

REMOVALS = {
    "shutdown": Removal(rules={"connection.capacity": constant(1.0), "connection.shutdown_policy": constant(0.0)}),
    "circumvention": Removal(rules={"connection.adoption": constant(0.0)}),
}

SIGNS = [Sign("shutdown", "rises", TURNOUT), Sign("circumvention", "falls", TURNOUT)]
