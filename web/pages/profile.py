"""An assistant's profile: registering and changing it are the same page; that it is still so is said in one press."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from fastapi import APIRouter, Request, Response

from marketplace import assistants, languages
from marketplace.availability import LONDON
from marketplace.competencies import CHECK_NAMES, DELEGATED, NAMES
from web.dependencies import Ask, Asking
from web.edge import Edge
from web.errors import REFUSALS
from web.pages import profile_form
from web.pages.frame import onward, page, refused
from web.pages.profile_form import Shown
from web.pages.reading import FromForm, first_problem_first, one_more

routes = APIRouter(route_class=Edge, include_in_schema=False)

_EMPTY_ROW = {"day": "", "start": "", "end": ""}
#: Boxes for languages on the page at first: most people who work here speak no more.
_LANGUAGES = 3


@routes.get("/profile")
def profile(request: Request, asking: Asking) -> Response:
    """What an assistant said, or empty boxes for somebody new."""
    return _page(request, asking, profile_form.known(asking))


@routes.post("/profile")
def save(request: Request, asking: Asking, filled: FromForm) -> Response:
    """Register, or replace what was said before."""
    if filled.wants_other_rows:
        # Nothing is done yet, so the form's key must stay good for when it is.
        asking.session.rollback()
        return _page(request, asking, profile_form.typed(filled), added=filled.text("add"))
    said = profile_form.read(filled, today=asking.now.astimezone(LONDON).date())
    if said is not None:
        try:
            assistants.save_profile(asking.session, viewer=asking.viewer, profile=said, now=asking.now)
        except REFUSALS as error:
            filled.errors.extend(refused(request, error))
        else:
            return onward("/work", notice="saved")
    errors = first_problem_first(filled.errors, profile_form.ORDER)
    shown = profile_form.typed(filled)
    return _page(request, asking, shown, status=HTTPStatus.UNPROCESSABLE_ENTITY, errors=errors)


@routes.post("/profile/confirm")
def confirm(asking: Asking) -> Response:
    """All of it is still so."""
    assistants.confirm(asking.session, viewer=asking.viewer, now=asking.now)
    return onward("/work", notice="still_right")


def _page(
    request: Request,
    asking: Ask,
    shown: Shown,
    *,
    status: HTTPStatus = HTTPStatus.OK,
    errors: Sequence[Mapping[str, str]] = (),
    added: str = "",
) -> Response:
    filled = request.method == "POST"
    return page(
        request,
        "assistant/profile.html",
        status=status,
        errors=errors,
        shown=shown,
        rows=[*shown.times, _EMPTY_ROW],
        rows_changed=filled and not errors,
        added=added,
        is_new=asking.viewer.assistant_id is None,
        training={code: name for code, name in NAMES.items() if code not in DELEGATED},
        delegated={code: name for code, name in NAMES.items() if code in DELEGATED},
        checks=CHECK_NAMES,
        language_names=[{"value": code, "text": name} for code, name in languages.NAMES.items()],
        spoken=one_more(shown.chosen["languages"], least=_LANGUAGES),
    )
