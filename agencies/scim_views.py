"""SCIM 2.0 for an agency's directory: its own people, and nobody else's (``/scim/v2/``)."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig, ValidationError
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django_scim.constants import SCIM_CONTENT_TYPE, SchemaURI

from agencies.allowance import seconds_to_wait, within_allowance
from agencies.codes import Role
from agencies.models import DirectoryUser, Membership, ProvisioningKey
from agencies.refusals import Conflict, Invalid, Refusal
from agencies.scim import ScimError, condition, said_by, said_of, shown
from agencies.scim_schemas import CONFIG, RESOURCE_TYPES, SCHEMAS
from agencies.services.provisioning import (
    add_directory_user,
    change_directory_user,
    remove_directory_user,
)
from agencies.tokens import digest_of

KEY_PREFIX = "lik_"
PAGE, LONGEST_PAGE = 100, 200
Answer = tuple[int, Any]
View = Callable[..., Answer]


def answers(view: View) -> Callable[..., HttpResponse]:
    """Answer a directory in SCIM's form, once its key is known and within the allowance."""

    @csrf_exempt
    @login_not_required
    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            status, body = view(request, key_of(request), *args, **kwargs)
        except ScimError as error:
            return _sent(error.status, error.body)
        except Refusal as refusal:
            told = as_scim(refusal)
            return _sent(told.status, told.body)
        return _sent(status, body)

    return answered


def key_of(request: HttpRequest) -> ProvisioningKey:
    """Return the key that a directory shows; ScimError for none, or one that serves no more.

    It dies with the post of the coordinator who made it, and with the agency.
    """
    address = get_adapter(request).get_client_ip(request)
    if not within_allowance("scim", address, settings.API_REQUESTS_PER_MINUTE):
        raise ScimError(f"Too many requests; wait {seconds_to_wait()} seconds.", status=429)
    scheme, _, plain = request.headers.get("Authorization", "").partition(" ")
    key = None
    if scheme.lower() == "bearer" and plain.startswith(KEY_PREFIX):
        keys = ProvisioningKey.objects.select_related("membership__person", "membership__agency")
        coordinating = Membership.objects.acting().holding(Role.COORDINATOR)
        key = keys.filter(
            digest=digest_of(plain.strip()), revoked_at__isnull=True, membership__in=coordinating
        ).first()
    if key is None:
        raise ScimError("This key is unknown or serves no more.", status=401)
    ProvisioningKey.objects.filter(pk=key.pk).update(used_at=Now())
    return key


@answers
def users(request: HttpRequest, key: ProvisioningKey) -> Answer:
    """List the directory's users, or add one."""
    if request.method == "POST":
        user = add_directory_user(key, **said_of(body_of(request)))
        return 201, shown(user, _address())
    if request.method != "GET":
        raise ScimError("There is no such call.", status=405)
    found = users_of(key)
    try:
        if request.GET.get("filter"):
            found = found.filter(condition(request.GET["filter"]))
        return 200, _page(request, found)
    except ValidationError as error:
        raise ScimError("This filter is not understood.", kind="invalidFilter") from error


@answers
def user(request: HttpRequest, key: ProvisioningKey, pk: str) -> Answer:
    """Show, replace, patch or remove one of the directory's users."""
    found = users_of(key).filter(pk=_uuid(pk)).first()
    if found is None:
        raise ScimError("There is no such user.", status=404)
    if request.method == "DELETE":
        remove_directory_user(key, found)
        return 204, None
    if request.method == "PUT":
        said = said_of(body_of(request))
        found = change_directory_user(key, found, **{"external_id": "", **said})
    elif request.method == "PATCH":
        found = change_directory_user(key, found, **said_by(body_of(request)))
    elif request.method != "GET":
        raise ScimError("There is no such call.", status=405)
    return 200, shown(found, _address())


@answers
def described(request: HttpRequest, key: ProvisioningKey, what: str, pk: str = "") -> Answer:
    """Say what this interface can do and what a user is made of."""
    if request.method != "GET":
        raise ScimError("There is no such call.", status=405)
    if what == "ServiceProviderConfig" and not pk:
        return 200, CONFIG
    rows = RESOURCE_TYPES if what == "ResourceTypes" else SCHEMAS
    if not pk:
        return 200, _listed(rows, len(rows), 1)
    found = next((row for row in rows if row["id"] == pk), None)
    if found is None:
        raise ScimError("There is no such description.", status=404)
    return 200, found


@answers
def nothing(request: HttpRequest, key: ProvisioningKey) -> Answer:
    """Say that there is nothing else: no groups, no bulk."""
    raise ScimError("There is nothing here.", status=404)


def users_of(key: ProvisioningKey) -> QuerySet[DirectoryUser]:
    """Return the users of the key's own agency; nobody else's are ever seen."""
    own = DirectoryUser.objects.filter(agency=key.membership.agency_id, removed_at__isnull=True)
    return own.order_by("created_at", "pk")


def as_scim(refusal: Refusal) -> ScimError:
    """Return what a service refused in SCIM's terms."""
    if isinstance(refusal, Conflict):
        return ScimError(refusal.reason, status=409, kind="uniqueness")
    if isinstance(refusal, Invalid):
        return ScimError(refusal.reason)
    return ScimError(refusal.reason, status=403)


def body_of(request: HttpRequest) -> dict[str, Any]:
    """Return the body as an object; ScimError where it is none."""
    try:
        found = json.loads(request.body)
    except (ValueError, RecursionError, RequestDataTooBig) as error:
        raise ScimError("The body cannot be read.", kind="invalidSyntax") from error
    if not isinstance(found, dict) or "\\u0000" in json.dumps(found):
        raise ScimError("The body is an object.", kind="invalidSyntax")
    return found


def _page(request: HttpRequest, found: QuerySet[DirectoryUser]) -> dict[str, Any]:
    start = max(1, _number(request, "startIndex", 1))
    count = min(LONGEST_PAGE, max(0, _number(request, "count", PAGE)))
    address = _address()
    rows = [shown(one, address) for one in found[start - 1 : start - 1 + count]]
    return _listed(rows, found.count(), start)


def _listed(rows: list[dict[str, Any]], total: int, start: int) -> dict[str, Any]:
    return {
        "schemas": [SchemaURI.LIST_RESPONSE],
        "totalResults": total,
        "startIndex": start,
        "itemsPerPage": len(rows),
        "Resources": rows,
    }


def _number(request: HttpRequest, name: str, otherwise: int) -> int:
    text = request.GET.get(name, str(otherwise))
    try:
        return min(int(text), 10**9)
    except ValueError as error:
        raise ScimError(f"“{name}” is a number.") from error


def _address() -> str:
    return f"{settings.PORTAL_URL}/scim/v2/Users"


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


def _sent(status: int, body: Any) -> HttpResponse:
    if body is None:
        return HttpResponse(status=status)
    headers = {"Cache-Control": "no-store"}
    if status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="liaison"'
    if status == 201:
        headers["Location"] = body["meta"]["location"]
    return JsonResponse(body, status=status, content_type=SCIM_CONTENT_TYPE, headers=headers)
