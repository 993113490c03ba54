"""Long lists a page at a time; the number of the page stands in the address."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any
from urllib.parse import urlencode


def page_number(asked: str) -> int:
    """The page somebody asks for in an address, from 1; the first for anything that is no number."""
    return max(int(asked), 1) if re.fullmatch(r"[0-9]{1,6}", asked) else 1


@dataclass(frozen=True, slots=True)
class Paging:
    """Which part of `total` rows is shown; a page after the last becomes the last."""

    asked: int
    total: int
    per_page: int

    @property
    def pages(self) -> int:
        """How many there are; an empty list has one."""
        return max(ceil(self.total / self.per_page), 1)

    @property
    def number(self) -> int:
        """The page shown, from 1."""
        return min(self.asked, self.pages)

    @property
    def offset(self) -> int:
        """How many rows come before."""
        return (self.number - 1) * self.per_page

    @property
    def first(self) -> int:
        """The number of the first row shown, from 1; 0 when there is none."""
        return min(self.offset + 1, self.total)

    @property
    def last(self) -> int:
        """The number of the last row shown."""
        return min(self.offset + self.per_page, self.total)

    def links(self, path: str, **kept: str) -> Mapping[str, Any]:
        """The way to the pages before and after, as GOV.UK's pagination asks for it; `kept` stays in the address."""
        around: dict[str, Any] = {}
        for name, number in (("previous", self.number - 1), ("next", self.number + 1)):
            if 1 <= number <= self.pages:
                asked = {**{key: value for key, value in kept.items() if value}, "page": str(number)}
                label = f"{number} of {self.pages}"
                around[name] = {"href": f"{path}?{urlencode(asked)}", "labelText": label}
        return around
