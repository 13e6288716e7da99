"""Turning points: what makes a day worth a sentence of its own, from its numbers and those of the days before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.core.formats import number, share
from sim.mesa.frames import Frame
from sim.models.mobilisation.schema.scenario import Mobilisation
from sim.page.power import POWER
from sim.page.telling import Memory, Rule

NOTICED = 0.0005
"""Share of the population in action from which a protest is worth a sentence."""
LULL = 14
"""Days after which a protest larger than all of them is worth a sentence."""
WAVE = 0.00005
"""Share of the population detained in a day from which that is a wave."""
NOTICED_CUT = 0.25
"""Share of the internet that must be cut to be noticed."""
FORCE, RESTRAINT = 0.5, 0.2
"""Aggression from which a regime rules by force, and below which it holds back."""


def ending(frame: Frame, memory: Memory, config: Any) -> str:
    """Say how the run ended, on the day it did."""
    if frame.outcome is None:
        return ""
    name, road = frame.outcome.name.replace("_", " "), frame.outcome.road
    by = f" ({road})" if road and road not in name else ""
    return f"The end: {name}{by}: {'; '.join(frame.outcome.reasons)}."


def outburst(frame: Frame, memory: Memory, config: Any) -> str:
    """Say when an outburst begins and when it is over, for models that define one."""
    limit = getattr(getattr(config, "outbursts", None), "above", None)
    if limit is None:
        return ""
    active, before = frame.national["active"], memory.previous.get("active", 0)
    if active > limit >= before:
        memory.crowds.append(float(active))
        return f"Outburst {len(memory.crowds)}: {number(active)} citizens are active, {number(before)} the step before."
    if before > limit:
        memory.crowds[-1] = max(memory.crowds[-1], float(active))
        if active <= limit:
            return f"It is over; at most {number(int(memory.crowds[-1]))} citizens were active."
    return ""


def _largest(frame: Frame, memory: Memory, config: Mobilisation) -> str:
    crowd, population = frame.national["attending"], config.places.population
    memory.crowds.append(float(crowd))
    since = _days_since_larger(memory.crowds)
    if crowd < NOTICED * population:
        return ""
    if memory.first("protest"):
        what = "Protest begins"
    elif since == len(memory.crowds):
        what = "The largest protest so far"
    elif since >= LULL:
        what = f"The largest protest in {since} days"
    else:
        return ""
    return f"{what}: {number(crowd)} people ({share(crowd / population)} of the population) {_where(frame, config)}."


def _days_since_larger(crowds: Sequence[float]) -> int:
    """Return how many days ago at least as many came out; the number of days if they never did."""
    earlier = reversed(crowds[:-1])
    return next((ago for ago, crowd in enumerate(earlier, start=1) if crowd >= crowds[-1]), len(crowds))


def _where(frame: Frame, config: Mobilisation) -> str:
    crowds = frame.places["attending"]
    places = int((crowds > 0).sum())
    largest = list(config.places.localities)[int(crowds.argmax())]
    if places == 1:
        return f"in {largest}"
    return f"in {number(places)} localities, {number(int(crowds.max()))} of them in {largest}"


def _wave(frame: Frame, memory: Memory, config: Mobilisation) -> str:
    taken = frame.national["detained_today"]
    if taken < WAVE * config.places.population or taken < 2 * memory.arrests:
        return ""
    first = memory.arrests == 0.0
    memory.arrests = float(taken)
    return f"{'First wave of detentions' if first else 'More detained than ever'}: {number(taken)} in a day."


def _deaths(frame: Frame, memory: Memory, config: Mobilisation) -> str:
    killed = frame.national["killed_today"]
    if not killed or not memory.first("killed"):
        return ""
    return f"First {'death' if killed == 1 else 'deaths'}: {number(killed)} killed."


def _shutdown(frame: Frame, memory: Memory, config: Mobilisation) -> str:
    cut, before = frame.national["shutdown"], memory.previous.get("shutdown", 0.0)
    if cut >= NOTICED_CUT > before:
        return f"The internet is cut by {share(cut)}."
    if before >= NOTICED_CUT > cut:
        return "The internet is back."
    return ""


def _defection(frame: Frame, memory: Memory, config: Mobilisation) -> str:
    gone, all_of_them = _police(frame, "defected"), sum(_police(frame, kind) for kind in ("loyal", "shirking"))
    all_of_them += gone
    if not gone:
        return ""
    if memory.first("defection"):
        memory.passes("defected", gone / all_of_them, (0.01, 0.05, 0.1, 0.25, 0.5))
        return f"First police defect: {number(gone)} of {number(all_of_them)}."
    if memory.passes("defected", gone / all_of_them, (0.01, 0.05, 0.1, 0.25, 0.5)):
        return f"{share(gone / all_of_them)} of the police have defected."
    return ""


def _police(frame: Frame, kind: str) -> int:
    return sum(int(value) for name, value in frame.national.items() if name.startswith(f"police_{kind}_"))


def _strikes(frame: Frame, memory: Memory, config: Mobilisation) -> str:
    out, before = frame.national["workplaces_out"], memory.previous.get("workplaces_out", 0)
    striking = frame.national["striking"]
    if out and memory.first("strike"):
        memory.passes("striking", striking / config.places.population, (0.002, 0.01, 0.05, 0.1))
        what = "The first workplace walks out" if out == 1 else f"First workplaces walk out: {number(out)}"
        return f"{what}, with {number(striking)} people on strike." if striking else f"{what}."
    if memory.passes("striking", striking / config.places.population, (0.002, 0.01, 0.05, 0.1)):
        return f"Strikes spread: {number(striking)} people in {number(out)} workplaces."
    if before and not out:
        earlier = "no strike" in memory.last
        if memory.again("no strike", frame.day, LULL):
            return "Again no workplace is on strike." if earlier else "No workplace is on strike any more."
    return ""


def _elites(frame: Frame, memory: Memory, config: Mobilisation) -> str:
    open_dissent, private = 1.0 - frame.national["elite_public"], 1.0 - frame.national["elite_private"]
    if memory.passes("dissent", open_dissent, (0.05, 0.25, 0.5, 0.75)):
        split = "The elite's split becomes public" if memory.first("split") else "The elite's open split widens"
        return f"{split}: {share(open_dissent)} no longer support the regime."
    if memory.passes("doubt", private, (0.25, 0.5, 0.75)):
        return f"Behind closed doors {share(private)} of the elite are now against the regime."
    return ""


def _communities(frame: Frame, memory: Memory, config: Mobilisation) -> str:
    existing = frame.national["communities"]
    if existing and memory.first("community"):
        memory.passes("communities", existing, (100, 300, 1000, 3000, 10_000))
        return "The first local community forms." if existing == 1 else f"{number(existing)} local communities form."
    if memory.passes("communities", existing, (100, 300, 1000, 3000, 10_000)):
        return f"There are {number(existing)} local communities now."
    return ""


def _force(frame: Frame, memory: Memory, config: Mobilisation) -> str:
    now, before = frame.national["aggression"], memory.previous.get("aggression", 0.0)
    if now >= FORCE > before and memory.again("force", frame.day, LULL):
        return f"The regime answers with force (aggression {share(now)})."
    if before >= RESTRAINT > now and memory.again("restraint", frame.day, LULL):
        return "The police hold back."
    return ""


def _hub(frame: Frame, memory: Memory, config: Mobilisation) -> str:
    reach, marks = frame.national["hub_reach"], (0.1, 0.2, 0.4, 0.6)
    if not memory.previous:  # what it reaches on the first day is no news
        memory.passes("hub", reach, marks)
        return ""
    return f"The hub now reaches {share(reach)} of the population." if memory.passes("hub", reach, marks) else ""


def _money(frame: Frame, memory: Memory, config: Mobilisation) -> str:
    unpaid = frame.national["arrears"]
    if unpaid > 0.0 and memory.first("arrears"):
        return f"The state cannot pay: {share(unpaid)} of today's pay is outstanding."
    return ""


RULES: tuple[Rule, ...] = (
    _largest, _shutdown, _wave, _deaths, _strikes, _force, _defection, _money, _communities, _hub, *POWER, _elites,
    ending,
)  # fmt: skip
"""Each returns a sentence, or nothing; in the order in which a day is told: streets, then power, then the end."""
