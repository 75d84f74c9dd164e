"""The description of the interface (OpenAPI 3.1), made from the calls themselves."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from drf_spectacular.extensions import (
    OpenApiAuthenticationExtension,
    OpenApiSerializerFieldExtension,
)
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema

PREFIX = "/api/v1/"

OPEN_OBJECTS = ("CodeValue",)
Endpoint = tuple[str, str, str, Any]


class Description(AutoSchema):
    """Names each call after its address and its view."""

    def get_operation_id(self) -> str:
        """Return the name of the call."""
        parts = [part.replace("-", "_") for part in self._tokenize_path()]
        action = str(getattr(self.view, "action", ""))
        return "_".join(parts if parts[-1] == action else [*parts, action])


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How a personal token is sent."""

    target_class = "portal.api.authentication.BearerToken"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Return the scheme."""
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A personal token of one post, with the scopes `read`, `write` and, to "
            "act on people and agencies, `administer`.",
        }


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How a signed-in browser asks."""

    target_class = "portal.api.authentication.PortalSession"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Return the scheme."""
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": settings.SESSION_COOKIE_NAME,
            "description": "The session of a browser; changes also send `X-CSRFToken`.",
        }


class CodeDescription(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    """A code is one of its table's."""

    target_class = "portal.api.strict.Code"

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        """Return the codes that the table has today."""
        absent = [None] if self.target.allow_null else []
        return {"type": "string", "enum": [*self.target.codes, *absent]}


class AllOrIdsDescription(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    """Everything, or the chosen ones."""

    target_class = "portal.api.strict.AllOrIds"

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        """Return the two forms."""
        ids = {"type": "array", "items": {"type": "string", "format": "uuid"}, "maxItems": 500}
        return {"oneOf": [{"type": "string", "const": "all"}, ids]}


class RecipientDescription(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    """A name, or an object that says whose."""

    target_class = "portal.api.strict.Recipient"

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        """Return the two forms."""
        text = {"type": "string", "maxLength": 254}
        named = dict.fromkeys(sorted(self.target.NAMES), text)
        whose = {"type": "object", "properties": named, "additionalProperties": False}
        return {"oneOf": [text, whose]}


def of_the_interface(endpoints: list[Endpoint]) -> list[Endpoint]:
    """Return the addresses of the interface, without the trailing slash that is optional."""
    return [
        (path.rstrip("/").replace("{pk}", "{id}"), regex, method, view)
        for path, regex, method, view in endpoints
        if path.startswith(PREFIX) and hasattr(view, "actions")
    ]


def closed_objects(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Say of every object of fields that it has no others."""
    for name, component in result["components"]["schemas"].items():
        if "properties" in component and name not in OPEN_OBJECTS:
            component.setdefault("additionalProperties", False)
    return result


@cache
def document() -> dict[str, Any]:
    """Return the description, which is the same for everybody."""
    generator: Any = SchemaGenerator
    found: dict[str, Any] = generator().get_schema(request=None, public=True)
    return found
