"""What the demo's holders ask for: kinds of support with their usual hours and rates, and cases in people's words."""

from dataclasses import dataclass
from typing import Literal

from marketplace.competencies import Competency
from marketplace.terms import Home, Kind
from web.demo.weeks import ALL_DAYS, WEEKEND, WORKDAYS, Stretch


@dataclass(frozen=True, slots=True)
class Case:
    """What somebody writes, and what the assistant must be able to do for it."""

    title: str
    about: str
    required: tuple[Competency, ...]
    people: Literal[1, 2] = 1


@dataclass(frozen=True, slots=True)
class More:
    """Something more that any holder may write, and what is so when they do."""

    said: str
    home: tuple[Home, ...] = ()
    no_smokers: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """A kind of support: how many in a hundred, its hours, from and to pence an hour, and what is often wished.

    `flexible` support is often wanted for some of its hours only; `driving` is how often in a hundred it takes
    somebody who drives.
    """

    share: int
    hours: Stretch
    rates: tuple[int, int]
    wished: tuple[Competency, ...]
    cases: tuple[Case, ...]
    kind: Kind = "visit"
    flexible: bool = False
    of_children: bool = False
    driving: int = 3


_MORNINGS = Ask(
    22,
    Stretch(WORKDAYS, (3, 5), (7.0, 9.0), (2.0, 4.0)),
    (1325, 1500),
    (Competency.FOOD, Competency.MEDICATION, Competency.FIRST_AID, Competency.PRESSURE_CARE),
    (
        Case(
            "Help with getting up",
            "I need a hand to get up, washed and dressed, and then breakfast. I'm slow in the mornings, so no rushing.",
            (Competency.PERSONAL_CARE,),
        ),
        Case(
            "Mornings, with a hoist",
            "I use a powered chair. Two transfers with the ceiling hoist and a shower every other day.",
            (Competency.MOVING_AND_HANDLING, Competency.HOIST),
        ),
        Case(
            "Ready for work by half past nine",
            "I work from home, so I need to be at my desk by then, washed and with a coffee.",
            (Competency.PERSONAL_CARE, Competency.MOVING_AND_HANDLING),
        ),
        Case(
            "Mornings for my mother",
            "She lives with us. She needs help to wash and dress, takes her tablets with tea, and likes the radio on.",
            (Competency.PERSONAL_CARE, Competency.MEDICATION),
        ),
        Case(
            "Up and out",
            "Catheter care, then dressed and off to the day centre. I know how everything is done and will tell you.",
            (Competency.PERSONAL_CARE, Competency.CATHETER_CARE),
        ),
    ),
)

_EVENINGS = Ask(
    15,
    Stretch(ALL_DAYS, (3, 5), (17.0, 19.0), (2.0, 4.0)),
    (1350, 1550),
    (Competency.FOOD, Competency.FIRST_AID, Competency.STOMA_CARE),
    (
        Case(
            "Evenings and going to bed",
            "Help with a cooked meal and getting into bed. I like to be in bed by ten with the cricket on.",
            (Competency.PERSONAL_CARE,),
        ),
        Case(
            "Evenings out",
            "I go to choir and quizzes. I need help in and out of the van, and with my coat and my pint.",
            (Competency.MOVING_AND_HANDLING,),
        ),
        Case(
            "Teatime and bedtime",
            "A meal together, a bath twice a week, my tablets, and everything within reach for the night.",
            (Competency.PERSONAL_CARE, Competency.MEDICATION),
        ),
        Case(
            "To bed with the hoist",
            "One transfer with the mobile hoist, and stretches before I sleep. My sister will show you.",
            (Competency.PERSONAL_CARE, Competency.HOIST),
        ),
    ),
)

_WEEKENDS = Ask(
    12,
    Stretch(WEEKEND, (1, 2), (8.0, 10.0), (4.0, 9.0)),
    (1375, 1600),
    (Competency.MEDICATION, Competency.FOOD, Competency.PERSONAL_CARE),
    (
        Case(
            "Saturdays at the match",
            "Weekends are for family and football. I need somebody who gets me there and doesn't mind the noise.",
            (Competency.MOVING_AND_HANDLING,),
        ),
        Case(
            "Weekend support",
            "Shopping, a pub lunch, the Sunday papers, and some personal care in the morning.",
            (Competency.PERSONAL_CARE,),
        ),
        Case(
            "Weekends away from the house",
            "My parents need a rest at weekends and I need a rest from my parents. I'm autistic and have a bus pass.",
            (Competency.LEARNING_DISABILITY_AUTISM,),
        ),
        Case(
            "Church and Sunday lunch",
            "I fall now and then, and I'd like company I can trust when I do.",
            (Competency.FIRST_AID,),
        ),
    ),
)

_DAYS_OUT = Ask(
    13,
    Stretch(WORKDAYS, (2, 4), (9.5, 10.5), (3.0, 5.0)),
    (1325, 1525),
    (Competency.FIRST_AID, Competency.FOOD, Competency.EPILEPSY_RESCUE),
    (
        Case(
            "Days out",
            "I'm 22 and like trains, swimming and Newark Castle. I need somebody who plans the day with me.",
            (Competency.LEARNING_DISABILITY_AUTISM,),
        ),
        Case(
            "A calm week for our son",
            "He is autistic. He needs to know what comes next, and he loves the tram.",
            (Competency.LEARNING_DISABILITY_AUTISM, Competency.POSITIVE_BEHAVIOUR_SUPPORT),
        ),
        Case(
            "College and the allotment",
            "I want to do more by myself, with you near. My seizures are rare, but I need you to know what to do.",
            (Competency.LEARNING_DISABILITY_AUTISM, Competency.EPILEPSY_RESCUE),
        ),
        Case(
            "Somebody who signs",
            "I'm deaf and use British Sign Language. Help at appointments, and a proper conversation on the way.",
            (Competency.SIGN_LANGUAGE,),
        ),
    ),
    flexible=True,
    driving=25,
)

_AFTER_SCHOOL = Ask(
    9,
    Stretch(WORKDAYS, (2, 4), (15.5, 16.0), (2.5, 3.5)),
    (1350, 1600),
    (Competency.MEDICATION, Competency.FOOD, Competency.POSITIVE_BEHAVIOUR_SUPPORT),
    (
        Case(
            "After school and tea",
            "Meet her from the school bus, help with tea, and play. She laughs at everything and tires quickly.",
            (Competency.LEARNING_DISABILITY_AUTISM,),
        ),
        Case(
            "After school with our son",
            "He's nine and has seizures, mostly short. We'll show you everything and be near at first.",
            (Competency.EPILEPSY_RESCUE,),
        ),
        Case(
            "Another pair of hands until seven",
            "Two children, one of them with a feeding tube. You'd be with her while I cook for everyone else.",
            (Competency.PEG_FEEDING,),
        ),
    ),
    of_children=True,
    driving=15,
)

_COMPANY = Ask(
    10,
    Stretch(WORKDAYS, (2, 4), (10.5, 12.0), (2.0, 4.0)),
    (1300, 1450),
    (Competency.PERSONAL_CARE, Competency.MEDICATION, Competency.FIRST_AID),
    (
        Case(
            "Company for my wife",
            "She has dementia. She was a seamstress and still loves fabrics and a walk by the Trent.",
            (Competency.DEMENTIA,),
        ),
        Case(
            "Lunch and a chat",
            "A cooked lunch and somebody to talk to. I taught history, so be warned.",
            (Competency.FOOD,),
        ),
        Case(
            "Lunch with Dad",
            "Dad forgets to eat, and to wash. Cook with him rather than for him, please.",
            (Competency.DEMENTIA, Competency.PERSONAL_CARE),
        ),
    ),
    flexible=True,
)

_WHOLE_DAYS = Ask(
    9,
    Stretch(WORKDAYS, (3, 5), (8.0, 9.0), (6.0, 8.0)),
    (1400, 1600),
    (Competency.HOIST, Competency.FOOD, Competency.PRESSURE_CARE, Competency.BOWEL_CARE),
    (
        Case(
            "Weekday support",
            "I have multiple sclerosis. Some days I need little, some days everything; you'll learn to read it.",
            (Competency.PERSONAL_CARE, Competency.MOVING_AND_HANDLING),
        ),
        Case(
            "Support while my husband works",
            "A stroke last year. I'm getting my words back and need patience more than anything.",
            (Competency.MOVING_AND_HANDLING, Competency.MEDICATION),
        ),
        Case(
            "Whole days in the week",
            "Personal care, lunch through my tube, physio exercises, and an hour when you leave me with my books.",
            (Competency.PERSONAL_CARE, Competency.PEG_FEEDING),
        ),
        Case(
            "Days at home, with insulin",
            "My sight has gone, so I need your eyes for the insulin pen, the post and the garden.",
            (Competency.INSULIN,),
        ),
        Case(
            "The second of two",
            "Every transfer takes two. You'd work beside somebody who has been with me for years.",
            (Competency.MOVING_AND_HANDLING, Competency.HOIST),
            people=2,
        ),
    ),
)

_NIGHTS = Ask(
    10,
    Stretch(ALL_DAYS, (2, 3), (21.5, 22.0), (8.0, 9.0)),
    (1550, 1850),
    (Competency.MOVING_AND_HANDLING, Competency.FIRST_AID, Competency.OXYGEN),
    (
        Case(
            "Waking nights",
            "I need turning every three hours and somebody awake who hears me. Bring a book.",
            (Competency.MOVING_AND_HANDLING,),
        ),
        Case(
            "Nights, watching for seizures",
            "Two or three a week. You watch, you time, you know when to act.",
            (Competency.EPILEPSY_RESCUE,),
        ),
        Case(
            "Nights with a ventilator",
            "The ventilator does most of the work. You do the suction, and you don't fall asleep.",
            (Competency.TRACHEOSTOMY, Competency.VENTILATION),
        ),
        Case(
            "Nights for our daughter",
            "She is fed by pump overnight. You listen for the alarm so that we can sleep.",
            (Competency.PEG_FEEDING,),
        ),
    ),
    kind="waking_night",
)

_SLEEP_INS = Ask(
    5,
    Stretch(ALL_DAYS, (1, 3), (21.5, 22.0), (9.0, 9.0)),
    (1400, 1600),
    (Competency.FIRST_AID, Competency.MOVING_AND_HANDLING),
    (
        Case(
            "Somebody in the house at night",
            "I seldom need anything, but I sleep better when I'm not alone. There's a room of your own, and breakfast.",
            (Competency.PERSONAL_CARE,),
        ),
        Case(
            "Sleeping in while my wife is away",
            "She works away some weeks. I may call you once or twice; you go back to bed after.",
            (Competency.MOVING_AND_HANDLING,),
        ),
    ),
    kind="sleep_in",
)

ASKS = (_MORNINGS, _EVENINGS, _WEEKENDS, _DAYS_OUT, _AFTER_SCHOOL, _COMPANY, _WHOLE_DAYS, _NIGHTS, _SLEEP_INS)

#: What nobody near can do at such a rate: so that the pages show what an empty list looks like.
RARE = (
    Ask(
        2,
        Stretch(ALL_DAYS, (3, 3), (22.0, 22.0), (9.0, 9.0)),
        (1300, 1400),
        (Competency.FOOD,),
        (
            Case(
                "Nights, with suction and signing",
                "I can't call out at night; I sign. I need somebody who does both.",
                (Competency.TRACHEOSTOMY, Competency.SIGN_LANGUAGE),
            ),
        ),
        kind="waking_night",
    ),
    Ask(
        1,
        Stretch(ALL_DAYS, (7, 7), (8.0, 8.0), (11.0, 11.0)),
        (1271, 1300),
        (Competency.BOWEL_CARE,),
        (
            Case(
                "Every day, all day",
                "I'd like one person for all of it. I know that's a lot to ask.",
                (Competency.STOMA_CARE, Competency.INSULIN, Competency.PEG_FEEDING),
            ),
        ),
    ),
)

#: Something more, of any holder.
MORE = (
    More("There is parking outside.", home=("parking",)),
    More("The bus stops at the door."),
    More("We have two cats and a lively dog.", home=("cat", "dog")),
    More("No perfume, please: I get migraines."),
    More("I'd like us to meet first, for an hour, paid."),
    More("A non-smoker, please.", no_smokers=True),
    More("I'll train you myself; nobody knows my body better."),
    More("You'd be one of a team of four, who cover for each other."),
    More("Holidays can be arranged early and are paid."),
    More("My sister keeps the rota; you'd hear from her on Thursdays."),
    More("A nurse will show you and sign you off."),
)
