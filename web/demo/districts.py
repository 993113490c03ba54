"""Where people of the demo live: five districts of Nottinghamshire, as postcode sectors.

The districts and their figures are those of a public report of January 2017 about personal health budgets; they
were the areas of clinical commissioning groups. Those areas followed GP practices and parishes, not postcodes, so
a sector here goes whole to the district that most of it lay in: an approximation, good enough to try things in.
Not here: the city of Nottingham, which had a group of its own; Bassetlaw; sectors that are mostly in Derbyshire,
Leicestershire or Lincolnshire (NG10, NG13 0, NG16 4, NG20 8, NG22 0); and those that hold offices' post, not homes.
"""

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import chain


@dataclass(frozen=True, slots=True)
class District:
    """A name, how many budgets it planned to have by March 2018, and its postcode sectors."""

    name: str
    budgets: int
    sectors: tuple[str, ...]


def _sectors(**outward: str) -> tuple[str, ...]:
    return tuple(f"{code} {digit}" for code, digits in outward.items() for digit in digits)


DISTRICTS = (
    District(
        "Mansfield and Ashfield",
        77,
        _sectors(NG16="56", NG17="12345789", NG18="12345", NG19="06789", NG20="09"),
    ),
    District("Newark and Sherwood", 54, _sectors(NG21="09", NG22="89", NG23="567", NG24="1234", NG25="0")),
    # Hucknall (NG15) is in Ashfield's council area, but its practices were in this group.
    District("Nottingham North and East", 61, _sectors(NG3="6", NG4="1234", NG5="4678", NG14="567", NG15="6789")),
    District("Nottingham West", 39, _sectors(NG9="12345678", NG16="123")),
    District("Rushcliffe", 51, _sectors(NG2="567", NG11="067", NG12="12345", NG13="789", LE12="6")),
)


@cache
def postcodes() -> dict[str, int]:
    """How many postcodes each sector of the five districts has, the nearest thing to how many people live there."""
    table = resources.files("matching").joinpath("data", "gb_sector_median.csv")
    counted = {
        f"{row['code'][:-1]} {row['code'][-1]}": int(row["postcodes"])
        for row in csv.DictReader(table.read_text(encoding="utf-8").splitlines())
    }
    return {sector: counted[sector] for sector in chain.from_iterable(district.sectors for district in DISTRICTS)}


@cache
def district_of(sector: str) -> District:
    """The district that a sector is in."""
    return next(district for district in DISTRICTS if sector in district.sectors)


def shared_out(total: int) -> list[int]:
    """`total` budgets over the districts in proportion to what they planned; whole, and they sum to `total`."""
    planned = sum(district.budgets for district in DISTRICTS)
    exact = [divmod(total * district.budgets, planned) for district in DISTRICTS]
    shares = [whole for whole, _ in exact]
    by_remainder = sorted(range(len(exact)), key=lambda at: (-exact[at][1], at))
    for at in by_remainder[: total - sum(shares)]:
        shares[at] += 1
    return shares
