import pytest

from marketplace import people
from tests.builders import World
from tests.conftest import Database
from tests.serving import Postbox
from tests.web.clients import BASE, SECRET, Clients, Maker
from tests.web.pages.markup import problems, words
from tests.web.town import Place
from web.app import create_app
from web.mail import ConsoleMailer
from web.settings import Settings


@pytest.fixture
def settings(database: Database) -> Settings:
    return Settings(DATABASE_URL=database.url, secret_key=SECRET, base_url=BASE, demo=True)


def harriet(world: World) -> None:
    people.join(world.session, email="holder@demo.alongside.example", name="Harriet Webb", now=world.now)


def test_a_link_signs_in_at_once_as_the_demos_person(client_of: Clients, make: Maker) -> None:
    make(harriet)
    client = client_of()
    response = client.get("/demo/sign-in/holder")
    assert (response.status_code, response.headers["location"]) == (303, "/")
    assert "Harriet Webb" in words(client.get("/account"))


def test_one_can_change_from_one_person_to_another(client_of: Clients, make: Maker) -> None:
    make(harriet)
    client = client_of(make(lambda world: world.person()))
    client.cookies.clear()
    client.get("/demo/sign-in/holder")
    assert "Harriet Webb" in words(client.get("/account"))


@pytest.mark.parametrize("role", ["assistant", "king", "", "holder/more", "%00"])
def test_who_is_not_there_is_not_found(client_of: Clients, make: Maker, role: str) -> None:
    make(harriet)
    assert client_of().get(f"/demo/sign-in/{role}").status_code == 404


@pytest.mark.parametrize("path", ["/demo/sign-in/holder", "/demo/mail", "/demo/styleguide"])
def test_without_the_demo_there_is_nothing_of_it(place: Place, path: str) -> None:
    assert place.client("nobody").get(path).status_code == 404


def test_the_start_page_offers_three_ways_to_look_around(client_of: Clients) -> None:
    page = client_of().get("/").text
    for role in ("holder", "assistant", "broker"):
        assert f'href="/demo/sign-in/{role}"' in page


def test_mail_that_was_not_sent_can_be_read_and_its_link_pressed(
    settings: Settings, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    client = Clients(create_app(settings, engine=database.engine, mailer=ConsoleMailer()))()
    assert "No mail yet" in words(client.get("/demo/mail"))
    client.post("/sign-in", data={"email": "nia@example.org", "next": "/profile"})
    assert 'href="/demo/mail"' in client.get("/sign-in/sent").text
    page = client.get("/demo/mail")
    assert "To nia@example.org: Sign in to Alongside" in words(page)
    link = page.text.partition(f'href="{BASE}/sign-in/')[2].partition('"')[0]
    assert client.get(f"/sign-in/{link}").status_code == 200
    assert link in capsys.readouterr().out


def test_a_mailer_that_keeps_nothing_has_nothing_to_show(client_of: Clients, post: Postbox) -> None:
    client_of().post("/sign-in", data={"email": "nia@example.org"})
    assert len(post.mails) == 1
    assert "No mail yet" in words(client_of().get("/demo/mail"))


def test_every_part_of_a_page_is_shown_with_and_without_mistakes(client_of: Clients) -> None:
    client = client_of()
    assert problems(client.get("/demo/styleguide")) == []
    assert len(problems(client.get("/demo/styleguide?mistakes=yes"))) == 7
    assert client.post("/demo/styleguide", data={}).headers["location"] == "/demo/styleguide"
