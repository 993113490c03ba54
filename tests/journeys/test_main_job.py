"""The main job from end to end, as programs do it: real HTTP, a running server, a real database, to the penny."""

from datetime import timedelta

from sqlmodel import Session

from marketplace import organisations, people
from marketplace.organisations import OrganisationKind
from payments import ledger
from tests.builders import MONDAY
from tests.conftest import Database
from tests.serving import Api, Serving, serving

HOURS = [{"weekday": day, "start": "08:00", "end": "12:00"} for day in ("monday", "wednesday", "friday")]
BUDGET = {
    "name": "Personal health budget",
    "starts_on": "2026-04-01",
    "ends_on": "2027-03-31",
    "funding_stream": "nhs_chc",
    "management_type": "direct_payment",
    "pence": 2_600_000,
}


def a_broker(session: Session) -> str:
    """The one thing an operator does by hand: an organisation and its first member."""
    organisation = organisations.found(session, name="Brokers", kind=OrganisationKind.BROKER)
    person = people.join(session, email="bea@example.org", name="Bea Morris", now=MONDAY)
    organisations.employ(session, organisation_id=organisation.id, person_id=person.id)
    return person.email


def an_assistant(at: Serving, name: str, **changes: object) -> Api:
    api = at.sign_in(f"{name.split()[0].lower()}@example.org")
    profile = {
        "name": name,
        "postcode": "NG9 1EE",
        "lowest_rate_pence": 1300,
        "travel_miles": 10,
        "hours": HOURS,
        "skills": [{"code": "epilepsy_rescue", "checked_on": "2026-05-01"}],
        **changes,
    }
    assert api.put("/assistants/me", **profile).status_code == 200
    return api


def position(holder: Api, budget_id: str) -> dict[str, int]:
    [line] = holder.get(f"/budgets/{budget_id}").json()["lines"]
    found: dict[str, int] = line["position"]
    return found


def test_a_need_becomes_a_match_a_booking_hours_a_payment_and_a_statement_that_sums(database: Database) -> None:
    with database.session() as session, session.begin():
        broker_email = a_broker(session)

    with serving(database) as at:
        # a broker opens a budget for somebody they support
        broker = at.sign_in(broker_email)
        made = broker.post("/holders", name="Harriet Webb", email="harriet@example.org", postcode="NG9 2AB")
        assert made.status_code == 201, made.text
        holder_id = made.json()["id"]
        budget_id = broker.post(f"/holders/{holder_id}/budgets", **BUDGET).json()["id"]
        holder = at.sign_in("harriet@example.org")
        full = {"funded": 2_600_000, "free": 2_600_000, "set_aside": 0, "owed": 0, "paid": 0}
        assert position(holder, budget_id) == full

        # assistants register; one can't do the task, one lives too far away
        asha = an_assistant(at, "Asha Okoro")
        an_assistant(at, "Ben Hall", skills=[])
        an_assistant(at, "Cai Lloyd", postcode="CF10 1AA")

        # the holder posts a need, and the matcher says who fits and why
        need = holder.post(
            f"/holders/{holder_id}/needs",
            title="Mornings",
            rate_pence=1405,
            starts_on="2026-11-23",
            hours=HOURS,
            required=["epilepsy_rescue"],
        ).json()
        found = holder.get(f"/needs/{need['id']}/matches").json()
        assert found["considered"] == 3
        assert sum(step["removed"] for step in found["funnel"]) == 2
        [asked] = found["people"]
        assert asked["name"] == "Asha O."
        assert any("epilepsy rescue medication" in reason["sentence"] for reason in asked["reasons"])

        # introduced, accepted, agreed
        introduction = holder.post(f"/needs/{need['id']}/introductions", assistant_id=asked["assistant_id"]).json()
        assert asha.post(f"/introductions/{introduction['id']}/accept").json()["state"] == "accepted"
        offer = holder.post(f"/introductions/{introduction['id']}/agreement", rate_pence=1405, starts_on="2026-11-23")
        assert asha.post(f"/agreements/{offer.json()['id']}/accept").json()["state"] == "agreed"
        assert holder.get(f"/needs/{need['id']}").json()["state"] == "filled"

        # booked: 4 hours at £14.05 are £56.20, set aside
        shift = {"starts_at": "2026-11-25T08:00:00+00:00", "ends_at": "2026-11-25T12:00:00+00:00"}
        booking = holder.post(f"/agreements/{offer.json()['id']}/bookings", key="shift-1", **shift).json()
        assert booking["pence"] == 5_620
        after_booking = {**full, "free": 2_594_380, "set_aside": 5_620}
        assert position(holder, budget_id) == after_booking
        again = holder.post(f"/agreements/{offer.json()['id']}/bookings", key="shift-1", **shift)
        assert again.status_code == 201
        assert again.json() == booking
        assert position(holder, budget_id) == after_booking

        # worked: she left 25 minutes early; 215 minutes are £50.35 (£50.3458)
        at.clock.forward(days=3)
        worked = {"started_at": "2026-11-25T08:00:00+00:00", "ended_at": "2026-11-25T11:35:00+00:00"}
        told = asha.put(f"/bookings/{booking['id']}/hours", **worked).json()
        assert (told["hours"]["minutes"], told["hours"]["pence"]) == (215, 5_035)
        assert position(holder, budget_id) == after_booking

        # approved: drawn once however often it is sent, the rest free again, then paid
        first = holder.post(f"/bookings/{booking['id']}/hours/approve", key="approve-1")
        assert first.json()["state"] == "approved"
        assert holder.post(f"/bookings/{booking['id']}/hours/approve", key="approve-1").json() == first.json()
        assert holder.post(f"/bookings/{booking['id']}/hours/approve").status_code == 409
        assert position(holder, budget_id) == {**full, "free": 2_594_965, "owed": 5_035}
        assert at.worker.run_once() == 1
        assert at.worker.run_once() == 0
        closing = {**full, "free": 2_594_965, "paid": 5_035}
        assert position(holder, budget_id) == closing

        # the statement tells it all, and sums; the broker sees the same numbers
        [statement] = holder.get(f"/budgets/{budget_id}/statements").json().values()
        assert [(row["kind"], row["pence"]) for row in statement["rows"]] == [
            ("fund", 2_600_000),
            ("set_aside", 5_620),
            ("draw", 5_035),
            ("release", 585),
            ("pay", 5_035),
        ]
        assert statement["closing"] == closing
        assert list(broker.get(f"/budgets/{budget_id}/statements").json().values()) == [statement]
        assert asha.get(f"/budgets/{budget_id}").status_code == 404

    with database.session() as session:
        counted = ledger.check(session)
    assert (counted.found, counted.sum_of_entries, counted.transfers) == (0, 0, 5)
    assert at.clock.now == MONDAY + timedelta(days=3)
