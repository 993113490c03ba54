"""To be written."""

from fastapi import APIRouter

from web.edge import Edge

routes = APIRouter(route_class=Edge, include_in_schema=False)
