"""Needs and assistants from files, matched without a database: the columns are those of `alongside import`."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TextIO
from uuid import NAMESPACE_URL, UUID, uuid5

from marketplace.assistants import Profile, terms_of
from marketplace.availability import WINDOWS_OF, windows_of
from marketplace.needs import NewNeed
from marketplace.needs import terms_of as terms_of_need
from marketplace.said import NAMES
from marketplace.shortlists import FEW, OPTIONAL, SHOWN
from matching.places import locate
from matching.pool import Pool
from matching.profiles import Candidate, Evidence, Need
from matching.question import Question
from matching.ranker import Ranker
from matching.region import best_of_all, shares_of
from matching.relax import Change, relax
from matching.results import Match, Shortlist
from matching.travel import MODES, TravelTimes
from web.importing.assistants import ImportedAssistant, read_assistants
from web.importing.needs import ImportedNeed, read_needs
from web.importing.results import Progress, in_silence

COLUMNS = (
    "reference",
    "holder_email",
    "rank",
    "email",
    "name",
    "score",
    "holder_yes",
    "assistant_yes",
    "travel_minutes",
    "free_hours",
    "plain_rank",
)
#: Only with --explain.
EXPLAINED = (*COLUMNS, "reasons")
_BETWEEN = "; "
#: So many times as many are asked of a route server, as some of them won't arrive in time.
_SPARE = 3


@dataclass(frozen=True, slots=True)
class Files:
    """What both files say: needs as asked, and everyone by their id in the pool."""

    needs: tuple[tuple[ImportedNeed, Need], ...]
    people: Mapping[UUID, ImportedAssistant]
    pool: Pool
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matched:
    """One need with its list, and for a short list what would bring more people.

    `matches` are the best of the list; with a route server, of those who arrive in time by it, and `minutes` are its.
    """

    asked: ImportedNeed
    shortlist: Shortlist
    matches: Sequence[Match]
    minutes: Mapping[UUID, int]
    changes: tuple[Change, ...]


def read(needs: Path, assistants: Path, *, today: date) -> Files:
    """Both files, checked.

    Raises:
        BadFile: a row of either can't be read; all its problems are in it.
    """
    asking, offering = read_needs(needs), read_assistants(assistants)
    asking.refuse(())
    offering.refuse(())
    people = {_id(row.model.email): row.model for row in offering.rows}
    return Files(
        needs=tuple((row.model, need_of(row.model)) for row in asking.rows),
        people=people,
        pool=Pool(candidate_of(one, id_=id_, today=today) for id_, one in people.items()),
        notes=(*asking.notes, *offering.notes),
    )


def match(
    files: Files,
    ranker: Ranker,
    *,
    today: date,
    k: int = SHOWN,
    share: bool = False,
    times: TravelTimes | None = None,
    progress: Progress = in_silence,
) -> Iterator[Matched]:
    """Each need's best k, in the order of the file; with `share`, lists share people whom many of the needs want.

    With `times`, whoever it says needs longer than they travel is left out; the order stays the model's.
    """
    pool = files.pool
    if share:
        pool = pool.with_shares(
            shares_of(best_of_all([need for _, need in files.needs], pool, ranker.card, today=today), pool)
        )
    for done, (asked, need) in enumerate(files.needs):
        progress(done, len(files.needs))
        question = Question(need, today)
        found = ranker.answer(question, pool, k=k if times is None else k * _SPARE, names=NAMES, shared=share)
        minutes = _by_model(found.matches) if times is None else _in_time(files, need, found.matches, times)
        best = [one for one in found.matches if one.candidate_id in minutes][:k]
        changes = relax(question, pool, names=NAMES, optional=OPTIONAL) if found.fitting < FEW else ()
        yield Matched(asked, found, best, minutes, changes)
    progress(len(files.needs), len(files.needs))


def _by_model(matches: Iterable[Match]) -> dict[UUID, int]:
    return {one.candidate_id: one.travel_minutes for one in matches}


def _in_time(files: Files, need: Need, matches: Sequence[Match], times: TravelTimes) -> dict[UUID, int]:
    """Minutes of those who arrive in the time they travel at most, by the id of each."""
    taken: dict[UUID, int | None] = {}
    for mode in MODES:
        some = [one.candidate_id for one in matches if files.people[one.candidate_id].profile.travel_by == mode]
        homes = [locate(files.people[one].profile.postcode) for one in some]
        if some:
            taken.update(zip(some, times.minutes(mode, need.place, homes), strict=True))
    return {
        one: minutes
        for one, minutes in taken.items()
        if minutes is not None and minutes <= files.people[one].profile.travel_minutes
    }


def write(found: Iterable[Matched], files: Files, out: TextIO, *, explain: bool = False) -> tuple[int, int]:
    """One row a match; with `explain` the reasons, and a row for a need nobody fits.

    Gives how many needs there were, and how many of them nobody fits.
    """
    writer = csv.DictWriter(out, EXPLAINED if explain else COLUMNS, extrasaction="ignore")
    writer.writeheader()
    needs = nobody = 0
    for one in found:
        needs += 1
        nobody += not one.matches
        writer.writerows(_rows(one, files))
        if explain and not one.matches:
            writer.writerow(_named(one) | {"reasons": _BETWEEN.join(_why_nobody(one))})
    return needs, nobody


def _rows(one: Matched, files: Files) -> Iterator[dict[str, object]]:
    for rank, match in enumerate(one.matches, start=1):
        person = files.people[match.candidate_id]
        yield _named(one) | {
            "rank": rank,
            "email": _plain(person.email),
            "name": _plain(person.profile.name),
            "score": f"{match.score:.4f}",
            "holder_yes": f"{match.holder.probability:.4f}",
            "assistant_yes": f"{match.assistant.probability:.4f}",
            "travel_minutes": one.minutes[match.candidate_id],
            "free_hours": f"{match.free_minutes / 60:g}",
            "plain_rank": match.plain_rank,
            "reasons": _BETWEEN.join(reason.sentence for reason in match.reasons),
        }


def _named(one: Matched) -> dict[str, object]:
    return {"reference": _plain(one.asked.reference), "holder_email": _plain(one.asked.holder.email)}


def _plain(cell: str) -> str:
    """What somebody wrote, so that no spreadsheet takes it for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def _why_nobody(one: Matched) -> Iterator[str]:
    """The rules that took people out, those that took most first, and what would bring somebody."""
    for step in sorted(one.shortlist.funnel, key=lambda step: -step.removed):
        if step.removed:
            yield f"{step.sentence}: {step.removed}"
    for change in one.changes:
        yield f"{change.sentence}: {change.more} more"


# --- from what a file says to what matching takes


def _id(email: str) -> UUID:
    """The same person is the same in every run, so that equal scores come in the same order."""
    return uuid5(NAMESPACE_URL, f"mailto:{email}")


def candidate_of(one: ImportedAssistant, *, id_: UUID, today: date) -> Candidate:
    """An assistant of a file; nothing is booked, and what a file says today is confirmed today."""
    profile: Profile = one.profile
    return Candidate(
        id=id_,
        place=locate(profile.postcode),
        windows=windows_of(profile.hours),
        competencies={each.code.value: Evidence(each.checked_on, each.valid_until) for each in profile.skills},
        checks={each.code.value: Evidence(each.checked_on, each.valid_until) for each in profile.checks},
        languages=frozenset(language.value for language in profile.languages),
        lowest_rate_pence=profile.lowest_rate_pence,
        mode=profile.travel_by,
        travel_minutes=profile.travel_minutes,
        least_minutes=profile.least_hours * 60,
        most_minutes=profile.most_hours * 60,
        terms=terms_of(profile),
        status=profile.status.value,
        confirmed_on=today,
    )


def need_of(one: ImportedNeed) -> Need:
    """A need of a file; nobody is known to the holder yet, or blocked."""
    new: NewNeed = one.new
    return Need(
        id=uuid5(NAMESPACE_URL, f"mailto:{one.holder.email}#{one.reference}"),
        place=locate(one.holder.postcode),
        windows=windows_of(new.hours),
        required=frozenset(code.value for code in new.required),
        wished=frozenset(code.value for code in new.wished),
        rate_pence=new.rate_pence,
        starts_on=new.starts_on,
        ends_on=new.ends_on,
        minutes_a_week=None if new.hours_a_week is None else round(new.hours_a_week * 60),
        preferred=tuple(window for time in sorted(new.mostly) for window in WINDOWS_OF[time]),
        checks=frozenset(code.value for code in new.checks),
        languages=frozenset(code.value for code in new.languages),
        languages_wished=frozenset(code.value for code in new.languages_wished - new.languages),
        terms=terms_of_need(new),
        gender_reason=new.gender_reason,
    )
