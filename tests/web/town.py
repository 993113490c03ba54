"""A broker, a holder, an assistant and everything that can be between them, and three strangers to it all."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import text
from starlette.testclient import TestClient

from marketplace import holders, timesheets
from marketplace.people import Viewer
from tests.builders import MONDAY, Clock, World
from tests.conftest import Database
from tests.serving import Postbox
from tests.web.clients import BASE, SECRET, Clients, Maker
from web.app import create_app
from web.models import METADATA
from web.settings import Settings

NOW = MONDAY + timedelta(days=7)
ALL = ("holder", "broker", "assistant", "other_holder", "other_broker", "other_assistant", "newcomer")

HOURS = [{"weekday": "monday", "start": "08:00", "end": "12:00"}]
HOLDER = {"name": "Hal Dean", "email": "hal@example.org", "postcode": "NG9 2AB"}
BUDGET = {
    "name": "Direct payment",
    "starts_on": "2026-04-01",
    "ends_on": "2027-03-31",
    "funding_stream": "nhs_chc",
    "management_type": "direct_payment",
    "pence": 50_000,
}
PROFILE = {
    "name": "Asha Okoro",
    "postcode": "NG9 1EE",
    "lowest_rate_pence": 1300,
    "travel_minutes": 30,
    "hours": HOURS,
    "skills": [{"code": "hoist", "checked_on": "2026-05-01", "valid_until": "2028-05-01"}],
}
NEED = {"title": "Mornings", "rate_pence": 1400, "starts_on": "2026-12-07", "hours": HOURS, "required": ["hoist"]}
AGREEMENT = {"rate_pence": 1400, "starts_on": "2026-12-07"}
SHIFT = {"starts_at": "2026-12-10T08:00:00+00:00", "ends_at": "2026-12-10T12:00:00+00:00"}
WORKED = {"started_at": "2026-11-25T08:00:00+00:00", "ended_at": "2026-11-25T11:30:00+00:00"}


@dataclass(frozen=True)
class Town:
    """Who lives there, by the names in `ALL`, and ids by the names that paths use."""

    people: dict[str, Viewer]
    ids: dict[str, UUID]

    def path(self, template: str) -> str:
        """An address with this town's ids."""
        return template.format_map(self.ids)


def built(world: World) -> Town:
    """An invitation without answer, an agreement in force, and a shift whose hours were confirmed."""
    broker, other_broker = world.broker(), world.broker("Bo Marsh")
    deal = world.deal(broker=broker)
    holder, assistant = deal.holder, deal.assistant
    asked = world.invitation(holder, assistant)
    booking = world.booking(deal)
    timesheets.confirm(
        world.session,
        viewer=assistant,
        booking_id=booking.id,
        started_at=booking.starts_at,
        ended_at=booking.ends_at,
        now=NOW,
    )
    budget = holders.budgets(world.session, viewer=holder, holder_id=_id(holder.holder_id))[0]
    return Town(
        people={
            "holder": holder,
            "broker": broker,
            "assistant": assistant,
            "other_holder": world.holder(broker=other_broker, name="Omar Reed"),
            "other_broker": other_broker,
            "other_assistant": world.assistant(name="Ola Price"),
            "newcomer": world.person("Nia Bell"),
        },
        ids={
            "holder_id": _id(holder.holder_id),
            "assistant_id": _id(assistant.assistant_id),
            "budget_id": budget.id,
            "need_id": asked.need_id,
            "introduction_id": asked.id,
            "accepted_id": deal.agreement.introduction_id,
            "agreement_id": deal.agreement.id,
            "booking_id": booking.id,
        },
    )


def contents(database: Database) -> dict[str, str]:
    """A digest of every row of every table, to see that nothing at all was stored or changed."""
    digests = ", ".join(
        f"(SELECT md5(coalesce(string_agg(row::text, ',' ORDER BY row::text), '')) FROM {name} row) AS {name}"
        for name in METADATA.tables
    )
    with database.engine.connect() as connection:
        return dict(connection.execute(text(f"SELECT {digests}")).mappings().one())


def _id(one: UUID | None) -> UUID:
    assert one is not None
    return one


class Place:
    """A town and the application it uses, for every test of a module; none of them may change it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.town = Maker(database)(built)
        settings = Settings(DATABASE_URL=database.url, secret_key=SECRET, base_url=BASE)
        self.app = create_app(
            settings, engine=database.engine, clock=Clock(NOW), mailer=Postbox(), fresh_for=timedelta(0)
        )
        self.client_of = Clients(self.app)
        self._clients = {who: self.client_of(self.town.people.get(who)) for who in (*ALL, "nobody")}

    def client(self, who: str) -> TestClient:
        """A browser in which a person of the town is signed in; nobody is in that of "nobody"."""
        return self._clients[who]
