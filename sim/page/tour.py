"""The page in six steps: for those who see it for the first time."""

from __future__ import annotations

STEPS: tuple[dict[str, str], ...] = (
    {
        "place": ".pv-controls, .pv-bar",
        "title": "Let days go by",
        "text": "Play runs it day by day, Step takes one day, Reset begins again. Drag the slider to look back.",
    },
    {
        "place": ".pv-sentence",
        "title": "Read the answer",
        "text": "This sentence says when and where the movement was largest so far and, at the end, how it ended.",
    },
    {
        "place": ".pv-map",
        "title": "See where",
        "text": "The area of a circle is the number of people in action. Click a locality to see its neighbourhoods.",
    },
    {
        "place": ".pv-charts figure",
        "title": "See how",
        "text": "Rest on a chart for its numbers, click it to go to that day. Each can be enlarged and saved.",
    },
    {
        "place": ".pv-fan",
        "title": "Do not trust one run",
        "text": "A run is one draw. Other seeds, run in the background, show as bands how far other draws lie apart.",
    },
    {
        "place": ".pv-whatif, .pv-settings",
        "title": "Ask what if",
        "text": (
            "Set another course of events beside this one, move a lever while it runs, or start with other settings. "
            "“copy link” keeps what you see."
        ),
    },
)
"""Where each step points (CSS selectors; the first that can be seen), its title, and what it says."""
