"""Versions: which one a caller changes, and which one it has."""

from __future__ import annotations

import re

from rest_framework.request import Request
from rest_framework.response import Response

from agencies.refusals import Invalid
from portal.api.problems import PreconditionRequired

VERSION = re.compile(r'"([1-9][0-9]{0,8})"')


def version_stated(request: Request) -> int | None:
    """Return the version that ``If-Match`` names, None without one; Invalid where it names none."""
    header = request.headers.get("If-Match")
    if header is None:
        return None
    found = VERSION.fullmatch(header.strip())
    if found is None:
        raise Invalid({"If-Match": 'Name one version, like "3".'})
    return int(found[1])


def version_required(request: Request) -> int:
    """Return the version that ``If-Match`` names; PreconditionRequired without one."""
    version = version_stated(request)
    if version is None:
        raise PreconditionRequired
    return version


def tagged(response: Response, version: int) -> Response:
    """Return *response* with the version, for ``If-Match``."""
    response["ETag"] = f'"{version}"'
    return response


def known_already(request: Request, version: int) -> bool:
    """Return whether the caller says that it has this version (``If-None-Match``)."""
    stated = request.headers.get("If-None-Match", "")
    tags = {one.strip().removeprefix("W/") for one in stated.split(",")}
    return f'"{version}"' in tags
