"""The few elements of the page that run in the browser: controls, sliders, pictures that can be clicked, the story.

Each is a Vue file beside this one. A parameter that begins with ``event_`` is called from there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import solara

Event = Callable[[Any], None]


@solara.component_vue("controls.vue")
def Controls(
    playing: bool,
    running: bool,
    busy: bool,
    waiting: int,
    unit: str,
    days: int,
    horizon: int,
    shown: int,
    shown_label: str,
    first_date: str,
    last_date: str,
    seed: str,
    generation: int,
    speed: float,
    speeds: Sequence[dict[str, Any]],
    event_play: Event,
    event_pause: Event,
    event_step: Event,
    event_reset: Event,
    event_set_speed: Event,
    event_scrub: Event,
    event_follow: Event,
    event_jump: Event,
) -> None:
    """Play, step, reset, speed, seed, jump to a date, and the slider through the recorded days."""


@solara.component_vue("slider.vue")
def Slider(
    ident: str,
    label: str,
    unit: str,
    low: float,
    high: float,
    step: float,
    value: float,
    help: str,
    back: str,
    changed_from_default: bool,
    event_moved: Event,
    text_now: str = "",
    disabled: bool = False,
) -> None:
    """A slider with its label, unit and ends; the meaning and the source show on hover."""


@solara.component_vue("picture.vue")
def Picture(name: str, title: str, png: str, alt: str, clickable: bool, event_picked: Event) -> None:
    """A picture that can be saved; a click on it is reported in shares of its width and height."""


@solara.component_vue("gallery.vue")
def Gallery(
    label: str, charts: Sequence[dict[str, Any]], values: dict[str, Any], event_picked: Event, event_wanted: Event
) -> None:
    """Charts with legends, each of which can be enlarged and saved; a click is reported as a share of the width.

    `values` are the numbers of the chart that was last asked for with ``event_wanted``.
    """


@solara.component_vue("share.vue")
def Share(link: str, begun: bool, answered: int, event_opened: Event) -> None:
    """The link to what is shown, which the address bar holds; the colours; the way to the tour.

    The link with which the page was opened, or an empty one, is reported unless a run has `begun` already.
    """


@solara.component_vue("answer.vue")
def Answer(
    letter: str, sentence: str, peak: int, unit: str, figures: Sequence[Sequence[str]], event_chosen: Event
) -> None:
    """When and where it peaked, and the key figures of a day."""


@solara.component_vue("story.vue")
def Story(rows: Sequence[dict[str, Any]], event_chosen: Event) -> None:
    """Sentences with their days; a click on a day shows it."""


@solara.component_vue("choice.vue")
def Choice(
    label: str,
    value: str,
    options: Sequence[Sequence[str]],
    event_chosen: Event,
    help: str = "",
    wide: bool = False,
    disabled: bool = False,
) -> None:
    """A choice of one, by value, text and, where it stands in a group, what that is called."""


@solara.component_vue("tour.vue")
def Tour(steps: Sequence[dict[str, str]], ready: bool) -> None:
    """A tour of the page; it begins by itself at a browser's first visit, once the page is ready."""


@solara.component_vue("sheet.vue")
def Sheet() -> None:
    """The style sheet of the page."""


@solara.component_vue("pulse.vue")
def Pulse(version: int, event_painted: Event) -> None:
    """Says which snapshot the browser has painted, so that a slow one is not sent more than it can show."""
