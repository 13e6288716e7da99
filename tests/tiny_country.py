"""A country small enough to be lived through in plain Python, in which every mechanism has something to do.

Its numbers are its own, so that no test depends on how the shipped scenarios are calibrated.
"""

from __future__ import annotations

import copy
import datetime as dt
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from sim.models.mobilisation.engine import State, build, step
from sim.models.mobilisation.schema.scenario import Mobilisation
from sim.models.mobilisation.world import World

START = dt.date(2021, 3, 1)  # a Monday
ALL_AT_ONE = {"working_day": 1.0, "weekend": 1.0, "big_day": 1.0, "called": 1.0}


def everywhere(value: float) -> dict[str, float]:
    return dict.fromkeys(("metropolis", "city", "town", "village"), value)


def day(number: int) -> dt.date:
    return START + dt.timedelta(days=number)


def _event(first: int, last: int | None = None, **effects: Any) -> dict[str, Any]:
    dates = {"date": day(first)} | ({"until": day(last)} if last is not None else {})
    return {"title": "a shock", "effects": effects, **dates}


def _class(**changes: Any) -> dict[str, Any]:
    usual = {
        "hardship": 0.5, "availability": 0.6, "readiness": 0.0, "output": 0.4, "public_pay": True,
        "ages": {"young": 0.5, "old": 0.5}, "settlements": everywhere(1.0),
        "workplaces": {"median": 400.0, "spread": 1.0},
    }  # fmt: skip
    return usual | changes


def _tactic(**changes: Any) -> dict[str, Any]:
    usual = {
        "initial_attraction": 0.0, "call_pull": 0.0, "visibility": 0.5, "exposure": 1.0, "disruption": 0.3,
        "ease": 1.0, "dispersal": 0.5, "minimum_size": 1.0, "initial_familiarity": 0.3,
    }  # fmt: skip
    return usual | changes


def _elite(**changes: Any) -> dict[str, Any]:
    usual = {
        "share": 0.5, "rents": 0.6, "strike_exposure": 4.0, "shutdown_exposure": 0.8, "sanction_exposure": 1.0,
        "epidemic_exposure": 0.3, "street_exposure": 0.8,
    }  # fmt: skip
    return usual | changes


def _force(**changes: Any) -> dict[str, Any]:
    usual = {
        "persons": 600, "weight": 3.0, "deployed": 0.6, "mobile": 0.6, "outsiders": 0.3, "initial_loyalty": 1.5,
        "pay": 1.2, "call_out": 0.0, "all_out": 0.0, "military": False, "stacked": 0.8, "corporate": 0.5,
        "conscript": 0.1,
    }  # fmt: skip
    return usual | changes


def _locality(population: int, settlement: str, number: float) -> dict[str, Any]:
    place = {"region": "the only one", "lat": 50.0 + number, "lon": 20.0 + number}
    return place | {"population": population, "settlement": settlement}


DATA: dict[str, Any] = {
    "model": "mobilisation",
    "about": {"title": "A tiny country", "summary": "For tests."},
    "time": {
        "start": START,
        "days": 40,
        "weekend": ["saturday", "sunday"],
        "big_day": "sunday",
        "availability": {"working_day": 0.3, "weekend": 0.5, "big_day": 0.8, "called": 0.9},
    },
    "places": {
        "population": 100_000,
        "neighbourhood_residents": {"metropolis": 2000, "city": 2000, "town": 1500, "village": 1000},
        "localities": {
            "Capital": _locality(60_000, "metropolis", 0.1),
            "Port": _locality(30_000, "city", 0.2),
            "Hills": _locality(10_000, "village", 0.3),
        },
    },
    "people": {
        "classes": {
            "industry": _class(share=0.4, loyal_base=True, foreign_currency=0.9, opening_arrears=0.05),
            "offices": _class(share=0.15, hardship=0.3, public_pay=False, readiness=0.2),
            "broadcasting": _class(share=0.1, hardship=0.6, output=0.0, loyal_base=True, broadcasts=True),
            "others": {
                key: value
                for key, value in _class(share=0.35, readiness=-0.3, output=0.0).items()
                if key != "workplaces"
            },
        },
        "ages": {
            "young": {"internet": 0.9, "hub_taste": 1.5, "state_tv": 0.2, "circumvention": 0.6},
            "old": {"internet": 0.5, "hub_taste": 0.5, "state_tv": 0.8, "circumvention": 0.2},
        },
        "camps": {
            "protest": {"shares": {"young": 0.7, "old": 0.4}, "initial_legitimacy": 0.2, "duty": 0.4,
                        "trust_state_media": 0.2, "trust_opposition_media": 0.9},
            "regime": {"shares": {"young": 0.3, "old": 0.6}, "initial_legitimacy": 0.7, "duty": 0.0,
                       "trust_state_media": 0.8, "trust_opposition_media": 0.4},
        },
        "settlement_readiness": everywhere(0.0),
        "settlement_hardship": everywhere(1.0),
        "migrant_households": everywhere(0.2),
        "networks": {"kin_group": 4, "weak_ties": 5, "local_ties": 0.6},
        "motive": {
            "threshold_mean": 3.0, "hardship_spread": 0.15, "legitimacy_spread": 0.15, "grievance_weight": 0.8,
            "turnout_weight": 0.6, "crowd_weight": 0.1, "kin_weight": 0.3, "friend_reach": 5.0, "onlooker_weight": 0.2,
            "neighbour_weight": 0.7,
            "colleague_weight": 0.7, "tie_weight": 0.7,
            "defection_weight": 0.4, "coalition_weight": 0.4, "organisation_weight": 0.5, "noise": 0.15,
            "engaged_band": 0.6, "engaged_fear": 0.2, "helper_weight": 0.5, "aid_courage": 0.5,
        },
        "emotion": {
            "anger_gain": 0.3, "anger_decay": 0.05, "anger_cap": 2.0, "trigger_gain": 1.0, "epidemic_anger": 0.05,
            "release_anger": 0.5,
            "legitimacy_loss": 0.05, "legitimacy_recovery": 0.02, "fear_gain": 0.2, "fear_decay": 0.05,
            "fear_cap": 2.0,
            "fear_of_risk": 3.0, "fear_of_violence": 0.5, "fear_of_prison": 0.4, "company_relief": 2.0,
            "aid_relief": 0.5,
            "defection_relief": 0.5, "fatigue_gain": 0.2, "fatigue_recovery": 0.1, "commitment_protest": 0.1,
            "commitment_engaged": 0.02, "commitment_decay": 0.02, "commitment_cap": 1.0,
        },
    },
    "police": {
        "forces": {
            "riot": _force(),
            "army": _force(
                persons=400, weight=1.0, initial_loyalty=1.2, call_out=0.3, all_out=0.3, military=True, stacked=0.3,
                corporate=0.3, conscript=0.6,
            ),
        },
        "ranks": {"rank_and_file": 0.7, "officer": 0.2, "commander": 0.1},
        "detention": {
            "contact": 7.0, "held_days": 3.0, "prison_share": 0.2, "prison_days": 20.0, "places": 5000.0,
            "injury": 0.3,
            "lethality": 0.02, "overstretch": 0.5, "provocation": 0.1, "anger_violence": 0.3, "exile": 0.6,
        },
        "loyalty": {
            "loyalty_spread": 0.5, "loyalty_noise": 0.05, "loyalty_recovery": 0.05, "pay_loyalty": 0.3,
            "peaceful_doubt": 0.2, "kin_doubt": 0.5, "colleague_doubt": 0.1, "arrears_doubt": 0.3,
            "violence_cohesion": 0.1, "guilt_cohesion": 0.05, "shirk_below": 0.7, "criticise_below": 0.5,
            "defect_below": 0.3, "switch_below": -0.4,
            "rank_step": 0.3, "defection_rate": 0.1, "duty_fatigue": 0.1, "duty_rest": 0.1,
        },
        "obedience": {
            "obey_base": 2.5, "obey_loyalty": 0.8, "obey_stacked": 1.0, "obey_corporate": 1.0, "obey_patron": 1.0,
            "obey_crowd": 0.3, "obey_peaceful": 1.0, "obey_conscript": 1.0, "obey_kin": 3.0, "obey_refusals": 3.0,
            "obey_fall": 2.0, "obey_unit": 30.0, "refusal_memory": 0.8, "barracks": 0.05,
        },
        "streets": {"hold": 30.0, "street_memory": 0.8},
    },
    "elites": {
        "members": 60, "kinds": {"business": _elite(), "circle": _elite(rents=1.2, strike_exposure=0.5)},
        "preference_spread": 0.5, "preference_speed": 0.2, "patron_reassurance": 0.4, "coverage_weight": 0.5,
        "strength": 0.9, "strength_patron": 0.2, "strength_coercion": 0.3, "strength_streets": 0.2,
        "strength_strikes": 0.3, "strength_arrears": 0.2, "strength_dissent": 0.2, "private_noise": 0.15,
        "public_noise": 0.3, "rumour_memory": 0.8, "break_cost": 0.2, "punishment": 0.5, "silence_days": 3.0,
    },
    "institutions": {
        "court": {"members": "business", "opposition": 0.2, "independence": 0.0, "quorum": 0.5, "power": "annul"},
        "parliament": {"members": "circle", "opposition": 0.3, "independence": 0.0, "quorum": 0.5, "power": "remove"},
        "staff": {"members": "circle", "opposition": 0.0, "independence": 0.0, "quorum": 0.5, "power": "oust"},
        "commanders": {"members": "circle", "opposition": 0.1, "independence": 0.5, "quorum": 0.5, "power": "refuse"},
        "chamber": {"members": "business", "opposition": 0.1, "independence": 1.0, "quorum": 0.15, "power": "withhold"},
    },
    "regime": {
        "aggression_base": 0.1, "aggression_gain": 0.8, "aggression_speed": 0.5, "alert_decay": 0.3,
        "street_capacity": 40.0, "backlash_restraint": 1.0, "defection_restraint": 1.0, "shutdown_readiness": 0.5,
        "shutdown_threat": 0.3, "defiance": 1.0, "rescue_level": 0.5, "patron_rescue": 0.05,
        "ruler": {
            "doubt": 0.3, "decisiveness": 15.0, "fall_cost": 0.4, "guilt_cost": 0.5, "guilt_killed": 2000.0,
            "exit_offer": -4.0, "exit_guilt": 0.6, "exile_offer": -4.0, "exile_guilt": 0.4, "disruption_cost": 0.1,
            "refusal_cost": 0.2, "outrage_cost": 0.2, "concession_cost": 2.0, "concession_worth": 0.5,
            "concession_step": 0.05, "crackdown": 0.8,
        },
        "removal": {
            "act_base": 1.0, "act_streets": 2.0, "act_shield": 2.0, "act_shielded_streets": 2.0, "act_slump": 1.0,
            "act_lame_duck": 1.0, "slump": 0.2, "lame_duck": 0.3, "withheld_revenue": 0.3,
        },
    },
    "movement": {
        "insurgency": {"arming": 3.0, "deserters": 0.5, "disarming": 0.05, "clash": 0.01},
        "tactics": {
            "march": _tactic(initial_attraction=0.5, call_pull=1.0, visibility=1.0, minimum_size=800.0),
            "picket": _tactic(call_pull=-0.5),
            "courtyard": _tactic(exposure=0.5, ease=1.3, dispersal=3.0, initial_familiarity=0.0),
            "vigil": _tactic(exposure=0.5, initial_attraction=-1.0, vigil=True),
        },
        "learning": {
            "tactic_learning": 0.2, "crowd_reward": 0.4, "detention_aversion": 5.0, "imitation": 0.1,
            "diffusion_gain": 0.5,
            "choice_sharpness": 1.0, "police_learning": 0.1, "police_forgetting": 0.02, "novelty_floor": 0.3,
        },
        "hub": {
            "initial_reach": 0.1, "top_reach": 0.4, "hub_growth": 0.3, "call_weight": 3.0, "prosecution_loss": 0.4,
        },
        "leadership": {"centralisation": 0.5, "replacement": 0.1},
        "calls": {"leader_calls": 1.0, "community_calls": 1.0, "call_memory": 0.2, "alarm_memory": 0.4},
        "rhythm": {"rhythm_learning": 0.5, "rhythm_sharpness": 3.0, "habit": 0.5, "custom": 0.002},
        "communities": {
            "forming_rate": 0.3, "ready_share": 0.05, "fading_rate": 0.1, "private_share": 0.7, "infiltration": 0.2,
            "peer_lift": 0.5, "fatigue_relief": 0.5, "aid_lift": 1.0,
            "trust_start": 0.4, "trust_growth": 0.3, "trust_decay": 0.05,
        },
        "aid": {"aid_effort": 0.5, "prisoner_need": 2.0, "donation": 0.05, "shelter": 0.4},
        "cooptation": {"camp": "protest", "cooptation_rate": 0.2, "alienation": 0.5},
        "stances": {"regime": -1.0, "challenger": 1.0, "own_candidate": 0.5, "warns_of_provocation": -0.5,
        "joins_all": 1.0, "none": 0.0},
        "organisations": {
            "union": {"stance": "challenger", "camp": "protest", "pull": 0.4},
            "ruling_party": {"stance": "regime", "camp": "regime", "pull": 0.4},
        },
    },
    "economy": {
        "treasury_days": 0.6, "usable_share": 0.5, "currency_share": 0.3, "layoffs": 0.4, "income_weight": 0.5,
        "revenue": 1.0, "shutdown_loss": 0.2, "sanction_loss": 0.3, "epidemic_loss": 0.1,
        "repression_cost": 0.2, "contraction_speed": 0.1, "recovery_speed": 0.05, "income_cut": 0.5,
        "patron_price": 0.05,
        "services": {
            "skimming": 0.3, "services_start": 0.9, "epidemic_load": 0.2, "service_speed": 0.1, "service_weight": 0.5,
        },
        "sectors": {"cash_days": 5.0, "standing_costs": 0.2, "wage_costs": 0.25},
        "strike": {
            "strike_cost": 0.0, "strike_anger": 1.0, "strike_grievance": 1.5, "strike_colleagues": 3.0,
            "strike_call": 0.5, "spread_weight": 0.5, "spread_ties": 0.5,
            "arrears_anger": 0.5, "strike_fear": 0.5, "walkout_mean": 0.08,
            "walkout_spread": 0.03,
            "initiative_group": 24.0, "organising_days": 1.0, "committee_arrest": 0.1, "dismissal_days": 5.0,
            "savings_days": 20.0, "saving_rate": 0.05, "strike_pay": 0.3, "remittance": 0.2,
        },
    },
    "information": {
        "turnout_low": 100.0, "turnout_high": 0.2, "turnout_memory": 0.8, "violence_low": 20.0,
        "violence_high": 3000.0,
        "violence_memory": 0.8, "injured_weight": 3.0, "killed_weight": 100.0, "testimony_weight": 2.0,
        "kin_violence": 0.5, "local_violence": 3.0, "hearing_hub": 1.0, "hearing_online": 0.7, "hearing_offline": 0.4,
        "censorship": 0.6, "defection_low": 0.0001, "defection_high": 0.05, "defection_memory": 0.8,
        "crowd_low": 20.0, "crowd_high": 20_000.0, "crowd_memory": 0.5, "coverage_turnout": 0.05,
        "criticism_weight": 0.3, "resignation_weight": 1.0, "switching_weight": 3.0, "base_weight": 0.05,
        "refusal_weight": 0.02, "break_weight": 0.02, "act_weight": 0.02, "concession_weight": 0.05,
        "cyber_recovery": 0.3, "cyber_disorder": 0.5, "circumvention_start": 0.2, "circumvention_growth": 0.2,
    },
    "world": {
        "framing": 0.8, "violence_outrage": 0.6, "turnout_outrage": 0.4, "findings_outrage": 0.5, "tolerance": 0.1,
        "sanction_speed": 0.1, "patron_wavering": 0.3,
    },
    "war": {
        "conscription_anger": 0.1, "rally": 0.05, "emigration": 0.05, "volunteering": 0.01, "legion_bind": 0.0005,
    },
    "luck": {
        "country_luck": 0.05, "place_luck": 0.1, "day_luck": 0.1, "day_luck_memory": 0.4, "place_day_luck": 0.15,
    },
    "events": {
        "fraud": _event(1, trigger=1.0, hub_push=1.0, alert=0.8, vote=1.0),
        "march_called": _event(2, called_action=1.0, strike_wave=0.6),
        "cut": _event(2, 4, shutdown=0.8),
        "attack_on_television": _event(3, 5, cyberattack=0.7, police_away=0.3),
        "leaders_taken": _event(3, leader_arrested=0.5, hub_prosecuted=1.0),
        "amnesty": _event(4, amnesty=0.5, concession=0.1),
        "patron": _event(3, 30, patron_support=0.6),
        "loan": _event(4, patron_transfer=0.2),
        "crisis": _event(2, 40 - 1, sanctions=0.3, epidemic=0.3),
        "example": _event(2, 3, examples={"courtyard": 1.0}),
        "rest": _event(5, pause=0.3),
        "order_to_hold_back": _event(6, aggression=0.15),
        "war": _event(3, 20, war=0.6, conscription=0.5, legion_call=0.6, remittance_cut=0.5),
        "law": _event(4, 20, prison_threat=0.6),
        "findings": _event(5, findings=0.5),
        "allied_forces": _event(6, 9, patron_forces=200.0),
    },
    "outcome": {
        "coercion_floor": 0.0, "elite_floor": 0.0, "arrears_ceiling": 1.0,
        "negotiation_concession": 1.0, "extreme_killed": 100_000.0, "war_deaths": 1_000_000.0, "crushed": 0.1,
        "general_strike": 0.3, "mass_turnout": 0.01,
        "demobilised_turnout": 0.005, "demobilised_days": 5, "legitimacy_scar": 0.1, "dependence_scar": 0.5,
        "force_scar": 0.5,
    },
    "mechanisms": {},
    "run": {"persons_per_agent": 100, "officers_per_agent": 10, "seed": 1},
    "sources": {},
}  # fmt: skip
"""Nothing can end a run, so that runs to be compared have the same length.

No outcome of section ``outcome`` can be reached; those institutions that could remove the ruler are not independent,
so that their members may turn and nothing comes of it; and he is offered nothing that he would leave for.
"""

SECTIONS_WITH_SOURCES = (
    "time", "places", "people", "police", "elites", "institutions", "regime", "movement", "economy", "information",
    "world", "war", "luck", "events", "outcome",
)  # fmt: skip


def country_data(changes: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The country's data with values replaced by dotted path; a path may replace a whole section."""
    data = copy.deepcopy(DATA)
    for path, value in (changes or {}).items():
        *parents, last = path.split(".")
        section = data
        for name in parents:
            section = section[name]
        section[last] = copy.deepcopy(value)
    return data


def country(changes: Mapping[str, Any] | None = None) -> Mobilisation:
    return Mobilisation.model_validate(country_data(changes))


def country_file(folder: Path, changes: Mapping[str, Any] | None = None) -> Path:
    """The country as a scenario file."""
    data = country_data(changes) | {"sources": dict.fromkeys(SECTIONS_WITH_SOURCES, "assumption")}
    path = folder / "tiny.yaml"
    path.write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
    return path


def live_through(config: Mobilisation, seed: int = 1, days: int | None = None, threads: int = 1) -> State:
    """Build the country and carry it through its days, whatever the outcome."""
    state = build(config, seed, threads)
    for _ in range(config.time.days if days is None else days):
        step(state)
    return state


def arrays(world: World) -> dict[str, np.ndarray]:
    """Every array of a world by name."""
    tables = [name for name in vars(world) if name not in {"nation", "ties"}]
    found = {
        f"{table}.{name}": getattr(getattr(world, table), name)
        for table in tables
        for name in vars(getattr(world, table))
    }
    found |= {f"nation.{name}": np.asarray(world.nation[name]) for name in world.nation.dtype.names}
    return found | {"ties": world.ties}


def digests(state: State) -> dict[str, str]:
    """A digest of every array of the world and of every recorded column, bit for bit."""
    found = {name: _digest(values) for name, values in arrays(state.world).items()}
    for table, frame in (
        ("days", state.recorder.national(state.config)),
        ("localities", state.recorder.by_locality(state.config)),
    ):
        found |= {f"{table}.{name}": _digest(np.asarray(frame[name])) for name in frame.columns}
    return found


def differing(one: Mapping[str, str], other: Mapping[str, str]) -> list[str]:
    """Names of what differs between two `digests`."""
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def _digest(values: np.ndarray) -> str:
    if values.dtype == object:
        values = values.astype(str)
    content = np.ascontiguousarray(values)
    return hashlib.sha256(f"{content.dtype}{content.shape}".encode() + content.tobytes()).hexdigest()[:16]
