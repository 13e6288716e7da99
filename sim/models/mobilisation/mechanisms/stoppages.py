"""What strikes stop: output, foreign currency, the broadcasters, and how far they are from a general strike."""

from __future__ import annotations

from sim.core.jit import compiled
from sim.models.mobilisation.mechanism import MOVEMENT, Column, Mechanism
from sim.models.mobilisation.typed import Classes, ClassRow, Nation, Parameters, Rows
from sim.models.results import COUNT, FRACTION, SHARE, Result


@compiled
def distance(lost: float, general: float) -> float:
    """How far the country is from a general strike, as a share of output.

    g = max(general - lost, 0)                                                       (11j)

    Source: class and media thread: a strike is general when the country stops; the cut is a criterion of outcome.

    lost : float, 0..1, share of output that strikes stop today
    general : float, 0..1, share from which a strike is general
    """
    return max(general - lost, 0.0)


@compiled
def lasting(before: int, lost: float, general: float) -> int:
    """Days in a row on which there has been a general strike.

    n' = n + 1 if lost >= general else 0                                             (11n)

    Source: class and media thread: a strike is general when the country stops; the cut is a criterion of outcome.
    """
    return before + 1 if lost >= general else 0


@compiled
def stop(classes: Classes, class_rows: Rows[ClassRow], nation: Nation, p: Parameters) -> None:
    """Stage 11: what strikes stop, and whether the loyal base and the broadcasters are among the strikers."""
    lost, currency = 0.0, 0.0
    base, base_striking, broadcasters, silent = 0, 0, 0, 0
    for kind in range(class_rows.size):
        if classes.size[kind] > 0:
            lost += class_rows[kind].output * classes.striking[kind] / classes.size[kind]
            currency += class_rows[kind].foreign_currency * classes.striking[kind] / classes.size[kind]
        if class_rows[kind].loyal_base > 0.0:
            base += classes.size[kind]
            base_striking += classes.striking[kind]
        if class_rows[kind].broadcasts > 0.0:
            broadcasters += classes.size[kind]
            silent += classes.striking[kind]
    nation.output_lost = min(lost, 1.0)
    nation.currency_lost = min(currency, 1.0)
    nation.general_strike_distance = distance(nation.output_lost, p.general_strike)
    nation.general_strike_days = lasting(nation.general_strike_days, nation.output_lost, p.general_strike)
    nation.base_striking = base_striking / base if base > 0 else 0.0
    nation.silent = silent / broadcasters if broadcasters > 0 else 0.0


MECHANISM = Mechanism(
    title="What strikes stop",
    state={
        "nation": (
            Column("output_lost", "f8", "share", "share of output lost to strikes"),
            Column("currency_lost", "f8", "share", "share of foreign currency lost to strikes"),
            Column("general_strike_days", "i8", "days", "days in a row of a general strike"),
            Column("general_strike_distance", "f8", "share", "output still to stop until a strike is general"),
            Column("base_striking", "f8", "share", "share of the loyal base on strike"),
            Column("silent", "f8", "share", "share of broadcasters on strike"),
        ),
    },
    results=(
        Result(
            "loyal_base_striking",
            FRACTION,
            SHARE,
            of="nation.base_striking",
            combine="max",
            group=MOVEMENT,
            label="share of the regime's own classes that is on strike",
            short="loyal base on strike",
            about="share of the classes that the regime counts its own that is on strike",
        ),
        Result(
            "output_lost",
            FRACTION,
            SHARE,
            of="nation.output_lost",
            combine="max",
            group=MOVEMENT,
            label="share of output lost to strikes",
            short="lost to strikes",
        ),
        Result(
            "currency_lost",
            FRACTION,
            SHARE,
            of="nation.currency_lost",
            combine="max",
            group=MOVEMENT,
            label="share of foreign currency lost to strikes",
            short="currency lost",
            about="share of the state's foreign currency that strikes stop",
        ),
        Result(
            "general_strike_days",
            "days",
            COUNT,
            of="nation.general_strike_days",
            combine="max",
            group=MOVEMENT,
            label="days in a row of a general strike",
            short="days of it",
            about="days in a row, today included, on which strikes have stopped `outcome.general_strike` of output",
        ),
        Result(
            "general_strike_distance",
            FRACTION,
            SHARE,
            of="nation.general_strike_distance",
            combine="last",
            group=MOVEMENT,
            label="what strikes lack of a general strike",
            short="to a general strike",
            about="what `output_lost` lacks of a general strike (`outcome.general_strike`); 0 once it is one",
        ),
    ),
    numbers=(
        Result(
            "peak_output_lost",
            FRACTION,
            SHARE,
            of="output_lost",
            combine="max",
            label="most of output lost to strikes on one day",
            short="most output lost to strikes",
            about="largest `output_lost` of a day",
        ),
        Result(
            "general_strike_days",
            "days",
            COUNT,
            of="general_strike_days",
            combine="max",
            label="days in a row of a general strike at most",
            short="longest general strike",
            about="largest `general_strike_days` of a day; 0 if no strike ever was general",
        ),
    ),
    claims=("cm-34", "cm-35", "tt-38", "tt-40"),
    seen=("output_lost", "general_strike_distance", "peak_output_lost", "general_strike_days"),
)
