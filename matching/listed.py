"""One person as the pool keeps them, read back from its columns."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from matching.columns import FOR_EVER, PRECISIONS, STATUSES, Columns, day_of, id_of
from matching.places import Place, Precision
from matching.profiles import Evidence, Status
from matching.terms import Terms, words
from matching.travel import MODES, Mode


@dataclass(frozen=True, slots=True)
class Listed:
    """What sentences are made of. `available` and `booked` are half hours; `held` is evidence by kind and code."""

    id: UUID
    easting: int
    northing: int
    precision: Precision
    mode: Mode
    travel_minutes: int
    lowest_rate_pence: int
    least_minutes: int
    most_minutes: int
    booked_minutes: int
    status: Status
    confirmed_on: date | None
    available: int
    booked: int
    terms: Terms
    held: Mapping[str, Evidence]

    @property
    def free(self) -> int:
        """When they are available and haven't promised to be elsewhere."""
        return self.available & ~self.booked

    @property
    def room_minutes(self) -> int:
        """How much more they would work in a week."""
        return self.most_minutes - self.booked_minutes

    @property
    def place(self) -> Place:
        """Where they set out from; the pool keeps no postcode."""
        return Place(self.easting, self.northing, "", self.precision, 0)


def listed(columns: Columns, row: int) -> Listed:
    """The person in this row."""
    one = columns.people[row]
    booked_row, confirmed = int(one["booked_row"]), int(one["confirmed"])
    return Listed(
        id=id_of(one),
        easting=int(one["easting"]),
        northing=int(one["northing"]),
        precision=PRECISIONS[one["precision"]],
        mode=MODES[one["mode"]],
        travel_minutes=int(one["minutes"]),
        lowest_rate_pence=int(one["rate"]),
        least_minutes=int(one["least"]),
        most_minutes=int(one["most"]),
        booked_minutes=int(one["booked"]),
        status=STATUSES[one["status"]],
        confirmed_on=day_of(confirmed) if confirmed else None,
        available=int.from_bytes(columns.weeks[row].tobytes(), "little"),
        booked=int.from_bytes(columns.booked_weeks[booked_row].tobytes(), "little") if booked_row >= 0 else 0,
        terms=Terms(words(int(one["brings"])), words(int(one["needs"])), words(int(one["refuses"]))),
        held=_held(columns, int(one["held"]), int(one["held_count"])),
    )


def _held(columns: Columns, first: int, count: int) -> dict[str, Evidence]:
    held = {}
    for at in range(first, first + count):
        until = int(columns.held_until[at])
        since = day_of(int(columns.held_from[at]))
        held[columns.codes[columns.held_code[at]]] = Evidence(since, None if until == FOR_EVER else day_of(until))
    return held
