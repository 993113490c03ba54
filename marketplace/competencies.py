"""What assistants can do, and what is checked of them: short shared lists, so that both sides mean the same.

The competencies follow Skills for Care's training for personal assistants and the tasks the NHS delegates to them
(NHS England, "Personal health budgets: delegation of healthcare tasks to personal assistants").
"""

from enum import StrEnum


class Competency(StrEnum):
    """A code stored with needs and assistants; `NAMES` holds what people read."""

    PERSONAL_CARE = "personal_care"
    MOVING_AND_HANDLING = "moving_and_handling"
    HOIST = "hoist"
    FIRST_AID = "first_aid"
    MEDICATION = "medication"
    FOOD = "food"
    LEARNING_DISABILITY_AUTISM = "learning_disability_autism"
    DEMENTIA = "dementia"
    POSITIVE_BEHAVIOUR_SUPPORT = "positive_behaviour_support"
    SIGN_LANGUAGE = "sign_language"
    PEG_FEEDING = "peg_feeding"
    TRACHEOSTOMY = "tracheostomy"
    VENTILATION = "ventilation"
    OXYGEN = "oxygen"
    EPILEPSY_RESCUE = "epilepsy_rescue"
    INSULIN = "insulin"
    BOWEL_CARE = "bowel_care"
    CATHETER_CARE = "catheter_care"
    STOMA_CARE = "stoma_care"
    PRESSURE_CARE = "pressure_care"


NAMES: dict[str, str] = {
    Competency.PERSONAL_CARE: "personal care",
    Competency.MOVING_AND_HANDLING: "moving and handling",
    Competency.HOIST: "using a hoist",
    Competency.FIRST_AID: "first aid",
    Competency.MEDICATION: "giving medication",
    Competency.FOOD: "cooking and food safety",
    Competency.LEARNING_DISABILITY_AUTISM: "learning disability and autism support",
    Competency.DEMENTIA: "dementia care",
    Competency.POSITIVE_BEHAVIOUR_SUPPORT: "positive behaviour support",
    Competency.SIGN_LANGUAGE: "British Sign Language",
    Competency.PEG_FEEDING: "PEG feeding",
    Competency.TRACHEOSTOMY: "tracheostomy care and suction",
    Competency.VENTILATION: "ventilation care",
    Competency.OXYGEN: "oxygen therapy",
    Competency.EPILEPSY_RESCUE: "epilepsy rescue medication",
    Competency.INSULIN: "insulin and blood glucose checks",
    Competency.BOWEL_CARE: "bowel care",
    Competency.CATHETER_CARE: "catheter care",
    Competency.STOMA_CARE: "stoma care",
    Competency.PRESSURE_CARE: "pressure care",
}

#: Tasks a nurse or other registered professional delegates; the rest is training anyone may hold.
DELEGATED = frozenset(
    {
        Competency.PEG_FEEDING,
        Competency.TRACHEOSTOMY,
        Competency.VENTILATION,
        Competency.OXYGEN,
        Competency.EPILEPSY_RESCUE,
        Competency.INSULIN,
        Competency.BOWEL_CARE,
        Competency.CATHETER_CARE,
        Competency.STOMA_CARE,
        Competency.PRESSURE_CARE,
    }
)


class CheckCode(StrEnum):
    """What an assistant can show beyond skills; `CHECK_NAMES` holds what people read."""

    DBS_ENHANCED = "dbs_enhanced"
    RIGHT_TO_WORK = "right_to_work"
    REFERENCES = "references"
    DRIVING_LICENCE = "driving_licence"
    BUSINESS_CAR_INSURANCE = "business_car_insurance"


CHECK_NAMES: dict[str, str] = {
    CheckCode.DBS_ENHANCED: "enhanced DBS check",
    CheckCode.RIGHT_TO_WORK: "right to work in the UK",
    CheckCode.REFERENCES: "references",
    CheckCode.DRIVING_LICENCE: "driving licence",
    CheckCode.BUSINESS_CAR_INSURANCE: "car insurance for work",
}
