"""Loyalty: police who doubt, shirk and defect, low ranks first."""

from __future__ import annotations

import math

import numpy as np

from sim.core.jit import compiled
from sim.core.normals import nearly_normal
from sim.core.rng import quick, quick_key, upper
from sim.models.mobilisation.codes import FIXED_POINT, Count, Service
from sim.models.mobilisation.mechanism import REGIME, Ablation, Column, Mechanism, Switch
from sim.models.mobilisation.mechanisms.repression import called_out, intensity
from sim.models.mobilisation.typed import Array, ForceRow, Localities, Nation, Officers, Parameters, Rows
from sim.models.results import COUNT, Result
from sim.scenario.fields import Section, number

LOYALTY = 13
NOISE, LEAVE = 0, 1
"""Rows of an officer's draws."""
ATTENDING, CAUGHT, PROTESTING = int(Count.ATTENDING), int(Count.DETAINED), int(Count.PROTESTING)
LOYAL, SHIRKING, CRITICAL, RESIGNED, SWITCHED = (
    int(s) for s in (Service.LOYAL, Service.SHIRKING, Service.CRITICAL, Service.RESIGNED, Service.SWITCHED)
)


class Loyalty(Section):
    """Rates of police loyalty (model stage 10)."""

    loyalty_spread: float = number("standard deviation of loyalty between officers", "SD", 0.0, 5.0)
    loyalty_noise: float = number("daily noise of an officer's loyalty", "SD", 0.0, 1.0)
    loyalty_recovery: float = number("return to former loyalty a day", "1/day", 0.0, 1.0)
    pay_loyalty: float = number("loyalty gained per average wage above the average", "SD", 0.0, 3.0)
    peaceful_doubt: float = number("loyalty lost a day by confronting a peaceful crowd with force", "SD/day", 0.0, 2.0)
    kin_doubt: float = number("loyalty lost a day where all of one's own place would protest", "SD/day", 0.0, 5.0)
    colleague_doubt: float = number("loyalty lost a day where all colleagues have lately defected", "SD/day", 0.0, 2.0)
    violence_cohesion: float = number("loyalty gained a day by facing violent protesters", "SD/day", 0.0, 2.0)
    guilt_cohesion: float = number("loyalty gained a day by those with blood on their hands", "SD/day", 0.0, 2.0)
    shirk_below: float = number("loyalty below which an officer shirks", "SD", -5.0, 5.0)
    criticise_below: float = number("loyalty below which a shirking officer criticises in public", "SD", -5.0, 5.0)
    defect_below: float = number("loyalty below which rank and file may defect", "SD", -5.0, 5.0)
    switch_below: float = number("loyalty below which one who defects changes sides", "SD", -5.0, 5.0)
    rank_step: float = number("how much lower the cut lies for each higher rank", "SD", 0.0, 5.0)
    defection_rate: float = number("chance a day of defecting, per SD below the cut", "1/day", 0.0, 1.0)
    duty_fatigue: float = number("fatigue of a day of deployment", "share", 0.0, 1.0)
    duty_rest: float = number("share of police fatigue lost a day", "1/day", 0.0, 1.0)


@compiled
def confrontation(crowd: float, officers: float) -> float:
    """How much of an officer's day is a crowd.

    x = 1 - exp(-n / K)                                                              (10a)

    Source: assumption.

    crowd, officers : float, persons in the locality
    """
    if officers <= 0.0:
        return 0.0
    return 1.0 - math.exp(-crowd / officers)


@compiled
def paid_loyalty(former: float, pay: float, arrears: float, pay_loyalty: float) -> float:
    """Loyalty to which an officer returns: what it was, raised or lowered by the pay that arrives.

    l0' = l0 + c_w * (w * (1 - arrears) - 1)                                         (10b)

    Source: Wintrobe (1998): loyalty is bought; the sign only.

    pay : float, relative to the average wage (w)
    """
    return former + pay_loyalty * (pay * (1.0 - arrears) - 1.0)


@compiled
def loyalty(
    before: float,
    former: float,
    confronted: float,
    aggression: float,
    peaceful: float,
    kin_share: float,
    is_outsider: float,
    defections: float,
    arrears: float,
    guilt: float,
    noise: float,
    recovery: float,
    peaceful_doubt: float,
    kin_doubt: float,
    colleague_doubt: float,
    arrears_doubt: float,
    violence_cohesion: float,
    guilt_cohesion: float,
) -> float:
    """An officer's loyalty after today.

    l' = l + recovery * (l0 - l) - c_p * x * A * peaceful - c_k * (1 - outsider) * kin - c_d * D - c_a * arrears
         + c_v * x * (1 - peaceful) + c_g * guilt + noise                            (10c)

    Source: Nepstad (2013) on security-force defection; mobilisation thread on first defections.

    defections : float, 0..1, acts of disloyalty still in mind per officer, each by its weight as a symbol (equation
        3g). An officer counts his colleagues; citizens have it from the news, and hear the first of them loudest (3c).
    """
    doubt = peaceful_doubt * confronted * aggression * peaceful + kin_doubt * (1.0 - is_outsider) * kin_share
    doubt += colleague_doubt * defections + arrears_doubt * arrears
    cohesion = violence_cohesion * confronted * (1.0 - peaceful) + guilt_cohesion * guilt
    return before + recovery * (former - before) - doubt + cohesion + noise


@compiled
def guilt(before: float, aggression: float, risk: float) -> float:
    """Blood on the hands: those who used force on a crowd stay with those who ordered it.

    g' = g + (1 - g) * A * R                                                         (10d)

    Source: assumption.
    """
    return before + (1.0 - before) * aggression * risk


@compiled
def duty_fatigue(before: float, confronted: float, gain: float, rest: float) -> float:
    """Fatigue of duty, 0 to 1.

    d' = d + gain * x * (1 - d) - rest * d                                           (10e)

    Source: assumption.
    """
    return before + gain * confronted * (1.0 - before) - rest * before


@compiled
def defection_chance(loyalty: float, below: float, rank: float, rank_step: float, rate: float) -> float:
    """Chance that an officer openly defects today.

    p = min(1, rate * max(0, below - rank * step - l))                               (10f)

    Source: mobilisation thread: low ranks go first; the form is assumed.

    Higher ranks have more to lose, so they go later.
    """
    return min(1.0, rate * max(0.0, below - rank * rank_step - loyalty))


@compiled
def below_cut(loyalty: float, below: float, rank: float, rank_step: float) -> bool:
    """Whether an officer's loyalty is below the cut of a form of disloyalty, the first of which is to shirk.

    l < below - rank * step                                                          (10g)

    The same cut, set lower, tells who criticises in public, and who of those that leave changes sides.

    Source: Hirschman (1970): loyalty, voice, exit; Nepstad (2013).
    """
    return loyalty < below - rank * rank_step


@compiled
def _draw_for(luck: Array, keys: Array, numbers: Array, key: np.uint64) -> None:
    """Noise of loyalty and chance to leave for each officer, in a loop that does nothing else and so is fast.

    luck : array of float64, shape (2, officers): rows NOISE (mean 0, standard deviation 1) and LEAVE (0..1)
    key : uint64, of the day, which the garrison's own key (`keys`) turns into the garrison's
    """
    for i in range(keys.size):
        first = np.uint64(2) * np.uint64(numbers[i])
        word, more = quick(key ^ keys[i], first), quick(key ^ keys[i], first + np.uint64(1))
        luck[NOISE, i], luck[LEAVE, i] = nearly_normal(word, more), upper(more)


@compiled
def _doubt(
    officers: Officers,
    noise: Array,
    met: Array,
    kin: Array,
    risks: Array,
    force_rows: Rows[ForceRow],
    nation: Nation,
    p: Parameters,
) -> np.int64:
    """Loyalty, guilt and fatigue of those who serve, without a branch; returns the sum of fatigue in fixed point.

    noise : array of float64, shape (officers,), of standard deviation 1
    met : array of float64, shape (places, forces), how much of a day is a crowd
    kin, risks : array of float64, shape (places,), shares of residents who protest, and of a crowd who are caught
    """
    service, left, blood, worn = officers.service, officers.loyalty, officers.guilt, officers.fatigue
    outsiders, former, at, of_force = officers.outsider, officers.former_loyalty, officers.locality, officers.force
    aggression, peaceful, arrears = nation.aggression, nation.peaceful, nation.arrears
    defections = min(1.0, nation.remembered_defection)
    looked_up = np.empty((4, service.size))
    pay, confronted, kin_there, risk = looked_up[0], looked_up[1], looked_up[2], looked_up[3]
    for i in range(service.size):  # looked up in a loop of its own, so that the next one vectorises
        place, force = np.uint32(at[i]), np.uint32(of_force[i])
        pay[i], confronted[i] = force_rows[force].pay, met[place, force]
        kin_there[i], risk[i] = kin[place], risks[place]
    w_noise, recovery, w_pay, w_peaceful, w_kin, w_colleagues, w_arrears, w_violence, w_guilt, gain, rest = (
        p.loyalty_noise, p.loyalty_recovery, p.pay_loyalty, p.peaceful_doubt, p.kin_doubt, p.colleague_doubt,
        p.arrears_doubt, p.violence_cohesion, p.guilt_cohesion, p.duty_fatigue, p.duty_rest,
    )  # fmt: skip
    tired = np.int64(0)
    for i in range(service.size):
        serves = service[i] < RESIGNED
        usual = paid_loyalty(np.float64(former[i]), pay[i], arrears, w_pay)
        now = loyalty(
            np.float64(left[i]), usual, confronted[i], aggression, peaceful, kin_there[i], np.float64(outsiders[i]),
            defections, arrears, np.float64(blood[i]), w_noise * noise[i], recovery, w_peaceful, w_kin, w_colleagues,
            w_arrears, w_violence, w_guilt,
        )  # fmt: skip
        bloody = guilt(np.float64(blood[i]), aggression, confronted[i] * risk[i])
        weary = duty_fatigue(np.float64(worn[i]), confronted[i], gain, rest)
        left[i] = now if serves else left[i]
        blood[i] = bloody if serves else blood[i]
        worn[i] = weary if serves else worn[i]
        tired += np.int64(np.int32(worn[i] * FIXED_POINT)) if serves else np.int64(0)
    return tired


@compiled
def _leave(
    officers: Officers, localities: Localities, luck: Array, force_rows: Rows[ForceRow], nation: Nation, p: Parameters
) -> None:
    """Who is loyal, shirks, criticises, resigns or changes sides today, counted by place and force.

    luck : array of float64, shape (officers,), 0..1
    """
    service, left, ranks, at, of_force = (
        officers.service, officers.loyalty, officers.rank, officers.locality, officers.force
    )  # fmt: skip
    loyal_there, shirking_there, gone = localities.loyal, localities.shirking, localities.defected
    critics, new_critics, resigned, switched = 0.0, 0.0, 0.0, 0.0
    for i in range(service.size):
        place, force, before = at[i], of_force[i], service[i]
        if before >= RESIGNED:
            continue
        scale, now, rank = force_rows[force].scale, np.float64(left[i]), np.float64(ranks[i])
        if p.defection_possible <= 0.0:
            service[i] = LOYAL
            loyal_there[place, force] += 1
        elif luck[i] < defection_chance(now, p.defect_below, rank, p.rank_step, p.defection_rate):
            gone[place, force] += 1
            if below_cut(now, p.switch_below, rank, p.rank_step):
                service[i] = SWITCHED
                switched += scale
            else:
                service[i] = RESIGNED
                resigned += scale
        elif below_cut(now, p.shirk_below, rank, p.rank_step):
            shirking_there[place, force] += 1
            service[i] = SHIRKING
            if below_cut(now, p.criticise_below, rank, p.rank_step):
                service[i] = CRITICAL
                critics += scale
                new_critics += 0.0 if before == CRITICAL else scale
        else:
            service[i] = LOYAL
            loyal_there[place, force] += 1
    nation.critics, nation.new_critics = critics, new_critics
    nation.new_resigned, nation.new_switched = resigned, switched
    nation.resigned += resigned
    nation.switched += switched


@compiled
def update(
    officers: Officers, localities: Localities, force_rows: Rows[ForceRow], nation: Nation, p: Parameters, seed: int
) -> None:
    """Stage 10: each officer's loyalty, and what it comes to."""
    places = localities.size.size
    there = np.zeros(places)
    everybody = 0.0
    for place in range(places):
        for force in range(force_rows.size):
            everyone = localities.loyal[place, force] + localities.shirking[place, force]
            there[place] += (everyone + localities.defected[place, force]) * force_rows[force].scale
        everybody += there[place]
    localities.loyal[:] = 0
    localities.shirking[:] = 0
    met, kin, risks = np.empty((places, force_rows.size)), np.empty(places), np.empty(places)
    for place in range(places):
        crowd = localities.count[place, ATTENDING]
        kin[place] = localities.count[place, PROTESTING] / localities.size[place]
        risks[place] = localities.count[place, CAUGHT] / crowd if crowd > 0 else 0.0
        full_day = confrontation(crowd * p.persons_per_agent, there[place] * p.officers_per_agent)
        for force in range(force_rows.size):
            row = force_rows[force]
            asked = intensity(nation.aggression, nation.army_out, row.military)
            met[place, force] = full_day * called_out(asked, row.call_out, row.all_out)
    luck = np.empty((2, officers.service.size))
    _draw_for(luck, officers.key, officers.number, quick_key(seed, LOYALTY, nation.day))
    tired = _doubt(officers, luck[NOISE], met, kin, risks, force_rows, nation, p)
    _leave(officers, localities, luck[LEAVE], force_rows, nation, p)
    strength = 0.0
    full = 0.0
    for force in range(force_rows.size):
        loyal = 0
        everyone = 0
        for place in range(places):
            loyal += localities.loyal[place, force]
            everyone += localities.loyal[place, force] + localities.shirking[place, force]
            everyone += localities.defected[place, force]
        strength += loyal * force_rows[force].scale * force_rows[force].weight
        full += everyone * force_rows[force].scale * force_rows[force].weight
    nation.officers = everybody
    nation.loyal_share = strength / full if full > 0.0 else 0.0
    nation.duty_fatigue = tired / FIXED_POINT / officers.service.size if officers.service.size > 0 else 0.0


MECHANISM = Mechanism(
    title="Defections, low ranks first, in several forms",
    parameters={"police.loyalty": Loyalty},
    switches=(
        Switch(
            "defection",
            about="police shirk and defect",
            zero=("defection_possible",),
            without=(
                Ablation(
                    "person_days_of_protest",
                    "falls",
                    because="No officer leaves, so none is missing in the ranks and none is a symbol.",
                ),
            ),
        ),
    ),
    state={
        "officers": (
            Column("former_loyalty", "f4", "SD", "loyalty on the first day"),
            Column("loyalty", "f4", "SD", "loyalty"),
            Column("fatigue", "f4", "share", "fatigue of duty"),
            Column("guilt", "f4", "share", "blood on the hands"),
            Column("service", "u1", "Service", "loyal, shirking, criticising, resigned or gone over"),
        ),
        "localities": (
            Column("loyal", "i8", "agents", "loyal police by force", "forces"),
            Column("shirking", "i8", "agents", "shirking police by force", "forces"),
            Column("defected", "i8", "agents", "police who resigned or changed sides, by force", "forces"),
        ),
        "nation": (
            Column("officers", "f8", "agents", "police of all forces"),
            Column(
                "loyal_share",
                "f8",
                "share",
                "loyal police, all forces, weighted by their crowd-control strength",
                first=1.0,
            ),
            Column("duty_fatigue", "f8", "share", "mean fatigue of police"),
            Column("new_critics", "f8", "agents", "police who began to criticise today"),
            Column("new_resigned", "f8", "agents", "police who resigned today"),
            Column("new_switched", "f8", "agents", "police who changed sides today"),
            Column("critics", "f8", "agents", "police who criticise"),
            Column("resigned", "f8", "agents", "police who have resigned"),
            Column("switched", "f8", "agents", "police who have changed sides"),
        ),
    },
    results=(
        Result(
            "police_criticising",
            "officers",
            COUNT,
            of="officers.critics",
            combine="max",
            group=REGIME,
            label="officers who criticise in public",
            short="criticise in public",
            about="of those who shirk, all forces, those who criticise in public",
        ),
        Result(
            "police_resigned",
            "officers",
            COUNT,
            of="officers.resigned",
            combine="last",
            group=REGIME,
            label="officers who have resigned",
            short="resigned",
            about="have resigned so far, all forces",
        ),
        Result(
            "police_switched",
            "officers",
            COUNT,
            of="officers.switched",
            combine="last",
            group=REGIME,
            label="officers who have changed sides",
            short="changed sides",
            about="have changed sides so far, all forces",
        ),
    ),
    numbers=(
        Result(
            "police_resigned",
            "officers",
            COUNT,
            of="police_resigned",
            combine="last",
            label="officers who resigned by the end",
            short="police resigned",
            about="`police_resigned` on the last day",
        ),
        Result(
            "police_switched",
            "officers",
            COUNT,
            of="police_switched",
            combine="last",
            label="officers who changed sides by the end",
            short="police on the other side",
            about="`police_switched` on the last day",
        ),
    ),
    streams={LOYALTY: "daily noise of loyalty, and defection"},
    claims=("mt-14", "mt-15", "mt-16", "tt-23"),
    seen=(
        "police_criticising",
        "police_resigned",
        "police_switched",
        "police_shirking_regular",
        "police_defected_regular",
        "heard_defection",
        "police_defected",
    ),
)
