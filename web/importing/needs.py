"""Requests for support from a file: one row each, known by the holder's e-mail address and a reference."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from pydantic import ValidationError
from sqlmodel import Session

from marketplace import holders, intake, needs, organisations, people
from marketplace.availability import LONDON
from marketplace.errors import Invalid
from marketplace.holders import NewHolder
from marketplace.intake import KnownHolder, Posted
from marketplace.needs import NeedState, NewNeed
from marketplace.people import Viewer
from web.database import OpenSession
from web.importing import cells, choices
from web.importing.results import Outcome, Progress, Reading, Row, RowProblem, Summary, in_silence, settle
from web.importing.rows import Column, Draft, Once, batches, kept_fields, merged, problems_of, read_rows

REFERENCE = Column("reference", "reference", cells.one_line, "2026-114")
HOLDER = (
    Column("holder_email", "email", cells.email, "harriet.webb@example.org"),
    Column("holder_name", "name", cells.one_line, "Harriet Webb"),
    Column("postcode", "postcode", cells.postcode, "NG9 2AB"),
)
ASKED = (
    Column("title", "title", cells.one_line, "Mornings"),
    Column("about", "about", cells.lines, "Help to get up and ready.", needed=False),
    Column("rate", "rate_pence", cells.pence, "14.00"),
    Column("starts_on", "starts_on", cells.day, "2026-11-23"),
    Column("ends_on", "ends_on", cells.day, "2027-11-22", needed=False),
    Column("hours", "hours", cells.hours, "Mon 08:00-12:00; Tue 22:00-06:00", widest="Mon-Sun 00:00-24:00"),
    Column("hours_a_week", "hours_a_week", cells.half_hours, "10", needed=False, widest="0.5"),
    Column("mostly", "mostly", choices.times_of_day, "morning; weekend", needed=False),
    Column("required", "required", choices.competencies, "moving_and_handling; hoist", needed=False),
    Column("wished", "wished", choices.competencies, "first_aid", needed=False),
    Column("checks", "checks", choices.check_codes, "dbs_enhanced; references", needed=False),
    Column("languages", "languages", choices.languages, "English", needed=False),
    Column("languages_wished", "languages_wished", choices.languages, "Polish", needed=False),
    Column("kind", "kind", choices.kind, "sleep_in", needed=False),
    Column("people", "people", choices.people, "2", needed=False),
    Column("contract", "contract", choices.contract, "employed", needed=False),
    Column("home", "home", choices.home, "dog; parking", needed=False),
    Column("car", "car", choices.car, "drives", needed=False),
    Column("gender", "gender", choices.gender, "woman", needed=False),
    Column("gender_reason", "gender_reason", cells.lines, "Help to wash and dress.", needed=False),
    Column("refuses", "refuses", choices.not_here, "smokes", needed=False),
)
NEED = (REFERENCE, *ASKED)
COLUMNS = (REFERENCE, *HOLDER, *ASKED)


@dataclass(frozen=True, slots=True)
class ImportedNeed:
    """Who asks, and for what; the address is in lower case, the hours in the week's order."""

    holder: NewHolder
    new: NewNeed

    @property
    def reference(self) -> str:
        """What the holder, or whoever supports them, calls it; every row has one."""
        return self.new.reference or ""


@dataclass(frozen=True, slots=True)
class _Here:
    """What is here already: the organisation named, if it is, the holders by address, their needs by reference."""

    organisation: str | None
    organisation_id: UUID | None
    holders: Mapping[str, KnownHolder]
    posted: Mapping[tuple[UUID, str], Posted]

    def before(self, one: ImportedNeed) -> Posted | None:
        holder = self.holders.get(one.holder.email)
        return self.posted.get((holder.id, one.reference)) if holder else None

    def same_holder(self, one: ImportedNeed) -> bool:
        holder = self.holders.get(one.holder.email)
        return holder is not None and (holder.name, holder.postcode) == (one.holder.name, one.holder.postcode)


def run(
    open_session: OpenSession,
    source: BinaryIO | Path,
    *,
    organisation: str | None,
    now: datetime,
    progress: Progress = in_silence,
) -> Outcome:
    """Read a file and store all of it, or nothing and say why."""
    reading = read_needs(source)
    return settle(
        open_session,
        lambda session: import_needs(session, reading, organisation=organisation, now=now, progress=progress),
        notes=reading.notes,
    )


def read_needs(source: BinaryIO | Path) -> Reading[ImportedNeed]:
    """Every row of the file, the good ones apart from those with a problem; asks no database and no clock."""
    once, holder_once = Once(), _SameHolder()

    def build(draft: Draft) -> ImportedNeed:
        holder = draft.model(NewHolder, HOLDER)
        new = draft.model(NewNeed, NEED)
        # A rule between two columns, asked here so that it is heard with all others; what is past comes later.
        if not draft.wrong & {"starts_on", "ends_on"}:
            try:
                needs.check_dates(new, today=date.min)
            except Invalid as error:
                draft.refuse(error.field, str(error))
        said = f"{new.reference} of {holder.email}"
        once.check(draft, (holder.email, new.reference), columns=[REFERENCE.name, "holder_email"], said=said)
        holder_once.check(draft, holder)
        return ImportedNeed(holder, _as_stored(new))

    return read_rows(source, COLUMNS, build)


def _as_stored(new: NewNeed) -> NewNeed:
    """What is required isn't wished as well, so that the same file says the same again."""
    return new.model_copy(
        update={
            "wished": new.wished - new.required,
            "languages_wished": new.languages_wished - new.languages,
        }
    )


class _SameHolder:
    """Sees to it that a file says the same of a holder on every row."""

    def __init__(self) -> None:
        self._first: dict[tuple[str, str], tuple[int, str]] = {}

    def check(self, draft: Draft, holder: NewHolder) -> None:
        for column, said in (("holder_name", holder.name), ("postcode", holder.postcode)):
            if draft.wrong & {column, "holder_email"}:
                continue
            line, first = self._first.setdefault((holder.email, column), (draft.line, said))
            if first != said:
                message = f"Row {line} says “{first}” of {holder.email}, row {draft.line} “{said}”. Make them the same."
                draft.refuse(column, message)


def import_needs(
    session: Session,
    reading: Reading[ImportedNeed],
    *,
    organisation: str | None,
    now: datetime,
    progress: Progress = in_silence,
) -> Summary:
    """Post what is new, replace what is asked differently now, touch nothing else; in the caller's transaction.

    Holders who aren't here yet are registered with the organisation of that name. All is done in the holders' own
    names, as whoever runs an import acts for them.

    Raises:
        BadFile: reading found a problem, or what is here already forbids a row; nothing was stored.
    """
    here = _here(session, reading, organisation)
    today = now.astimezone(LONDON).date()
    rows, found = _wanted(reading, here)
    for row in (*rows, *reading.flawed):
        found += [reading.problem(row.line, *each) for each in _refusals(row, here, today=today)]
    reading.refuse(found)

    viewers = _settle_holders(session, rows, here, now=now)
    added = changed = 0
    for done, row in enumerate(rows):
        progress(done, len(rows))
        before = here.before(row.model)
        added += before is None
        changed += before is not None and (before.told != row.model.new or not here.same_holder(row.model))
        _ask(session, viewers[row.model.holder.email], row.model.new, before, now=now)
    progress(len(rows), len(rows))
    return Summary(added, changed, len(rows) - added - changed)


def _here(session: Session, reading: Reading[ImportedNeed], organisation: str | None) -> _Here:
    named = organisations.named(session, name=organisation.strip()) if organisation else None
    emails = {row.model.holder.email for row in (*reading.rows, *reading.flawed)}
    known: dict[str, KnownHolder] = {}
    for some in batches(sorted(emails)):
        known |= intake.holders(session, emails=some)
    posted: dict[tuple[UUID, str], Posted] = {}
    for ids in batches(holder.id for holder in known.values()):
        posted |= intake.posted(session, holder_ids=ids)
    return _Here(organisation, named.id if named else None, known, posted)


def _wanted(reading: Reading[ImportedNeed], here: _Here) -> tuple[list[Row[ImportedNeed]], list[RowProblem]]:
    """What each row is to ask from now on: what the file says, and what was stored where it has no column."""
    kept = kept_fields(NEED, reading.headers)
    rows: list[Row[ImportedNeed]] = []
    found: list[RowProblem] = []
    for row in reading.rows:
        said, before = row.model.new, here.before(row.model)
        try:
            new = merged(NewNeed, said=said, stored=before.told if before else said, kept=kept)
        except ValidationError as error:
            found += [reading.problem(row.line, *each) for each in problems_of(error, NEED)]
            continue
        rows.append(Row(row.line, ImportedNeed(row.model.holder, _as_stored(new))))
    return rows, found


def _refusals(row: Row[ImportedNeed], here: _Here, *, today: date) -> Iterator[tuple[str, str]]:
    """What is here already, or past, that forbids a row: the column and a sentence."""
    if "holder_email" in row.wrong:
        return
    refusal = _refusal_of_holder(here, here.holders.get(row.model.holder.email))
    if refusal:
        yield "holder_email", refusal
    if REFERENCE.name in row.wrong:
        return
    new, before = row.model.new, here.before(row.model)
    if before and not row.wrong and before.told != new and before.state is not NeedState.OPEN:
        yield (
            REFERENCE.name,
            f"This request is {before.state} and can't change. Take the row out, or give it a new one.",
        )
    # What was posted in time and has begun since may stand in the file as before.
    began = before is not None and before.told.starts_on == new.starts_on
    try:
        needs.check_dates(new, today=new.starts_on if began else today)
    except Invalid as error:
        if error.field not in row.wrong:
            yield error.field, str(error)


def _refusal_of_holder(here: _Here, known: KnownHolder | None) -> str:
    if here.organisation and here.organisation_id is None:
        return f"There is no organisation called “{here.organisation}” here. Check how its name is written."
    if known is None and here.organisation_id is None:
        return "Nobody here has this address yet. Say which organisation supports them (--organisation) to add them."
    if known and here.organisation_id not in {None, known.organisation_id}:
        return "This person is supported by another organisation. Take the row out, or ask that organisation."
    return ""


def _settle_holders(
    session: Session, rows: Sequence[Row[ImportedNeed]], here: _Here, *, now: datetime
) -> dict[str, Viewer]:
    """Each holder as who acts, by address; new ones are registered, and those who moved or changed name corrected."""
    viewers: dict[str, Viewer] = {}
    for one in (row.model for row in rows):
        if one.holder.email in viewers:
            continue
        known = here.holders.get(one.holder.email)
        viewer = _viewer_of(known) if known else _register(session, one.holder, here, now=now)
        if not here.same_holder(one):
            _correct(session, viewer, one.holder)
        viewers[one.holder.email] = viewer
    return viewers


def _viewer_of(known: KnownHolder) -> Viewer:
    return Viewer(known.person_id, known.name, holder_id=known.id)


def _register(session: Session, said: NewHolder, here: _Here, *, now: datetime) -> Viewer:
    assert here.organisation_id is not None, "without it the row was refused"
    person = people.join(session, email=said.email, name=said.name, now=now)
    for_organisation = Viewer(person.id, person.name, organisation_ids=(here.organisation_id,))
    holder = holders.register(session, viewer=for_organisation, new=said, now=now)
    return Viewer(person.id, said.name, holder_id=holder.id)


def _correct(session: Session, viewer: Viewer, said: NewHolder) -> None:
    assert viewer.holder_id is not None
    holders.correct(session, viewer=viewer, holder_id=viewer.holder_id, name=said.name, postcode=said.postcode)


def _ask(session: Session, viewer: Viewer, new: NewNeed, before: Posted | None, *, now: datetime) -> None:
    assert viewer.holder_id is not None
    if before is None:
        needs.post(session, viewer=viewer, holder_id=viewer.holder_id, new=new, now=now)
    elif before.told != new:
        needs.replace(session, viewer=viewer, need_id=before.id, new=new, now=now)
