"""The programming interface in words, for people who connect other programs."""

from fastapi import APIRouter, FastAPI, Request, Response

from web.edge import Edge
from web.pages.frame import page
from web.reference import operations, shapes

routes = APIRouter(route_class=Edge, include_in_schema=False)


@routes.get("/docs")
def interface(request: Request) -> Response:
    """Every operation and object of the OpenAPI document."""
    app: FastAPI = request.app
    document = app.openapi()
    return page(
        request,
        "reference.html",
        operations=operations(document),
        shapes=shapes(document),
        document_url=app.openapi_url,
    )
