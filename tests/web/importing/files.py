"""Files as people make them: a good row to start from, changed cell by cell."""

import csv
from collections.abc import Mapping
from io import BytesIO, StringIO

ASSISTANT = {
    "email": "asha@example.org",
    "name": "Asha Okoro",
    "postcode": "NG9 1EE",
    "lowest_rate": "13.50",
    "travel_minutes": "25",
    "travel_by": "car",
    "least_hours": "4",
    "most_hours": "30",
    "status": "looking",
    "hours": "Mon 08:00-12:00; Tue 22:00-06:00",
    "skills": "moving_and_handling 2026-05-01; epilepsy_rescue 2026-03-02 to 2027-03-02",
    "checks": "dbs_enhanced 2026-05-01; right_to_work 2025-09-30",
    "languages": "Polish; en",
    "gender": "woman",
    "brings": "drives; own_car",
    "refuses": "smoking_home; waking nights",
    "needs": "parking",
    "about": "I cook, and I like dogs.",
}
NEED = {
    "reference": "A-1",
    "holder_email": "harriet@example.org",
    "holder_name": "Harriet Webb",
    "postcode": "NG9 2AB",
    "title": "Mornings",
    "about": "Help to get up.",
    "rate": "14.50",
    "starts_on": "2030-01-07",
    "ends_on": "2030-12-31",
    "hours": "Mon 08:00-10:00; Fri 08:00-10:00",
    "required": "moving_and_handling; hoist",
    "wished": "food",
    "hours_a_week": "3.5",
    "mostly": "morning; weekend",
    "checks": "dbs_enhanced",
    "languages": "English",
    "languages_wished": "pl; Urdu",
    "kind": "visit",
    "people": "1",
    "contract": "employed",
    "home": "cat; parking",
    "car": "drives",
    "gender": "woman",
    "gender_reason": "Help to wash and dress.",
    "refuses": "smokes",
}
#: What older files, and those of whoever doesn't care, don't have.
NEW_OF_ASSISTANTS = ("travel_by", "checks", "languages", "gender", "brings", "refuses", "needs")
NEW_OF_NEEDS = (
    *("hours_a_week", "mostly", "checks", "languages", "languages_wished", "kind", "people", "contract", "home", "car"),
    *("gender", "gender_reason", "refuses"),
)


def assistant(**changes: str) -> dict[str, str]:
    return {**ASSISTANT, **changes}


def need(**changes: str) -> dict[str, str]:
    return {**NEED, **changes}


def without(row: Mapping[str, str], *names: str) -> dict[str, str]:
    return {name: cell for name, cell in row.items() if name not in names}


def text_of(*rows: Mapping[str, str], delimiter: str = ",") -> str:
    text = StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def file_of(*rows: Mapping[str, str], delimiter: str = ",", encoding: str = "utf-8") -> BytesIO:
    return BytesIO(text_of(*rows, delimiter=delimiter).encode(encoding))
