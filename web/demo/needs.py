"""The demo's needs: drawn at random, and drawn again when far too many people would fit, or nobody."""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from matching.pool import Pool
from matching.question import Question
from matching.scorecard import STARTING
from web.demo import sides
from web.demo.asks import ASKS, MORE, RARE, Ask
from web.demo.chance import number
from web.demo.records import Holder, Invitation, Need
from web.demo.weeks import drawn

#: How many people fit a need that looks like most: a choice, but not the whole county.
ORDINARY = range(3, 61)
NOBODY = range(1)
_RARE_SHARE = 0.025
_TRIES = 12

_INVITED = 0.3
_MESSAGES = (
    "Your profile sounds just right. Would you like to meet?",
    "Could you tell me a bit more about what you've done before?",
    "You live round the corner! Shall we talk?",
    "",
)
#: Most have not answered yet.
_ANSWERS = (
    *(None,) * 5,
    "I've found other work, sorry.",
    "The hours don't fit with my other job any more.",
    "It's a little too far for me by bus.",
)


def need(dice: random.Random, holder: Holder, asks: Sequence[Ask], *, posted_days_ago: int, starts_on: date) -> Need:
    """What a holder asks for, within one of these kinds."""
    kind = dice.choices(asks, [one.share for one in asks])[0]
    case = dice.choice(kind.cases)
    wishes = [code for code in kind.wished if code not in case.required]
    first, last = kind.rates
    more = dice.sample(MORE, dice.randint(0, 2))
    windows = drawn(dice, [kind.hours])
    return Need(
        id=number(dice),
        holder=holder,
        title=case.title,
        about=" ".join((case.about, *(one.said for one in more))),
        rate_pence=dice.randrange(first, last + 1, 5),
        starts_on=starts_on,
        windows=windows,
        required=case.required,
        wished=tuple(dice.sample(wishes, dice.randint(0, min(2, len(wishes))))),
        posted_days_ago=posted_days_ago,
        conditions=sides.conditions(dice, kind, case, windows, more, sector=holder.postcode),
    )


def fitting(one: Need, pool: Pool, *, today: date) -> list[UUID]:
    """Everyone who passes matching's hard rules for it, in an order that hangs on no score."""
    everyone = pool.best(Question(one.asked(), today), STARTING, k=max(len(pool), 1))
    return sorted(map(pool.id_of, everyone))


def open_need(dice: random.Random, holder: Holder, pool: Pool, *, today: date) -> tuple[Need, list[UUID]]:
    """A need that still looks for somebody, and who fits; in a small region perhaps fewer than is ordinary."""
    asks, wanted = (RARE, NOBODY) if dice.random() < _RARE_SHARE else (ASKS, ORDINARY)
    for _ in range(_TRIES):
        starts_on = today + timedelta(days=dice.randint(7, 35))
        drawn_now = need(dice, holder, asks, posted_days_ago=dice.randint(1, 30), starts_on=starts_on)
        people = fitting(drawn_now, pool, today=today)
        if len(people) in wanted:
            break
    return drawn_now, people


def invitations(dice: random.Random, to: Need, people: Sequence[UUID]) -> list[Invitation]:
    """For some needs, one or two of those who fit were asked already, and some said no."""
    if dice.random() >= _INVITED:
        return []
    return [
        Invitation(
            id=number(dice),
            need=to,
            assistant_id=assistant_id,
            message=dice.choice(_MESSAGES),
            invited_days_ago=dice.randint(1, to.posted_days_ago),
            declined=dice.choice(_ANSWERS),
        )
        for assistant_id in dice.sample(people, min(len(people), dice.randint(1, 2)))
    ]
