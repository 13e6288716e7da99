"""What runs of Moro's model of violent revolutions record: columns, and the numbers to quote."""

from __future__ import annotations

from sim.models.results import COUNT, FRACTION, SHARE, Result
from sim.models.scenario import HOW_IT_ENDED, STEP, STEPS_RUN

STOCKS = (
    Result("quiet", "citizens", COUNT, combine="last", label="quiet citizens", short="quiet",
           about="free citizens who are quiet after the step"),
    Result("active", "citizens", COUNT, combine="last", main=True, label="active citizens", short="active",
           about="citizens who rebel after the step"),
    Result("jailed", "citizens", COUNT, combine="last", main=True, label="jailed citizens", short="jailed",
           about="citizens in jail after the step"),
    Result("revolutionaries", "persons", COUNT, combine="last", main=True, label="revolutionaries",
           about="revolutionaries alive after the step"),
    Result("fighting", "persons", COUNT, combine="last", label="revolutionaries who fight", short="fighting",
           about="revolutionaries who have come out, after the step"),
    Result("policemen", "persons", COUNT, combine="last", main=True, label="policemen",
           about="policemen alive after the step"),
)  # fmt: skip
FLOWS = (
    Result("arrested", "citizens", COUNT, combine="sum", label="arrested in the step", short="arrested",
           about="citizens arrested in the step"),
    Result("policemen_killed", "persons", COUNT, combine="sum", label="policemen killed in the step",
           short="policemen killed", about="policemen killed in the step"),
    Result("revolutionaries_killed", "persons", COUNT, combine="sum", label="revolutionaries killed in the step",
           short="revolutionaries killed", about="revolutionaries killed in the step"),
)  # fmt: skip
COLUMNS = (STEP, *STOCKS, *FLOWS)
NUMBERS = (
    STEPS_RUN,
    Result("peak_active", "citizens", COUNT, of="active", combine="max", label="most citizens active at once",
           short="most active", about="highest `active`"),
    Result("active_end", "citizens", COUNT, of="active", combine="last", label="citizens active at the end",
           short="active at the end", about="`active` after the last step"),
    Result("arrests", "arrests", COUNT, of=lambda days, localities, config: int(days["arrested"].sum()),
           label="arrests", about="total of `arrested`"),
    Result("policemen_killed", "persons", COUNT, of="policemen_killed", combine="sum", label="policemen killed",
           about="policemen killed in all"),
    Result("policemen_killed_share", FRACTION, SHARE, label="share of policemen killed",
           about="the same as a share of all policemen"),
    Result("revolutionaries_killed", "persons", COUNT, of="revolutionaries_killed", combine="sum",
           label="revolutionaries killed", about="revolutionaries killed in all"),
    Result("won", FRACTION, SHARE, label="runs that end in success",
           about="1 if all policemen have been killed, else 0"),
    HOW_IT_ENDED,
)  # fmt: skip
