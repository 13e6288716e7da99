"""What is known of the mechanism ``savings``: its rules worked by hand, how to take it out, what theory says."""

from __future__ import annotations

from facts import STRIKING, Case, Removal, Sign
from tiny_country import everywhere

from sim.models.mobilisation.mechanisms.savings import savings

SAVINGS: list[Case] = [
    ((10.0, 0.0, 0.3, 0.05, 0.0, 30.0, 1.0), 10.05),
    ((10.0, 1.0, 0.3, 0.05, 0.0, 30.0, 1.0), 9.3),  # a day without pay costs 1 - 0.3
    ((10.0, 1.0, 0.3, 0.05, 0.0, 30.0, 0.0), 10.0),  # unless savings never run out
    ((10.0, 1.0, 0.3, 0.05, 0.2, 30.0, 1.0), 9.5),
    ((0.5, 1.0, 0.0, 0.05, 0.0, 30.0, 1.0), 0.0),
    ((10.0, 0.0, 0.3, -0.25, 0.0, 30.0, 1.0), 9.75),  # lives on what it has put by
    ((10.0, 0.0, 0.3, -0.25, 0.0, 30.0, 0.0), 10.0),
    ((29.99, 0.0, 0.0, 0.05, 0.0, 30.0, 1.0), 30.0),
    ((40.0, 0.0, 0.0, 0.05, 0.0, 30.0, 1.0), 40.0),  # those who began with more keep it
]

CASES: dict[str, list[Case]] = {"savings": SAVINGS}


def _savings_without_remittances(
    before: float, out: float, pay: float, rate: float, sent: float, *rest: float
) -> float:
    return savings(before, out, pay, rate, 0.0, *rest)


REMOVALS = {
    "savings": Removal(
        rules={
            "savings.savings": lambda s, out, pay, put, sent, most, e: min(
                s + (1 - out) * max(put, 0.0) + sent, max(most, s)
            )
        }
    ),
    "remittances": Removal(rules={"savings.savings": _savings_without_remittances}),
}

SIGNS = [
    Sign("remittances", "falls", STRIKING, {"people.migrant_households": everywhere(0.8)}),
    Sign("savings", "rises", STRIKING),
]
