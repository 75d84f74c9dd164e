"""What SCIM says of itself: what can be done, and what a user is made of (RFC 7643, 5 to 7)."""

from __future__ import annotations

from typing import Any

from django_scim.constants import SchemaURI

SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:Schema"
NO = {"supported": False}

CONFIG: dict[str, Any] = {
    "schemas": [SchemaURI.SERVICE_PROVIDER_CONFIG],
    "patch": {"supported": True},
    "bulk": {"supported": False, "maxOperations": 0, "maxPayloadSize": 0},
    "filter": {"supported": True, "maxResults": 200},
    "changePassword": NO,
    "sort": NO,
    "etag": NO,
    "authenticationSchemes": [
        {
            "type": "oauthbearertoken",
            "name": "Key of the agency's directory",
            "description": "Made by the agency's coordinator; Authorization: Bearer KEY.",
            "primary": True,
        }
    ],
}

RESOURCE_TYPES: list[dict[str, Any]] = [
    {
        "schemas": [SchemaURI.RESOURCE_TYPE],
        "id": "User",
        "name": "User",
        "endpoint": "/Users",
        "description": "Somebody of the agency, for whom a post is proposed or held.",
        "schema": SchemaURI.USER,
    }
]


def _attribute(name: str, words: str, **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "type": "string",
        "description": words,
        "multiValued": False,
        "required": False,
        "caseExact": False,
        "mutability": "readWrite",
        "returned": "default",
        "uniqueness": "none",
        **more,
    }


SCHEMAS: list[dict[str, Any]] = [
    {
        "schemas": [SCHEMA],
        "id": SchemaURI.USER,
        "name": "User",
        "description": "Somebody of the agency, for whom a post is proposed or held.",
        "attributes": [
            _attribute("userName", "E-mail address.", required=True, uniqueness="server"),
            _attribute("externalId", "The directory's own id.", caseExact=True),
            _attribute("displayName", "Name."),
            _attribute(
                "name",
                "Name.",
                type="complex",
                subAttributes=[_attribute("formatted", "Name in one line.")],
            ),
            _attribute("active", "Whether they are to have a post.", type="boolean"),
            _attribute(
                "emails",
                "The user name again.",
                type="complex",
                multiValued=True,
                mutability="readOnly",
                subAttributes=[_attribute("value", "E-mail address.", mutability="readOnly")],
            ),
        ],
    }
]
