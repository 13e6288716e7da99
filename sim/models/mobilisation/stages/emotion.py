"""What citizens feel (stage 4)."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.core.jit import compiled
from sim.models.mobilisation.rules.anger import anger
from sim.models.mobilisation.rules.fear import fear, risk_seen
from sim.models.mobilisation.rules.habit import commitment, fatigue
from sim.models.mobilisation.rules.legitimacy import legitimacy
from sim.models.mobilisation.rules.war import rallied
from sim.models.mobilisation.stages.scratch import HEARD, MEMBER, NEAR, TELEVISION, VIOLENCE
from sim.models.mobilisation.state import Role

ENGAGED = int(Role.ENGAGED)


@compiled
def feel(c: Any, localities: Any, nation: Any, p: Any, place: int, start: int, stop: int, scratch: Any) -> None:
    """Stage 4: emotions. One small loop for each, so that each vectorises."""
    believed = c.legitimacy[start:stop]
    size = believed.size

    own = c.anger[start:stop]
    gain, shock, decay, cap = p.anger_gain, nation.shock, p.anger_decay, p.anger_cap
    for j in range(size):
        own[j] = anger(np.float64(own[j]), scratch[VIOLENCE, j], np.float64(believed[j]), shock, gain, decay, cap)

    former, peaceful = c.former_legitimacy[start:stop], nation.peaceful
    loss, recovery, war, rally = p.legitimacy_loss, p.legitimacy_recovery, nation.war, p.rally
    for j in range(size):
        television = scratch[TELEVISION, j]
        kept = legitimacy(
            np.float64(believed[j]), np.float64(former[j]), scratch[VIOLENCE, j], peaceful, television, loss, recovery
        )
        believed[j] = rallied(kept, war, television, rally)

    own, risk, aid = c.fear[start:stop], localities.risk[place], localities.aid[place]
    of_risk, of_violence, of_prison = p.fear_of_risk, p.fear_of_violence, p.fear_of_prison
    threat, defection = nation.prison_threat, nation.heard_defection
    gain, decay, cap = p.fear_gain, p.fear_decay, p.fear_cap
    by_aid, by_company, by_defection = p.aid_relief, p.company_relief, p.defection_relief
    for j in range(size):
        danger = risk_seen(risk, scratch[VIOLENCE, j], threat, of_risk, of_violence, of_prison)
        own[j] = fear(
            np.float64(own[j]), danger, aid, scratch[NEAR, j], scratch[HEARD, j] * defection, gain, decay, by_aid,
            by_company, by_defection, cap,
        )  # fmt: skip

    own, attending, role = c.fatigue[start:stop], c.attending[start:stop], c.role[start:stop]
    gain, relief, recovery = p.fatigue_gain, p.fatigue_relief, p.fatigue_recovery
    for j in range(size):
        attended = 1.0 if attending[j] > 0 else 0.0
        own[j] = fatigue(np.float64(own[j]), attended, scratch[MEMBER, j], gain, relief, recovery)

    own = c.commitment[start:stop]
    from_protest, from_help, decay, cap = (
        p.commitment_protest, p.commitment_engaged, p.commitment_decay, p.commitment_cap
    )  # fmt: skip
    for j in range(size):
        attended = 1.0 if attending[j] > 0 else 0.0
        helped = 1.0 if role[j] == ENGAGED else 0.0
        own[j] = commitment(np.float64(own[j]), attended, helped, from_protest, from_help, decay, cap)
