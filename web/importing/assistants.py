"""Personal assistants from a file: one row each, known by their e-mail address."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO

from pydantic import ValidationError
from sqlmodel import Session

from marketplace import intake
from marketplace.assistants import Profile, check_checks, check_skills
from marketplace.availability import LONDON
from marketplace.errors import Invalid
from web.database import OpenSession
from web.importing import cells, choices
from web.importing.results import Outcome, Progress, Reading, RowProblem, Summary, in_silence, settle
from web.importing.rows import Column, Draft, Once, batches, kept_fields, merged, problems_of, read_rows

EMAIL = Column("email", "email", cells.email, "sam.carter@example.org")
# An older way to say how far: so many miles are as many minutes by car, whatever the car would say.
MILES = Column("travel_miles", "travel_minutes", cells.miles_by_car, "10", needed=False)
MINUTES = Column("travel_minutes", "travel_minutes", cells.number, "30", needed=False)
TRAVEL_BY = Column("travel_by", "travel_by", choices.travel_by, "car", needed=False)
PROFILE = (
    Column("name", "name", cells.one_line, "Sam Carter"),
    Column("postcode", "postcode", cells.postcode, "NG9 1EE"),
    Column("lowest_rate", "lowest_rate_pence", cells.pence, "13.50"),
    MINUTES,
    TRAVEL_BY,
    MILES,
    # The widest there is, so that standing in for one of them makes the other no worse.
    Column("least_hours", "least_hours", cells.number, "0", needed=False),
    Column("most_hours", "most_hours", cells.number, "168", needed=False),
    Column("status", "status", choices.status, "looking", needed=False),
    Column("hours", "hours", cells.hours, "Mon 08:00-12:00; Tue 22:00-06:00"),
    Column("skills", "skills", choices.skills, "hoist 2026-05-01; insulin 2026-03-02 to 2027-03-02", needed=False),
    Column("checks", "checks", choices.checks, "dbs_enhanced 2026-05-01; right_to_work 2025-09-30", needed=False),
    Column("languages", "languages", choices.languages, "English; Polish", needed=False),
    Column("gender", "gender", choices.gender, "woman", needed=False),
    Column("brings", "brings", choices.brings, "drives; own_car", needed=False),
    Column("refuses", "refuses", choices.refusals, "smoking_home; dog", needed=False),
    Column("needs", "needs", choices.wants, "parking", needed=False),
    Column("about", "about", cells.lines, "I cook.", needed=False),
)
COLUMNS = (EMAIL, *PROFILE)


@dataclass(frozen=True, slots=True)
class ImportedAssistant:
    """Who somebody is, and what they say of themselves; the address is in lower case, the hours in the week's order."""

    email: str
    profile: Profile


def run(
    open_session: OpenSession, source: BinaryIO | Path, *, now: datetime, progress: Progress = in_silence
) -> Outcome:
    """Read a file and store all of it, or nothing and say why."""
    reading = read_assistants(source)
    return settle(
        open_session,
        lambda session: import_assistants(session, reading, now=now, progress=progress),
        notes=reading.notes,
    )


def read_assistants(source: BinaryIO | Path) -> Reading[ImportedAssistant]:
    """Every row of the file, the good ones apart from those with a problem; asks no database and no clock."""
    once = Once()

    def build(draft: Draft) -> ImportedAssistant:
        email: str = draft.value(EMAIL)
        once.check(draft, email, columns=[EMAIL.name], said=email)
        draft.either(MINUTES, MILES)
        profile = draft.model(Profile, PROFILE)
        if draft.filled(MILES):
            profile = _by_car(draft, profile)
        return ImportedAssistant(email, profile)

    return read_rows(source, COLUMNS, build, either=[(MINUTES, MILES)])


def _by_car(draft: Draft, profile: Profile) -> Profile:
    """The same, as miles are said of going by car, also where the file has no column for it."""
    if profile.travel_by != "car":
        draft.refuse(MILES.name, "Miles are turned into minutes by car. Fill in travel_minutes instead.")
    return profile.model_copy(update={"travel_by": "car"})


def import_assistants(
    session: Session, reading: Reading[ImportedAssistant], *, now: datetime, progress: Progress = in_silence
) -> Summary:
    """Add who is new, update who says something else now, touch nobody else; in the caller's transaction.

    Raises:
        BadFile: reading found a problem, or a date is wrong as of `now`; nothing was stored.
    """
    found = list(_wrong_today(reading, today=now.astimezone(LONDON).date()))
    stored: dict[str, Profile] = {}
    for rows in batches(reading.rows):
        stored |= intake.profiles(session, emails=[row.model.email for row in rows])
    wanted, contradictions = _wanted(reading, stored)
    reading.refuse([*found, *contradictions])

    differing = {email: profile for email, profile in wanted.items() if profile != stored.get(email)}
    done = len(wanted) - len(differing)
    progress(done, len(wanted))
    for batch in batches(differing.items()):
        _store(session, dict(batch), now=now)
        done += len(batch)
        progress(done, len(wanted))
    changed = len(differing.keys() & stored.keys())
    return Summary(added=len(differing) - changed, changed=changed, unchanged=len(wanted) - len(differing))


def _wrong_today(reading: Reading[ImportedAssistant], *, today: date) -> Iterable[RowProblem]:
    for row in (*reading.rows, *reading.flawed):
        said = row.model.profile
        try:
            check_skills([] if "skills" in row.wrong else said.skills, today=today)
        except Invalid as error:
            yield reading.problem(row.line, "skills", str(error))
        try:
            check_checks([] if "checks" in row.wrong else said.checks, today=today)
        except Invalid as error:
            yield reading.problem(row.line, "checks", str(error))


def _wanted(
    reading: Reading[ImportedAssistant], stored: Mapping[str, Profile]
) -> tuple[dict[str, Profile], list[RowProblem]]:
    """What each is to say from now on: what the file says, and what was stored where it has no column."""
    kept = kept_fields(PROFILE, reading.headers)
    wanted: dict[str, Profile] = {}
    found: list[RowProblem] = []
    for row in reading.rows:
        said = row.model.profile
        before = stored.get(row.model.email, said)
        try:
            # miles say that it is by car, in whatever columns there are
            still = kept - said.model_fields_set
            wanted[row.model.email] = merged(Profile, said=said, stored=before, kept=still)
        except ValidationError as error:
            found += [reading.problem(row.line, *each) for each in problems_of(error, PROFILE)]
    return wanted, found


def _store(session: Session, profiles: Mapping[str, Profile], *, now: datetime) -> None:
    ids = intake.join_all(session, names={email: said.name for email, said in profiles.items()}, now=now)
    intake.save_profiles(session, profiles={ids[email]: said for email, said in profiles.items()}, now=now)
