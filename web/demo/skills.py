"""What the demo's assistants can do: training comes in bundles, as work does, and most of it runs out."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from marketplace.competencies import Competency
from matching.profiles import Evidence

#: How long a check holds, in days, where it runs out: yearly refreshers, three-year certificates, and the six
#: months after which many NHS teams look again at suction and ventilation.
HOLDS = {
    Competency.MOVING_AND_HANDLING: 365,
    Competency.HOIST: 365,
    Competency.FIRST_AID: 3 * 365,
    Competency.MEDICATION: 365,
    Competency.FOOD: 3 * 365,
    Competency.POSITIVE_BEHAVIOUR_SUPPORT: 2 * 365,
    Competency.PEG_FEEDING: 365,
    Competency.TRACHEOSTOMY: 182,
    Competency.VENTILATION: 182,
    Competency.OXYGEN: 365,
    Competency.EPILEPSY_RESCUE: 365,
    Competency.INSULIN: 365,
    Competency.BOWEL_CARE: 365,
    Competency.CATHETER_CARE: 365,
    Competency.STOMA_CARE: 365,
    Competency.PRESSURE_CARE: 365,
}
#: The share of checks that have run out and were not renewed.
RUN_OUT = 0.06
_OLDEST_LASTING, _LONGEST_AGO_RUN_OUT = 5 * 365, 240


@dataclass(frozen=True, slots=True)
class Background:
    """Where somebody comes from: how many in a hundred, what all of them can do, and what some can, in a hundred."""

    share: int
    always: tuple[Competency, ...]
    often: Mapping[Competency, int]
    dearer_pence: int


BACKGROUNDS = {
    "newcomer": Background(
        15,
        (),
        {
            Competency.PERSONAL_CARE: 40,
            Competency.FOOD: 60,
            Competency.FIRST_AID: 55,
            Competency.MOVING_AND_HANDLING: 25,
            Competency.DEMENTIA: 20,
        },
        0,
    ),
    "home_care": Background(
        30,
        (Competency.PERSONAL_CARE, Competency.MOVING_AND_HANDLING),
        {
            Competency.HOIST: 60,
            Competency.MEDICATION: 85,
            Competency.FOOD: 70,
            Competency.FIRST_AID: 60,
            Competency.DEMENTIA: 55,
            Competency.PRESSURE_CARE: 35,
            Competency.CATHETER_CARE: 30,
            Competency.EPILEPSY_RESCUE: 20,
            Competency.STOMA_CARE: 15,
        },
        20,
    ),
    "learning_disability": Background(
        20,
        (Competency.LEARNING_DISABILITY_AUTISM,),
        {
            Competency.POSITIVE_BEHAVIOUR_SUPPORT: 60,
            Competency.EPILEPSY_RESCUE: 50,
            Competency.MEDICATION: 75,
            Competency.PERSONAL_CARE: 75,
            Competency.FIRST_AID: 70,
            Competency.FOOD: 55,
            Competency.MOVING_AND_HANDLING: 40,
            Competency.HOIST: 20,
            Competency.PEG_FEEDING: 12,
            Competency.SIGN_LANGUAGE: 8,
        },
        20,
    ),
    "complex_care": Background(
        15,
        (Competency.PERSONAL_CARE, Competency.MOVING_AND_HANDLING, Competency.MEDICATION),
        {
            Competency.HOIST: 85,
            Competency.TRACHEOSTOMY: 50,
            Competency.VENTILATION: 15,
            Competency.OXYGEN: 45,
            Competency.PEG_FEEDING: 70,
            Competency.EPILEPSY_RESCUE: 65,
            Competency.BOWEL_CARE: 50,
            Competency.CATHETER_CARE: 60,
            Competency.PRESSURE_CARE: 60,
            Competency.FIRST_AID: 70,
            Competency.INSULIN: 35,
            Competency.STOMA_CARE: 25,
            Competency.FOOD: 40,
        },
        100,
    ),
    "nursing": Background(
        8,
        (Competency.PERSONAL_CARE, Competency.MOVING_AND_HANDLING, Competency.MEDICATION),
        {
            Competency.INSULIN: 80,
            Competency.CATHETER_CARE: 75,
            Competency.STOMA_CARE: 60,
            Competency.PRESSURE_CARE: 80,
            Competency.BOWEL_CARE: 55,
            Competency.PEG_FEEDING: 45,
            Competency.OXYGEN: 60,
            Competency.TRACHEOSTOMY: 20,
            Competency.FIRST_AID: 80,
            Competency.DEMENTIA: 50,
            Competency.HOIST: 60,
        },
        150,
    ),
    "company": Background(
        12,
        (Competency.FOOD,),
        {
            Competency.DEMENTIA: 70,
            Competency.FIRST_AID: 60,
            Competency.PERSONAL_CARE: 45,
            Competency.MEDICATION: 35,
            Competency.MOVING_AND_HANDLING: 25,
            Competency.SIGN_LANGUAGE: 5,
            Competency.LEARNING_DISABILITY_AUTISM: 20,
        },
        0,
    ),
}

# Who has one of these mostly has the others too, in a hundred: a ventilated person has oxygen beside the bed.
_BRINGS: dict[Competency, dict[Competency, int]] = {
    Competency.TRACHEOSTOMY: {
        Competency.VENTILATION: 85,
        Competency.OXYGEN: 90,
        Competency.PEG_FEEDING: 75,
        Competency.HOIST: 90,
        Competency.MOVING_AND_HANDLING: 100,
    },
    Competency.VENTILATION: {Competency.OXYGEN: 95, Competency.MOVING_AND_HANDLING: 100},
    Competency.HOIST: {Competency.MOVING_AND_HANDLING: 100},
    Competency.EPILEPSY_RESCUE: {Competency.FIRST_AID: 75, Competency.MEDICATION: 80},
    Competency.POSITIVE_BEHAVIOUR_SUPPORT: {Competency.LEARNING_DISABILITY_AUTISM: 100},
}


def held(dice: random.Random, background: Background) -> list[Competency]:
    """What one person of this background can do, in the order of the shared list."""
    can = {*background.always, *(code for code, share in background.often.items() if dice.random() * 100 < share)}
    for code, brings in _BRINGS.items():
        if code in can:
            can |= {other for other, share in brings.items() if dice.random() * 100 < share}
    return [code for code in Competency if code in can]


def checked(dice: random.Random, code: Competency, *, today: date) -> Evidence:
    """When that was checked: at an even pace over the time it holds, and for a few, longer ago than that."""
    holds = HOLDS.get(code)
    if holds is None:
        return Evidence(today - timedelta(days=dice.randint(14, _OLDEST_LASTING)), None)
    ago = dice.randint(1, holds - 1)
    if dice.random() < RUN_OUT:
        ago = holds + dice.randint(1, _LONGEST_AGO_RUN_OUT)
    on = today - timedelta(days=ago)
    return Evidence(on, on + timedelta(days=holds))
