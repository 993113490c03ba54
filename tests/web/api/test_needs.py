import pytest

from marketplace.competencies import DELEGATED, NAMES
from tests.builders import Clock
from tests.web.clients import Clients, Maker, asked
from tests.web.town import NEED, PROFILE, Place


def test_every_code_there_is_has_words(place: Place) -> None:
    told = place.client("nobody").get("/api/v1/competencies").json()
    assert {one["code"]: one["name"] for one in told} == NAMES
    assert {one["code"] for one in told if one["delegated"]} == DELEGATED


def test_a_profile_is_kept_replaced_and_told_as_it_was_said(client_of: Clients, make: Maker) -> None:
    client = client_of(make(lambda world: world.person()))
    assert client.get("/api/v1/assistants/me").status_code == 404
    saved = asked(client, "PUT", "/api/v1/assistants/me", PROFILE)
    assert saved.status_code == 200
    assert saved.json() == {
        "id": saved.json()["id"],
        "postcode": "NG9 1EE",
        "about": "",
        "lowest_rate_pence": 1300,
        "travel_by": "car",
        "travel_minutes": 30,
        "least_hours": 0,
        "most_hours": 48,
        "status": "looking",
        "hours": [{"weekday": "monday", "start": "08:00:00", "end": "12:00:00"}],
        "skills": [{"code": "hoist", "checked_on": "2026-05-01", "valid_until": "2028-05-01"}],
        "checks": [],
        "languages": [],
        "gender": None,
        "brings": [],
        "refuses": [],
        "needs": [],
        "confirmed_on": "2026-11-23",
    }
    again = asked(client, "PUT", "/api/v1/assistants/me", {**PROFILE, "status": "not_now", "skills": []})
    assert again.json() == {**saved.json(), "status": "not_now", "skills": []}
    assert client.get("/api/v1/assistants/me").json() == again.json()


def test_all_that_an_assistant_says_is_told_back(client_of: Clients, make: Maker) -> None:
    client = client_of(make(lambda world: world.person()))
    said = {
        **PROFILE,
        "travel_by": "cycle",
        "status": "open",
        "checks": [{"code": "dbs_enhanced", "checked_on": "2026-05-01", "valid_until": None}],
        "languages": ["en", "pl"],
        "gender": "woman",
        "brings": ["drives"],
        "refuses": ["dog", "employment"],
        "needs": ["parking"],
    }
    saved = asked(client, "PUT", "/api/v1/assistants/me", said).json()
    assert {name: saved[name] for name in set(said) - {"name", "hours"}} == {
        name: value for name, value in said.items() if name not in {"name", "hours"}
    }


def test_a_profile_is_confirmed_without_being_sent_again(client_of: Clients, make: Maker, clock: Clock) -> None:
    client = client_of(make(lambda world: world.assistant()))
    before = client.get("/api/v1/assistants/me").json()
    clock.forward(days=9)
    confirmed = asked(client, "POST", "/api/v1/assistants/me/confirm")
    assert (before["confirmed_on"], confirmed.status_code) == ("2026-11-23", 200)
    assert confirmed.json() == {**before, "confirmed_on": "2026-12-02"}
    assert client.get("/api/v1/assistants/me").json() == confirmed.json()


def test_all_that_a_holder_asks_is_told_back(client_of: Clients, make: Maker) -> None:
    holder = make(lambda world: world.holder())
    said = {
        "kind": "waking_night",
        "people": 2,
        "hours_a_week": 3.5,
        "mostly": ["morning", "weekend"],
        "checks": ["dbs_enhanced"],
        "languages": ["en"],
        "languages_wished": ["pl", "ur"],
        "contract": "employed",
        "home": ["cat", "parking"],
        "car": "own_car",
        "gender": "woman",
        "gender_reason": "Help to wash and dress.",
        "refuses": ["smokes"],
    }
    client = client_of(holder)
    made = asked(client, "POST", f"/api/v1/holders/{holder.holder_id}/needs", {**NEED, **said})
    assert made.status_code == 201
    assert {name: made.json()[name] for name in said} == said
    assert client.get("/api/v1/needs").json() == [made.json()]


def test_a_need_is_posted_listed_and_closed(client_of: Clients, make: Maker) -> None:
    holder = make(lambda world: world.holder())
    client = client_of(holder)
    made = asked(
        client, "POST", f"/api/v1/holders/{holder.holder_id}/needs", {**NEED, "wished": ["hoist", "dementia"]}
    ).json()
    assert made == {
        "id": made["id"],
        "holder_id": str(holder.holder_id),
        "title": "Mornings",
        "about": "",
        "rate_pence": 1400,
        "starts_on": "2026-12-07",
        "ends_on": None,
        "state": "open",
        "hours": [{"weekday": "monday", "start": "08:00:00", "end": "12:00:00"}],
        "required": ["hoist"],
        "wished": ["dementia"],
        "kind": "visit",
        "people": 1,
        "hours_a_week": None,
        "mostly": [],
        "checks": [],
        "languages": [],
        "languages_wished": [],
        "contract": "either",
        "home": [],
        "car": "none",
        "gender": None,
        "gender_reason": "",
        "refuses": [],
    }
    assert client.get("/api/v1/needs?state=open").json() == [made]
    closed = asked(client, "POST", f"/api/v1/needs/{made['id']}/close").json()
    assert closed == {**made, "state": "closed"}
    assert client.get(f"/api/v1/needs/{made['id']}").json() == closed
    assert client.get("/api/v1/needs?state=open").json() == []


def test_matches_say_who_fits_and_why_and_how_the_others_fell_away(client_of: Clients, make: Maker) -> None:
    holder = make(lambda world: world.holder())
    asha = make(lambda world: world.assistant(name="Asha Okoro", about="Calm"))
    make(lambda world: world.assistant(name="Cai Lloyd", postcode="CF10 1AA"))
    need = make(lambda world: world.need(holder))
    found = client_of(holder).get(f"/api/v1/needs/{need.id}/matches").json()
    [person] = found["people"]
    assert (person["assistant_id"], person["name"], person["about"]) == (str(asha.assistant_id), "Asha O.", "Calm")
    assert (person["lowest_rate_pence"], person["free_minutes"]) == (1300, 720)
    assert 0 < person["score"] < 1
    assert person["miles"] < 3
    assert {reason["side"] for reason in person["reasons"]} == {"holder", "assistant"}
    assert all(reason["sentence"] and isinstance(reason["points"], float) for reason in person["reasons"])
    assert (found["considered"], sum(step["removed"] for step in found["funnel"])) == (2, 1)
    assert found["funnel"][-1]["left"] == found["fitting"] == 1
    assert (person["plain_rank"], person["rivals"], found["shared"]) == (1, 0, True)
    assert 0 < person["travel_minutes"] <= 30


def test_a_short_list_says_what_would_bring_more_people(client_of: Clients, make: Maker) -> None:
    holder = make(lambda world: world.holder())
    make(lambda world: world.assistant(lowest_rate_pence=1450))
    need = make(lambda world: world.need(holder))
    found = client_of(holder).get(f"/api/v1/needs/{need.id}/matches").json()
    assert found["people"] == []
    assert found["changes"] == [{"code": "rate", "sentence": "£14.50 an hour instead of £14.00", "more": 1}]


def test_why_somebody_met_before_does_not_fit_is_said(client_of: Clients, make: Maker) -> None:
    holder, asha = make(lambda world: world.holder()), make(lambda world: world.assistant())
    need = make(lambda world: world.need(holder))
    make(lambda world: world.invitation(holder, asha, need_id=need.id))
    path = f"/api/v1/needs/{need.id}/why-not/{asha.assistant_id}"
    assert client_of(holder).get(path).json() == {"sentences": []}
    make(lambda world: world.profile(asha, status="not_now"))
    assert client_of(holder).get(path).json() == {"sentences": ["They are not looking for more work now."]}


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("starts_at=2026-11-25T09:00:00Z&ends_at=2026-11-25T11:00:00Z", 200),
        ("starts_at=2026-11-25T09:00:00Z&ends_at=2026-11-25T11:00:00Z&within=10", 200),
        ("starts_at=2026-11-25T09:00:00&ends_at=2026-11-25T11:00:00", 422),
        ("starts_at=2026-11-25T11:00:00Z&ends_at=2026-11-25T09:00:00Z", 422),
        ("starts_at=2020-11-25T09:00:00Z&ends_at=2020-11-25T11:00:00Z", 422),
        ("starts_at=2026-11-25T09:00:00Z&ends_at=2026-11-25T11:00:00Z&within=0", 422),
        ("starts_at=2026-11-25T09:00:00Z", 422),
        ("starts_at=soon&ends_at=later", 422),
    ],
)
def test_cover_is_asked_for_hours_that_can_be(client_of: Clients, make: Maker, query: str, status: int) -> None:
    holder = make(lambda world: world.holder())
    asha = make(lambda world: world.assistant())
    need = make(lambda world: world.need(holder))
    answer = client_of(holder).get(f"/api/v1/needs/{need.id}/cover?{query}")
    assert answer.status_code == status
    if status == 200:
        assert [one["assistant_id"] for one in answer.json()["people"]] == [str(asha.assistant_id)]
