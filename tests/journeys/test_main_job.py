"""The main job from end to end, as programs do it: real HTTP, a running server, a real database, to the penny."""

from payments import ledger
from tests.builders import let_in_a_broker
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


def an_assistant(at: Serving, name: str, **changes: object) -> Api:
    api = at.sign_in(f"{name.split(maxsplit=1)[0].lower()}@example.org")
    profile = {
        "name": name,
        "postcode": "NG9 1EE",
        "lowest_rate_pence": 1300,
        "travel_minutes": 30,
        "hours": HOURS,
        "skills": [{"code": "epilepsy_rescue", "checked_on": "2026-05-01"}],
        **changes,
    }
    assert api.put("/assistants/me", **profile).status_code == 200
    return api


class MainJob:
    """The job step by step; each step leaves behind what the next one needs."""

    def __init__(self, at: Serving) -> None:
        self.at = at
        self.full = {"funded": 2_600_000, "free": 2_600_000, "set_aside": 0, "owed": 0, "paid": 0}

    def a_budget_is_opened(self, broker_email: str) -> None:
        self.broker = self.at.sign_in(broker_email)
        made = self.broker.post("/holders", name="Harriet Webb", email="harriet@example.org", postcode="NG9 2AB")
        assert made.status_code == 201, made.text
        self.holder_id = made.json()["id"]
        self.budget_id = self.broker.post(f"/holders/{self.holder_id}/budgets", **BUDGET).json()["id"]
        self.holder = self.at.sign_in("harriet@example.org")
        assert self.position() == self.full

    def assistants_register(self) -> None:
        """One fits; one can't do the task, one lives too far away."""
        self.asha = an_assistant(self.at, "Asha Okoro")
        an_assistant(self.at, "Ben Hall", skills=[])
        an_assistant(self.at, "Cai Lloyd", postcode="CF10 1AA")

    def a_need_is_posted_and_the_matcher_says_who_fits_and_why(self) -> None:
        asked = {"title": "Mornings", "rate_pence": 1405, "starts_on": "2026-11-23", "hours": HOURS}
        posted = self.holder.post(f"/holders/{self.holder_id}/needs", **asked, required=["epilepsy_rescue"])
        self.need_id = posted.json()["id"]
        found = self.holder.get(f"/needs/{self.need_id}/matches").json()
        assert found["considered"] == 3
        assert sum(step["removed"] for step in found["funnel"]) == 2
        [self.best] = found["people"]
        assert self.best["name"] == "Asha O."
        assert any("epilepsy rescue medication" in reason["sentence"] for reason in self.best["reasons"])

    def one_is_introduced_accepts_and_agrees(self) -> None:
        invited = self.holder.post(f"/needs/{self.need_id}/introductions", assistant_id=self.best["assistant_id"])
        introduction = f"/introductions/{invited.json()['id']}"
        assert self.asha.post(f"{introduction}/accept").json()["state"] == "accepted"
        offer = self.holder.post(f"{introduction}/agreement", rate_pence=1405, starts_on="2026-11-23")
        self.agreement = f"/agreements/{offer.json()['id']}"
        assert self.asha.post(f"{self.agreement}/accept").json()["state"] == "agreed"
        assert self.holder.get(f"/needs/{self.need_id}").json()["state"] == "filled"

    def a_shift_is_booked_once_and_its_money_set_aside(self) -> None:
        """4 hours at £14.05 are £56.20."""
        shift = {"starts_at": "2026-11-25T08:00:00+00:00", "ends_at": "2026-11-25T12:00:00+00:00"}
        booked = self.holder.post(f"{self.agreement}/bookings", key="shift-1", **shift)
        assert booked.json()["pence"] == 5_620
        assert self.position() == {**self.full, "free": 2_594_380, "set_aside": 5_620}
        again = self.holder.post(f"{self.agreement}/bookings", key="shift-1", **shift)
        assert (again.status_code, again.json()) == (201, booked.json())
        assert self.position() == {**self.full, "free": 2_594_380, "set_aside": 5_620}
        self.booking = f"/bookings/{booked.json()['id']}"

    def hours_are_confirmed(self) -> None:
        """She left 25 minutes early: 215 minutes are £50.35 (£50.3458)."""
        self.at.clock.forward(days=3)
        worked = {"started_at": "2026-11-25T08:00:00+00:00", "ended_at": "2026-11-25T11:35:00+00:00"}
        told = self.asha.put(f"{self.booking}/hours", **worked).json()["hours"]
        assert (told["minutes"], told["pence"]) == (215, 5_035)
        assert self.position() == {**self.full, "free": 2_594_380, "set_aside": 5_620}

    def hours_are_approved_drawn_once_and_paid_once(self) -> None:
        first = self.holder.post(f"{self.booking}/hours/approve", key="approve-1")
        assert first.json()["state"] == "approved"
        assert self.holder.post(f"{self.booking}/hours/approve", key="approve-1").json() == first.json()
        assert self.holder.post(f"{self.booking}/hours/approve").status_code == 409
        assert self.position() == {**self.full, "free": 2_594_965, "owed": 5_035}
        assert (self.at.worker.run_once(), self.at.worker.run_once()) == (1, 0)
        assert self.position() == {**self.full, "free": 2_594_965, "paid": 5_035}

    def the_statement_sums_and_is_the_same_for_all_who_may_see_it(self) -> None:
        [statement] = self.holder.get(f"/budgets/{self.budget_id}/statements").json().values()
        assert [(row["kind"], row["pence"]) for row in statement["rows"]] == [
            ("fund", 2_600_000),
            ("set_aside", 5_620),
            ("draw", 5_035),
            ("release", 585),
            ("pay", 5_035),
        ]
        assert statement["closing"] == self.position()
        assert list(self.broker.get(f"/budgets/{self.budget_id}/statements").json().values()) == [statement]
        assert self.asha.get(f"/budgets/{self.budget_id}").status_code == 404

    def position(self) -> dict[str, int]:
        [line] = self.holder.get(f"/budgets/{self.budget_id}").json()["lines"]
        found: dict[str, int] = line["position"]
        return found


def test_a_need_becomes_a_match_a_booking_hours_a_payment_and_a_statement_that_sums(database: Database) -> None:
    with database.session() as session, session.begin():
        broker_email = let_in_a_broker(session)
    with serving(database) as at:
        job = MainJob(at)
        job.a_budget_is_opened(broker_email)
        job.assistants_register()
        job.a_need_is_posted_and_the_matcher_says_who_fits_and_why()
        job.one_is_introduced_accepts_and_agrees()
        job.a_shift_is_booked_once_and_its_money_set_aside()
        job.hours_are_confirmed()
        job.hours_are_approved_drawn_once_and_paid_once()
        job.the_statement_sums_and_is_the_same_for_all_who_may_see_it()
    with database.session() as session:
        counted = ledger.check(session)
    assert (counted.found, counted.sum_of_entries, counted.transfers) == (0, 0, 5)
