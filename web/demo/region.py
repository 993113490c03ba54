"""A made-up region: five districts of Nottinghamshire, with assistants, holders, needs and some weeks of life.

Pure: the same seed, day and sizes make the same region to the last letter, on every machine.
"""

import random
from dataclasses import dataclass
from datetime import date, timedelta

from marketplace.competencies import CheckCode, Competency
from matching.pool import Pool
from matching.profiles import Evidence
from matching.week import WeeklyWindow
from payments.budgets import FundingStream, ManagementType
from web.demo import life, needs, people
from web.demo.chance import number
from web.demo.districts import DISTRICTS, postcodes, shared_out
from web.demo.names import Addresses
from web.demo.records import Assistant, Deal, Holder, Invitation, Need, Offer, Person
from web.settings import DEMO_DOMAIN

SEED = 2017
#: Where the fixed people live: Beeston.
HOME = "NG9 2"
_HOLDERS_WITH_LIFE = 0.2
_OPEN_NEEDS = 0.8
#: Ways to hold money in which the holder, or an account for them, pays the assistant.
_OWN_PAYMENTS = (ManagementType.DIRECT_PAYMENT, ManagementType.DIRECT_PAYMENT_MANAGED)


@dataclass(frozen=True, slots=True)
class Region:
    """Everything and everyone; the first assistant and the first holder are the ones of the one-click sign-in."""

    today: date
    broker: Person
    assistants: tuple[Assistant, ...]
    holders: tuple[Holder, ...]
    needs: tuple[Need, ...]
    invitations: tuple[Invitation, ...]
    deals: tuple[Deal, ...]


def generate(*, today: date, seed: int = SEED, assistants: int = 2000, holders: int = 300) -> Region:
    """A region as it looks on a day; each of the sizes at least 1, the fixed people among them."""
    dice = random.Random(seed)  # noqa: S311 - a seed that gives the same region is the point
    addresses = Addresses()
    broker = _fixed(dice, "broker", "Bea Morris")
    working = (_best_match(dice, today=today), *_assistants(dice, addresses, assistants - 1, today=today))
    living = (_harriet(dice, today=today), *_holders(dice, addresses, holders, today=today))
    pool = Pool(one.candidate(today=today) for one in working)
    deals = _deals(dice, working[1:], living[1:], pool.with_changes(remove=[working[0].id]), today=today)
    wanted, invitations = _open_needs(dice, working, living, deals, pool, today=today)
    return Region(today, broker, working, living, wanted, invitations, deals)


def _fixed(dice: random.Random, role: str, name: str) -> Person:
    return Person(number(dice), f"{role}@{DEMO_DOMAIN}", name, joined_days_ago=200)


def _harriet(dice: random.Random, *, today: date) -> Holder:
    """The holder of the main story: a budget and no need yet."""
    stream, held = FundingStream.NHS_CHC, ManagementType.DIRECT_PAYMENT
    budget = people.budget(dice, "Personal health budget", stream, held, 2_600_000, today=today)
    return Holder(number(dice), _fixed(dice, "holder", "Harriet Webb"), HOME, budget)


def _best_match(dice: random.Random, *, today: date) -> Assistant:
    """The assistant of the main story: no one fits Monday, Wednesday and Friday mornings in Beeston better."""
    checked = Evidence(today - timedelta(days=20), today + timedelta(days=345))
    skills = (
        Competency.PERSONAL_CARE,
        Competency.MOVING_AND_HANDLING,
        Competency.FIRST_AID,
        Competency.MEDICATION,
        Competency.FOOD,
        Competency.EPILEPSY_RESCUE,
    )
    return Assistant(
        id=number(dice),
        person=_fixed(dice, "assistant", "Asha Okoro"),
        postcode=HOME,
        about="I worked in a hospice for six years. I'm calm when things go wrong, and I cook. Mornings suit me best.",
        lowest_rate_pence=people.LIVING_WAGE,
        least_minutes=4 * 60,
        most_minutes=15 * 60,
        windows=tuple(WeeklyWindow(day, 7 * 60, 6 * 60) for day in (0, 2, 4)),
        skills=tuple((code, checked) for code in skills),
        offer=Offer(
            travel_by="car",
            travel_minutes=30,
            checks=tuple((code, Evidence(today - timedelta(days=20), None)) for code in CheckCode),
            gender="woman",
            brings=("drives", "own_car"),
        ),
    )


def _assistants(dice: random.Random, addresses: Addresses, many: int, *, today: date) -> list[Assistant]:
    """More of them where more postcodes are."""
    sectors = postcodes()
    homes = dice.choices(list(sectors), list(sectors.values()), k=many)
    return [people.assistant(dice, people.person(dice, addresses), home, today=today) for home in homes]


def _holders(dice: random.Random, addresses: Addresses, many: int, *, today: date) -> list[Holder]:
    """One fewer than `many`, over the districts as planned, counting the fixed holder in hers."""
    sectors = postcodes()
    homes = [
        home
        for district, share in zip(DISTRICTS, shared_out(many), strict=True)
        for home in dice.choices(
            district.sectors,
            [sectors[sector] for sector in district.sectors],
            k=share - 1 if HOME in district.sectors and share else share,
        )
    ]
    dice.shuffle(homes)
    return [people.holder(dice, people.person(dice, addresses), home, today=today) for home in homes[: many - 1]]


def _deals(
    dice: random.Random, working: tuple[Assistant, ...], living: tuple[Holder, ...], pool: Pool, *, today: date
) -> tuple[Deal, ...]:
    """Each assistant is in one deal at most, so that nobody is in two places at once."""
    by_id = {one.id: one for one in working}
    paying = [holder for holder in living if holder.budget.management_type in _OWN_PAYMENTS]
    made: list[Deal] = []
    for holder in dice.sample(paying, min(len(paying), round(len(living) * _HOLDERS_WITH_LIFE))):
        taken = {one.assistant_id for one in made}
        deal = life.deal(dice, holder, pool, working=by_id, today=today, taken=taken)
        if deal is not None:
            made.append(deal)
    return tuple(made)


def _open_needs(
    dice: random.Random,
    working: tuple[Assistant, ...],
    living: tuple[Holder, ...],
    deals: tuple[Deal, ...],
    pool: Pool,
    *,
    today: date,
) -> tuple[tuple[Need, ...], tuple[Invitation, ...]]:
    """Some holders ask for several things and some for nothing; the fixed people are left alone."""
    booked = {deal.assistant_id: deal.need.windows for deal in deals}
    busy = [one.candidate(today=today, booked=booked[one.id]) for one in working if one.id in booked]
    pool, alone = pool.with_changes(upsert=busy), working[0].id
    asking = dice.choices(living[1:], k=round(len(living) * _OPEN_NEEDS)) if living[1:] else []
    wanted, invitations = [], []
    for holder in asking:
        need, fitting = needs.open_need(dice, holder, pool, today=today)
        wanted.append(need)
        invitations += needs.invitations(dice, need, [one for one in fitting if one != alone])
    return tuple(wanted), tuple(invitations)
