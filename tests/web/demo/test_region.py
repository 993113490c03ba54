import hashlib
from collections import Counter
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from statistics import fmean
from uuid import UUID

import pytest

from marketplace.assistants import (
    HIGHEST_RATE_PENCE,
    LOWEST_RATE_PENCE,
    Check,
    Profile,
    Skill,
    check_checks,
    check_skills,
)
from marketplace.availability import LONDON, hours_of, moment, windows_of
from marketplace.competencies import CheckCode, Competency
from marketplace.needs import NewNeed, check_dates
from matching import profiles
from matching.places import locate
from matching.pool import Pool
from matching.question import Question
from matching.ranker import Ranker
from matching.terms import Terms
from matching.week import MINUTES_IN_A_DAY, WeeklyWindow
from payments.budgets import FundingStream, ManagementType
from tests.builders import MONDAY
from web.demo import story
from web.demo.districts import DISTRICTS, postcodes, shared_out
from web.demo.needs import ORDINARY
from web.demo.people import LIVING_WAGE, MOST_RATE
from web.demo.records import Assistant, Need, Shift
from web.demo.region import HOME, Region, generate
from web.demo.skills import HOLDS
from web.settings import DEMO_DOMAIN

TODAY = MONDAY.date()
CLINICAL = {Competency.TRACHEOSTOMY, Competency.VENTILATION, Competency.PEG_FEEDING, Competency.INSULIN}
SPECIAL_DAYS = [
    date(2026, 10, 25),  # the clocks go back
    date(2026, 10, 26),
    date(2026, 12, 31),
    date(2027, 3, 28),  # the clocks go forward
    date(2027, 3, 31),
    date(2027, 4, 1),
    date(2028, 2, 29),
]


@pytest.fixture(scope="module")
def region() -> Region:
    return generate(today=TODAY)


@pytest.fixture(scope="module")
def pool(region: Region) -> Pool:
    booked = {deal.assistant_id: deal.need.windows for deal in region.deals}
    return Pool(one.candidate(today=TODAY, booked=booked.get(one.id, ())) for one in region.assistants)


def small(today: date = TODAY, seed: int = 1) -> Region:
    return generate(today=today, seed=seed, assistants=150, holders=40)


def digest(region: Region) -> str:
    return hashlib.sha256(repr(region).encode()).hexdigest()[:16]


# --- the same again


def test_the_same_seed_and_day_make_the_same_region_on_every_machine() -> None:
    # Changes whenever a list or a rule of the region does; then put the new one here.
    assert digest(small()) == "d6dbf27053d97c9b"


def test_the_same_seed_and_day_make_equal_regions() -> None:
    assert small() == small()


def test_another_seed_makes_other_people() -> None:
    names = [{one.person.name for one in small(seed=seed).assistants} for seed in (1, 2)]
    assert len(names[0] & names[1]) < 30


@pytest.mark.parametrize(("assistants", "holders"), [(1, 1), (1, 2), (2, 1), (30, 7), (120, 30)])
def test_a_region_has_as_many_people_as_asked_for(assistants: int, holders: int) -> None:
    made = generate(today=TODAY, assistants=assistants, holders=holders)
    assert (len(made.assistants), len(made.holders)) == (assistants, holders)


# --- who and where


def test_holders_live_in_the_districts_as_planned(region: Region) -> None:
    lived = Counter(holder.postcode for holder in region.holders)
    assert [sum(lived[sector] for sector in one.sectors) for one in DISTRICTS] == shared_out(300)


def test_assistants_live_where_the_postcodes_are(region: Region) -> None:
    lived, everywhere = Counter(one.postcode for one in region.assistants), sum(postcodes().values())
    for district in DISTRICTS:
        expected = 2000 * sum(postcodes()[sector] for sector in district.sectors) / everywhere
        assert sum(lived[sector] for sector in district.sectors) == pytest.approx(expected, rel=0.15)


def test_nobody_shares_an_id_or_an_address(region: Region) -> None:
    people = [region.broker, *(one.person for one in region.holders), *(one.person for one in region.assistants)]
    assert len({one.id for one in people}) == len({one.email for one in people}) == 2301
    assert all(one.email.isascii() and one.email == one.email.lower() for one in people)


def test_the_fixed_people_have_the_addresses_of_the_one_click_sign_in(region: Region) -> None:
    holder, assistant = region.holders[0], region.assistants[0]
    assert [one.email for one in (holder.person, assistant.person, region.broker)] == [
        story.HOLDER,
        story.ASSISTANT,
        story.BROKER,
    ]
    assert story.BROKER.endswith(DEMO_DOMAIN)
    assert (holder.person.name, holder.postcode, holder.budget.pence) == ("Harriet Webb", "NG9 2", 2_600_000)
    assert holder.budget.name == "Personal health budget"


def test_nothing_has_happened_yet_to_the_fixed_people(region: Region) -> None:
    asked = [*region.needs, *(deal.need for deal in region.deals)]
    assert region.holders[0] not in [need.holder for need in asked]
    met = [deal.assistant_id for deal in region.deals] + [one.assistant_id for one in region.invitations]
    assert region.assistants[0].id not in met


# --- what they say of themselves


def test_every_assistant_could_have_typed_their_profile(region: Region) -> None:
    for one in region.assistants:
        profile = Profile(
            name=one.person.name,
            postcode=one.postcode,
            about=one.about,
            lowest_rate_pence=one.lowest_rate_pence,
            travel_by=one.offer.travel_by,
            travel_minutes=one.offer.travel_minutes,
            least_hours=one.least_minutes // 60,
            most_hours=one.most_minutes // 60,
            hours=[hours_of(window) for window in one.windows],
            skills=[Skill(code=code, checked_on=of.checked_on, valid_until=of.valid_until) for code, of in one.skills],
            status=one.offer.status,
            checks=[
                Check(code=code, checked_on=of.checked_on, valid_until=of.valid_until) for code, of in one.offer.checks
            ],
            languages=one.offer.languages,
            gender=one.offer.gender,
            brings=one.offer.brings,
            refuses=one.offer.refuses,
            needs=one.offer.needs,
        )
        assert windows_of(profile.hours) == one.windows
        assert (profile.least_hours * 60, profile.most_hours * 60) == (one.least_minutes, one.most_minutes)
        check_skills(profile.skills, today=TODAY)
        check_checks(profile.checks, today=TODAY)


def test_everybody_has_words_of_their_own(region: Region) -> None:
    said = Counter(one.about for one in region.assistants)
    assert len(said) > 1000
    assert not any("{" in words or "  " in words for words in said)


def test_nobody_asks_for_less_than_the_living_wage_or_more_than_19_pounds(region: Region) -> None:
    rates = sorted(one.lowest_rate_pence for one in region.assistants)
    assert LOWEST_RATE_PENCE < LIVING_WAGE <= rates[0] <= rates[-1] <= MOST_RATE < HIGHEST_RATE_PENCE
    assert rates[-1] > 1750
    assert 1300 < rates[1000] < 1400


def test_nights_and_clinical_skills_are_dearer(region: Region) -> None:
    def mean(people: list[Assistant]) -> float:
        return fmean(one.lowest_rate_pence for one in people)

    nights = [one for one in region.assistants if at_night(one)]
    clinical = [one for one in region.assistants if len(CLINICAL & {code for code, _ in one.skills}) > 1]
    assert mean(nights) > mean(list(region.assistants)) + 50
    assert mean(clinical) > mean(list(region.assistants)) + 25


def at_night(one: Assistant) -> bool:
    return any(window.start + window.minutes > MINUTES_IN_A_DAY for window in one.windows)


def test_weeks_have_the_shapes_people_live_in(region: Region) -> None:
    nights = sum(map(at_night, region.assistants))
    weekends_only = sum({window.weekday for window in one.windows} <= {5, 6} for one in region.assistants)
    full_time = sum(sum(window.minutes for window in one.windows) >= 35 * 60 for one in region.assistants)
    assert 150 < nights < 250
    assert 80 < weekends_only < 220
    assert 250 < full_time < 760


def test_some_checks_have_run_out(region: Region) -> None:
    ends = [of.valid_until for one in region.assistants for code, of in one.skills if code in HOLDS]
    assert 0.03 < sum(day is not None and day < TODAY for day in ends) / len(ends) < 0.08


# --- money


def test_budgets_are_as_large_and_as_mixed_as_real_ones(region: Region) -> None:
    pounds = [holder.budget.pence / 100 for holder in region.holders]
    continuing = [
        one.budget.pence / 100 for one in region.holders if one.budget.funding_stream is FundingStream.NHS_CHC
    ]
    assert 62_000 < fmean(continuing) < 78_000
    assert sum(15_000 <= each <= 90_000 for each in pounds) > 0.75 * 300
    assert 5 < sum(each > 130_000 for each in pounds) < 30
    assert len({holder.budget.funding_stream for holder in region.holders}) >= 6
    assert {holder.budget.management_type for holder in region.holders} == set(ManagementType)


# --- needs


def test_every_need_could_have_been_typed_by_its_holder(region: Region) -> None:
    for need in region.needs:
        new = NewNeed(
            title=need.title,
            about=need.about,
            rate_pence=need.rate_pence,
            starts_on=need.starts_on,
            hours=[hours_of(window) for window in need.windows],
            required=set(need.required),
            wished=set(need.wished),
            kind=need.conditions.kind,
            people=need.conditions.people,
            hours_a_week=need.conditions.minutes_a_week and need.conditions.minutes_a_week / 60,
            mostly=need.conditions.mostly,
            checks=need.conditions.checks,
            languages=need.conditions.languages,
            languages_wished=need.conditions.languages_wished,
            contract=need.conditions.contract,
            home=need.conditions.home,
            car=need.conditions.car,
            gender=need.conditions.gender,
            gender_reason=need.conditions.gender_reason,
            refuses=need.conditions.refuses,
        )
        check_dates(new, today=TODAY)
        assert windows_of(new.hours) == need.windows
        assert not new.required & new.wished
        assert LIVING_WAGE <= new.rate_pence <= MOST_RATE


def test_most_needs_have_a_choice_of_people_and_a_handful_have_nobody(region: Region, pool: Pool) -> None:
    fitting = [pool.count(Question(need.asked(), TODAY)) for need in region.needs]
    assert len(fitting) == 240
    assert sum(number in ORDINARY for number in fitting) > 0.9 * 240
    assert 3 <= fitting.count(0) <= 15


def test_only_people_who_fit_were_invited_and_most_have_not_answered(region: Region, pool: Pool) -> None:
    for one in region.invitations:
        found = pool.find(one.assistant_id)
        assert found is not None
        assert pool.failures(Question(one.need.asked(), TODAY), found) == []
        assert 1 <= one.invited_days_ago <= one.need.posted_days_ago
    waiting = sum(one.declined is None for one in region.invitations)
    assert 0.4 * len(region.invitations) < waiting < len(region.invitations)


def harriets(today: date, start: float, hours: float, rate_pence: int, *wished: Competency) -> profiles.Need:
    return profiles.Need(
        id=UUID(int=1),
        place=locate(HOME),
        windows=tuple(WeeklyWindow(day, round(start * 60), round(hours * 60)) for day in (0, 2, 4)),
        required=frozenset({Competency.MOVING_AND_HANDLING, Competency.EPILEPSY_RESCUE}),
        wished=frozenset(wished),
        rate_pence=rate_pence,
        starts_on=today,
        checks=frozenset({CheckCode.DBS_ENHANCED}),
        terms=Terms(brings=frozenset({"cat", "parking"}), needs=frozenset({"woman"})),
        gender_reason="Help in the shower.",
    )


@pytest.mark.parametrize("days_ago", [0, 14])
@pytest.mark.parametrize(
    ("start", "hours", "rate_pence", "wished"),
    [
        (8, 4, 1450, [Competency.FOOD]),
        (8, 4, 1405, []),
        (8, 4, 1300, []),
        (9, 4, 1450, [Competency.FOOD, Competency.MEDICATION]),
        (8, 5, 1500, []),
        (7.5, 3, 1400, [Competency.PERSONAL_CARE]),
    ],
)
def test_the_assistant_of_the_story_fits_best(
    pool: Pool, region: Region, days_ago: int, start: float, hours: float, rate_pence: int, wished: list[Competency]
) -> None:
    today = TODAY - timedelta(days=days_ago)
    shortlist = Ranker().rank(harriets(today, start, hours, rate_pence, *wished), pool, k=5, today=today)
    assert shortlist.matches[0].candidate_id == region.assistants[0].id
    assert shortlist.fitting >= 5


# --- life


@pytest.fixture(scope="module", params=SPECIAL_DAYS, ids=str)
def special(request: pytest.FixtureRequest) -> Region:
    return small(request.param)


def shifts(region: Region) -> list[tuple[Need, Shift]]:
    return [(deal.need, shift) for deal in region.deals for shift in deal.shifts]


def test_a_fifth_of_the_holders_have_support_with_shifts_of_every_kind(region: Region) -> None:
    assert len(region.deals) == 60
    each = [shift for _, shift in shifts(region)]
    paid, coming = sum(shift.paid_at is not None for shift in each), sum(shift.confirmed_at is None for shift in each)
    assert paid > 250
    assert coming > 150
    assert 10 < len(each) - paid - coming < 60
    assert 10 < sum(shift.worked_until is not None and shift.worked_until < shift.ends_at for shift in each) < 100


def test_nobody_is_in_two_places_at_once(region: Region) -> None:
    assert len({deal.assistant_id for deal in region.deals}) == len(region.deals)
    for deal in region.deals:
        ordered = sorted(deal.shifts, key=lambda shift: shift.starts_at)
        assert all(one.ends_at <= other.starts_at for one, other in pairwise(ordered))


def test_everybody_works_in_hours_that_were_asked_for_and_offered(region: Region) -> None:
    people = {one.id: one for one in region.assistants}
    for deal in region.deals:
        candidate = people[deal.assistant_id].candidate(today=TODAY)
        assert Pool([candidate]).count(Question(deal.need.asked(), deal.need.starts_on)) == 1
        asked = {(window.weekday, window.start) for window in deal.need.windows}
        for shift in deal.shifts:
            start = shift.starts_at.astimezone(LONDON)
            assert (start.weekday(), start.hour * 60 + start.minute) in asked


def test_support_is_paid_from_money_the_holder_decides_on(region: Region) -> None:
    held = {deal.need.holder.budget.management_type for deal in region.deals}
    assert held == {ManagementType.DIRECT_PAYMENT, ManagementType.DIRECT_PAYMENT_MANAGED}


def test_whatever_the_day_shifts_are_covered_by_the_budget(special: Region) -> None:
    assert special.deals
    for need, shift in shifts(special):
        budget = need.holder.budget
        assert budget.starts_on < shift.booked_at.date()
        assert budget.starts_on <= shift.starts_at.date() <= budget.ends_on


def test_whatever_the_day_what_has_happened_is_in_order_and_over_before_it(special: Region) -> None:
    midnight = moment(special.today, time(0), field="day")
    for deal in special.deals:
        assert deal.invited_at < deal.agreed_at < min(shift.booked_at for shift in deal.shifts)
        for shift in deal.shifts:
            happened = [shift.booked_at, shift.starts_at, shift.ends_at, *later(shift)]
            assert happened == sorted(happened)
            over = shift.booked_at if shift.confirmed_at is None else happened[-1]
            assert over < midnight
            assert shift.confirmed_at is not None or shift.starts_at > midnight + timedelta(days=1)


def later(shift: Shift) -> list[datetime]:
    return [at for at in (shift.confirmed_at, shift.approved_at, shift.paid_at) if at is not None]
