"""What the demo's assistants say of themselves: a few plain sentences, put together from parts."""

import random
from collections.abc import Mapping, Sequence

from matching.travel import Mode
from web.demo.records import Offer

_YEARS = ("two", "three", "four", "five", "six", "seven", "eight", "ten", "twelve", "fifteen")

_FROM = {
    "newcomer": (
        "I looked after my grandad at home for {years} years and found I was good at it.",
        "I worked in a shop for {years} years and want to do something that matters.",
        "I'm new to this work. I cared for my mum until last year, so I know what a long day is.",
        "I've volunteered at a lunch club for {years} years and would like to do more.",
        "I drove a taxi for {years} years. People tell me I'm easy to talk to.",
        "I've just finished a health and social care course at college.",
    ),
    "home_care": (
        "I've been a home carer for {years} years and am tired of fifteen-minute calls.",
        "I worked for an agency for {years} years. I'd rather get to know one person well.",
        "I've worked in people's homes for {years} years: washing, dressing, meals, and a laugh.",
        "I worked nights in a care home for {years} years before I went out on the road.",
        "I have {years} years of home care behind me and good references.",
    ),
    "learning_disability": (
        "I worked in supported living for {years} years with young autistic people.",
        "I was a teaching assistant at a special school for {years} years.",
        "For {years} years I've supported people with learning disabilities to live the way they want.",
        "My brother has Down's syndrome, and I've worked in day services for {years} years.",
        "I ran sports sessions for disabled children for {years} years.",
    ),
    "complex_care": (
        "I've worked with people who use ventilators at home for {years} years.",
        "For {years} years I've been on a team of six for one family, mostly nights.",
        "I've done complex care for {years} years: feeding tubes, suction, seizures. I stay calm.",
        "I worked on a spinal injuries unit for {years} years and then in people's homes.",
        "I spent {years} years with a young man with muscular dystrophy, until he moved to university.",
    ),
    "nursing": (
        "I was a nurse for {years} years and want to do this work without the paperwork.",
        "I worked in a hospice for {years} years.",
        "I was a health care assistant at the hospital for {years} years.",
        "I was a district nurse for {years} years. I've retired but not from people.",
        "I nursed on a ward for older people for {years} years.",
    ),
    "company": (
        "I've kept older people company for {years} years: cooking, a walk, the crossword.",
        "I worked in a dementia café for {years} years.",
        "I cooked in a school for {years} years. Nobody leaves my table hungry.",
        "I cleaned and cooked for a couple in their nineties for {years} years.",
        "I've done respite for families for {years} years, so that they can go out.",
    ),
}

_WAYS: Mapping[Mode, Sequence[str]] = {
    "car": ("I drive and have my own car.", "I drive, and I'm happy to drive an adapted van."),
    "public_transport": ("I come by bus, and I'm never late.", "I'm on the tram line."),
    "cycle": ("I cycle everywhere in all weathers.",),
    "foot": ("I walk to work, so I look for somebody near.",),
}

_MANNERS = (
    "I'm patient, and I listen before I help.",
    "Quiet company suits me as much as a chatty day.",
    "I do what I say I'll do.",
    "I ask how you want things done and then do them that way.",
    "I can lift the mood on a bad morning.",
    "I keep notes, and I keep confidences.",
    "I can train for anything you need; I learn best by watching once.",
    "I'd rather have one person for years than five for weeks.",
)

_LIKES = (
    "I like cooking from scratch and can follow any recipe.",
    "I love being outdoors: gardens, hills, canals.",
    "I'm a Forest fan, but I'll watch the cricket with you.",
    "I sing in a choir and hum while I work; tell me if you'd rather have quiet.",
    "I'm good with computers and can help with letters and forms.",
    "I play the guitar badly and cards well.",
    "I knit, and I'll teach you or learn from you.",
    "I read a lot and am happy to read aloud.",
)

_LIMITS = (
    "Term times suit me best.",
    "I'd like to start with a cup of tea and a talk.",
    "I can stay longer now and then if you ask the day before.",
    "I'm happy to cover when somebody is ill, if I can.",
)


def about(dice: random.Random, background: str, offer: Offer) -> str:
    """Two to four sentences of somebody with this background, who offers this."""
    start = dice.choice(_FROM[background]).format(years=dice.choice(_YEARS))
    more = dice.sample((_WAYS[offer.travel_by], _MANNERS, _LIKES, _limits(offer)), dice.randint(1, 3))
    return " ".join((start, *(dice.choice(part) for part in more)))


def _limits(offer: Offer) -> Sequence[str]:
    """What is said of limits is so."""
    said = list(_LIMITS)
    if "cat" in offer.refuses:
        said.append("I'm allergic to cats, sorry.")
    elif "dog" not in offer.refuses:
        said.append("I'm fine with cats and dogs.")
    if "smoking_home" in offer.refuses:
        said.append("Please no smoking while I'm there.")
    return said
