import re
from uuid import UUID

import pytest

from marketplace import agreements, introductions
from marketplace.agreements import NewAgreement
from marketplace.assistants import Status
from marketplace.people import Viewer
from tests.builders import World
from tests.conftest import Database
from tests.counting import counted
from tests.web.clients import Clients, Maker, form
from tests.web.pages.markup import boxes, cards, controls, problems, words
from tests.web.town import Place, contents

HOIST = {"code": "hoist", "checked_on": "2026-05-04"}
SUNDAY = [{"weekday": "sunday", "start": "08:00", "end": "12:00"}]


def asked_for(world: World, **need: object) -> tuple[Viewer, UUID]:
    holder = world.holder()
    return holder, world.need(holder, **need).id


# --- who fits


def test_each_person_is_shown_with_what_speaks_for_and_against_it_for_both(client_of: Clients, make: Maker) -> None:
    holder, need_id = make(lambda world: asked_for(world, required={"hoist"}, wished={"first_aid"}))
    make(lambda world: world.assistant(skills=[HOIST], about="I like <b>dogs</b>.", most_hours=48))
    response = client_of(holder).get(f"/needs/{need_id}")
    (card,) = cards(response)
    assert card.startswith("Asha O. ")
    for part in (
        "Asks for £13.00 an hour.",
        "For: Free for all of your 12 hours",
        "Against: Not skilled in first aid, which you wished for",
        "What Asha O. gets",
        "For: Your £14.00 an hour is above the £13.00 they ask",
        "Against: Would fill 12 of the 48 hours a week they still have to give",
        "I like &lt;b&gt;dogs&lt;/b&gt;.",
        "Invite Asha O.",
    ):
        assert part in card
    assert re.search(r"(Very good|Good|Fair|Possible) fit", card)
    assert "Okoro" not in response.text


def test_the_best_come_first_and_how_many_were_considered_is_told(client_of: Clients, make: Maker) -> None:
    holder, need_id = make(asked_for)
    make(lambda world: [world.assistant(name="Far Away", postcode="NG1 5AA", travel_minutes=60)])
    make(lambda world: [world.assistant(name="Near By"), world.assistant(name="Not Now", status=Status.NOT_NOW)])
    response = client_of(holder).get(f"/needs/{need_id}")
    assert [card.split(".")[0] for card in cards(response)] == ["Near B", "Far A"]
    text = words(response)
    assert "We looked at 3 people. 2 fit everything you must have." in text
    assert "Not looking for more work now, or can't be invited 1 2" in text


def test_no_more_people_are_shown_than_one_can_choose_from(client_of: Clients, make: Maker) -> None:
    holder, need_id = make(asked_for)
    make(lambda world: [world.assistant() for _ in range(22)])
    response = client_of(holder).get(f"/needs/{need_id}")
    assert len(cards(response)) == 20
    assert "22 fit everything you must have. These are the best 20." in words(response)


@pytest.mark.parametrize(
    ("profile", "need", "rule", "advice"),
    [
        ({"lowest_rate_pence": 2000}, {}, "Ask more than the rate offered", "Could you pay more"),
        (
            {},
            {"required": {"hoist"}},
            "Don't have a skill that is required",
            "If nobody’s safety hangs on one of the skills",
        ),
        (
            {},
            {"checks": {"references"}},
            "Don't have a check that is required",
            "A check can often be made before the start.",
        ),
        ({}, {"languages": {"pl"}}, "Don't speak a language that is required", "Is the language a must"),
        ({}, {"car": "drives"}, "Don't drive, or have no car for work", "Is driving a must?"),
        (
            {"refuses": {"employment"}},
            {"contract": "employed"},
            "Don't work on the contract offered",
            "Could you take someone on in the other way as well?",
        ),
        (
            {"refuses": {"sleep_in"}},
            {"kind": "sleep_in"},
            "Don't do this kind of shift",
            "Could you ask for another kind of shift?",
        ),
        (
            {"refuses": {"dog"}},
            {"home": {"dog"}},
            "Won't work in a home like this one",
            "It is about pets, smoke or parking at home.",
        ),
        (
            {"brings": {"smokes"}},
            {"refuses": {"smokes"}},
            "Have something that you said no to",
            "Is it enough that they don’t smoke at your home?",
        ),
        ({"postcode": "G1 1AA"}, {}, "Live further away than they travel", "Ask your broker"),
        (
            {"hours": [{"weekday": "sunday", "start": "08:00", "end": "12:00"}]},
            {},
            "Available for less than half of the hours",
            "Could some of your times move",
        ),
        ({"least_hours": 30}, {}, "Want more hours than these", "Could you ask for more hours"),
        ({"most_hours": 4}, {}, "Have too few hours left in their week", "Could two people share these hours?"),
        (
            {"status": "not_now"},
            {},
            "Not looking for more work now, or can't be invited",
            "come back in a few days",
        ),
        (
            {},
            {"gender": "woman", "gender_reason": "Washing"},
            "Haven't said that they are of the gender required",
            "We count only people who have told us.",
        ),
    ],
)
def test_where_nobody_fits_the_rule_that_took_out_most_is_named_with_what_to_do(
    client_of: Clients,
    make: Maker,
    profile: dict[str, object],
    need: dict[str, object],
    rule: str,
    advice: str,
) -> None:
    holder, need_id = make(lambda world: asked_for(world, **need))
    make(lambda world: [world.assistant(**profile), world.assistant(**profile)])
    response = client_of(holder).get(f"/needs/{need_id}")
    text = words(response)
    assert "Nobody fits all of this right now" in text
    assert f"This took out the last 2 of them: {rule}" in text
    assert advice in text
    assert f'href="/needs/{need_id}/change"' in response.text
    assert cards(response) == []


def test_where_nobody_has_joined_yet_that_is_said(client_of: Clients, make: Maker) -> None:
    holder, need_id = make(asked_for)
    assert "No personal assistants have joined yet." in words(client_of(holder).get(f"/needs/{need_id}"))


# --- what would bring more people


def test_a_short_list_says_what_would_bring_more_people_and_leads_to_what_can_be_changed(
    client_of: Clients, make: Maker
) -> None:
    holder, need_id = make(asked_for)
    dear = {"lowest_rate_pence": 1450}
    make(lambda world: [world.assistant(), world.assistant(**dear), world.assistant(**dear)])
    make(lambda world: world.assistant(postcode="NG1 5AA", travel_minutes=10))
    response = client_of(holder).get(f"/needs/{need_id}")
    text = words(response)
    assert "What would bring more people" in text
    assert "£14.50 an hour instead of £14.00 2 more people Try this change" in text
    assert re.search(r"miles? further than people say they travel 1 more person (?!Try)", text)
    assert re.findall(r'href="[^"]*tried=(\w+)"', response.text) == ["rate"]


def test_a_list_that_is_long_enough_suggests_no_change(client_of: Clients, make: Maker) -> None:
    holder, need_id = make(asked_for)
    make(lambda world: [world.assistant(lowest_rate_pence=1300 if at else 1500) for at in range(6)])
    assert "What would bring more people" not in words(client_of(holder).get(f"/needs/{need_id}"))


# --- people who were asked and don't fit any more


def test_who_was_asked_and_does_not_fit_any_more_is_shown_with_why(client_of: Clients, make: Maker) -> None:
    holder, need_id = make(asked_for)
    dear, still = make(lambda world: (world.assistant(name="Dee Dear"), world.assistant(name="Sid Still")))
    make(lambda world: [world.invitation(holder, one, need_id=need_id) for one in (dear, still)])
    client = client_of(holder)
    assert "Does not fit any more" not in words(client.get(f"/needs/{need_id}"))
    make(lambda world: world.profile(dear, lowest_rate_pence=1500, hours=SUNDAY))
    text = words(client.get(f"/needs/{need_id}"))
    assert text.count("Does not fit any more: why Dee D. does not fit") == 1
    assert "They ask at least £15.00 an hour; you offer £14.00." in text
    assert "They are available for 0 of your 12 hours; half is the least." in text


def test_nobody_is_told_why_somebody_does_not_fit_who_said_no_or_has_agreed(client_of: Clients, make: Maker) -> None:
    holder, need_id = make(asked_for)

    def answered(world: World) -> None:
        no, yes = world.assistant(), world.assistant()
        asked = [world.invitation(holder, one, need_id=need_id) for one in (no, yes)]
        introductions.decline(world.session, viewer=no, introduction_id=asked[0].id, reason="", now=world.now)
        introductions.accept(world.session, viewer=yes, introduction_id=asked[1].id, now=world.now)
        new = NewAgreement(rate_pence=1400, starts_on=world.now.date())
        offered = agreements.offer(world.session, viewer=holder, introduction_id=asked[1].id, new=new, now=world.now)
        agreements.accept(world.session, viewer=yes, agreement_id=offered.id, now=world.now)
        for one in (no, yes):
            world.profile(one, hours=SUNDAY)

    make(answered)
    assert "Does not fit any more" not in words(client_of(holder).get(f"/needs/{need_id}"))


# --- the request itself


def test_the_request_says_all_that_was_asked(client_of: Clients, make: Maker) -> None:
    holder, need_id = make(
        lambda world: asked_for(
            world,
            hours_a_week=7.5,
            mostly={"morning", "weekend"},
            kind="waking_night",
            people=2,
            contract="employed",
            home={"smoking_home", "cat", "parking"},
            checks={"dbs_enhanced"},
            languages={"pl"},
            languages_wished={"cy"},
            car="own_car",
            refuses={"smokes"},
            gender="woman",
            gender_reason="Help with <b>washing</b>",
        )
    )
    text = words(client_of(holder).get(f"/needs/{need_id}"))
    for part in (
        "7 hours 30 minutes a week within these times, mostly mornings and weekends",
        "£14.00 an hour, £105.00 a week",
        "Waking nights: awake all night, together with a second person",
        "Employed by the person supported",
        "At home Someone smokes there A cat Somewhere to park",
        "Must have Enhanced DBS check Speaks Polish Has a car to use at work Doesn’t smoke A woman",
        "Why a woman Help with <b>washing</b>",
        "Good to have Speaks Welsh",
    ):
        assert part in text


# --- inviting


def test_an_invitation_is_sent_from_a_card_with_a_few_words(
    client_of: Clients, make: Maker, database: Database
) -> None:
    holder, need_id = make(asked_for)
    assistant = make(lambda world: world.assistant())
    client, path = client_of(holder), f"/needs/{need_id}/invite"
    held = boxes(client.get(f"/needs/{need_id}"), path)
    answer = client.post(path, data={**held, "message": " Do you like dogs? "})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/needs/{need_id}?done=invited")
    with database.session() as session:
        (one,) = introductions.of_need(session, viewer=holder, need_id=need_id)
    assert (one.assistant_id, one.message) == (assistant.assistant_id, "Do you like dogs?")
    after = client.get(answer.headers["location"])
    assert "Asha O. Waiting for an answer" in words(after)
    assert cards(after) == []
    assert "You have invited everybody on this list." in words(after)


def test_two_messages_have_boxes_of_their_own_and_a_long_one_comes_back_to_its_own(
    client_of: Clients, make: Maker
) -> None:
    holder, need_id = make(asked_for)
    one, _other = make(lambda world: (world.assistant(), world.assistant()))
    client = client_of(holder)
    values = {"assistant_id": str(one.assistant_id), "message": "x" * 1001}
    answer = client.post(f"/needs/{need_id}/invite", data=form(client, values))
    box = f"message-{one.assistant_id}"
    assert (answer.status_code, problems(answer)) == (422, [(box, "Message must be 1000 characters or fewer.")])
    assert box in controls(answer)
    assert answer.text.count("x" * 1001) == 1


def test_who_was_invited_before_is_not_invited_again(client_of: Clients, make: Maker) -> None:
    holder, need_id = make(asked_for)
    assistant = make(lambda world: world.assistant())
    client = client_of(holder)
    values = {"assistant_id": str(assistant.assistant_id)}
    first, again = (client.post(f"/needs/{need_id}/invite", data=form(client, values)) for _ in range(2))
    assert (first.status_code, again.status_code) == (303, 422)
    assert "You have invited this person already." in words(again)


@pytest.mark.parametrize(("given", "status"), [("", 422), ("me", 422), ("6f0b1a52-3a3e-4c1c-9d5a-0f5c2d6a7b11", 404)])
def test_nobody_is_invited_who_is_not_there(client_of: Clients, make: Maker, given: str, status: int) -> None:
    holder, need_id = make(asked_for)
    client = client_of(holder)
    answer = client.post(f"/needs/{need_id}/invite", data=form(client, {"assistant_id": given}))
    assert answer.status_code == status


def test_a_yes_shows_the_full_name_and_leads_to_the_offer_and_a_no_its_reason(client_of: Clients, make: Maker) -> None:
    holder, need_id = make(asked_for)
    pair = make(lambda world: (world.assistant(name="Yara Yes"), world.assistant(name="Noel No")))

    def answered(world: World) -> list[UUID]:
        ids = []
        for viewer in pair:
            assert viewer.assistant_id is not None
            one = introductions.invite(
                world.session,
                viewer=holder,
                need_id=need_id,
                assistant_id=viewer.assistant_id,
                message="",
                now=world.now,
            )
            ids.append(one.id)
        introductions.accept(world.session, viewer=pair[0], introduction_id=ids[0], now=world.now)
        introductions.decline(
            world.session, viewer=pair[1], introduction_id=ids[1], reason="<i>Too far</i>", now=world.now
        )
        return ids

    yes, _no = make(answered)
    response = client_of(holder).get(f"/needs/{need_id}")
    text = words(response)
    assert "Yara Yes Said yes Offer an agreement" in text
    assert "Noel N. Said no Their reason: <i>Too far</i>" in text
    assert f'href="/introductions/{yes}/agreement"' in response.text


def test_more_people_take_no_more_queries(client_of: Clients, make: Maker, database: Database) -> None:
    holder, need_id = make(asked_for)
    client = client_of(holder)

    def queries(people: int) -> int:
        def invited(world: World) -> None:
            for _ in range(people):
                one = world.assistant().assistant_id
                assert one is not None
                introductions.invite(
                    world.session, viewer=holder, need_id=need_id, assistant_id=one, message="", now=world.now
                )
                world.assistant()

        make(invited)
        client.get(f"/needs/{need_id}")  # the pool of candidates takes in those who are new
        with counted(database.engine) as seen:
            assert client.get(f"/needs/{need_id}").status_code == 200
        return len(seen)

    assert queries(1) == queries(6)


# --- who may come


@pytest.mark.parametrize("who", ["other_holder", "other_broker", "assistant", "other_assistant", "newcomer"])
def test_a_stranger_finds_no_request_and_invites_nobody(place: Place, who: str) -> None:
    client, path = place.client(who), place.town.path("/needs/{need_id}")
    before = contents(place.database)
    assert client.get(path).status_code == 404
    values = {"assistant_id": str(place.town.people["other_assistant"].assistant_id)}
    assert client.post(f"{path}/invite", data=form(client, values)).status_code == 404
    assert contents(place.database) == before


def test_nobody_signed_in_is_sent_to_sign_in(place: Place) -> None:
    answer = place.client("nobody").get(place.town.path("/needs/{need_id}"))
    assert (answer.status_code, answer.headers["location"][:14]) == (303, "/sign-in?next=")


def test_a_broker_acts_for_the_holder_and_is_told_so(place: Place) -> None:
    answer = place.client("broker").get(place.town.path("/needs/{need_id}"))
    assert (answer.status_code, "You are acting for Harriet Webb." in answer.text) == (200, True)
