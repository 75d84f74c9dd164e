"""The words of SCIM 2.0 (RFC 7643, 7644), as directories say them: users, filters, patches.

What the larger directories do beside the standard is understood: capital operations, ``"False"`` in
quotes, patches without a path, and paths with a filter in brackets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Q
from django_scim.constants import SchemaURI
from scim2_filter_parser.lexer import SCIMLexer
from scim2_filter_parser.parser import SCIMParser, SCIMParserError
from scim2_filter_parser.transpilers.django_q_object import Transpiler

from agencies.models import DirectoryUser

LONGEST_FILTER = 500
COLUMNS = {
    ("userName", None, None): "user_name",
    ("emails", None, None): "user_name",
    ("emails", "value", None): "user_name",
    ("emails", "type", None): None,
    ("externalId", None, None): "external_id",
    ("displayName", None, None): "name",
    ("name", "formatted", None): "name",
    ("active", None, None): "active",
}
USER_PREFIX = f"{SchemaURI.USER}:".lower()
TRUE, FALSE = ("true", "1"), ("false", "0")


class ScimError(Exception):
    """What a directory is told in SCIM's own form: a status, a type and a sentence."""

    def __init__(self, detail: str, *, status: int = 400, kind: str = "invalidValue") -> None:
        super().__init__(detail)
        self.detail, self.status, self.kind = detail, status, kind

    @property
    def body(self) -> dict[str, Any]:
        """Return the body of the answer; the type only where the standard has one."""
        typed = {"scimType": self.kind} if self.status in (400, 409) else {}
        said = {"schemas": [SchemaURI.ERROR], "status": str(self.status), "detail": self.detail}
        return {**said, **typed}


class KnownOnly(Transpiler):  # type: ignore[misc]
    """Makes a condition of a filter, and refuses what it does not know instead of dropping it."""

    def visit_AttrPath(self, node: Any) -> Any:  # noqa: N802  (the parser's own)
        """Return the column of an attribute."""
        sub = node.sub_attr.value.lower() if node.sub_attr else None
        name = str(node.attr_name).lower()
        if (name, sub, None) not in self.attr_map:
            raise ValueError(name)
        return self.attr_map[(name, sub, None)]


def condition(text: str) -> Q:
    """Return the condition that a filter states; ScimError where it cannot be read."""
    try:
        if len(text) > LONGEST_FILTER or "\x00" in text:
            raise ValueError(text[:20])
        tree = SCIMParser().parse(SCIMLexer().tokenize(_short(text)))
        found = KnownOnly(COLUMNS).transpile(tree)
    except (SCIMParserError, ValueError, AttributeError, TypeError) as error:
        raise ScimError("This filter is not understood.", kind="invalidFilter") from error
    if not isinstance(found, Q):
        raise ScimError("This filter is not understood.", kind="invalidFilter")
    return found


def _short(text: str) -> str:
    """Return a filter without the schema before its attributes, whatever the case it is in."""
    return re.sub(re.escape(USER_PREFIX), "", text, flags=re.IGNORECASE)


def shown(user: DirectoryUser, address: str) -> dict[str, Any]:
    """Return a user as SCIM shows them; *address* is that of all users."""
    return {
        "schemas": [SchemaURI.USER],
        "id": str(user.pk),
        **({"externalId": user.external_id} if user.external_id else {}),
        "userName": user.user_name,
        "name": {"formatted": user.name},
        "displayName": user.name,
        "active": user.active,
        "emails": [{"value": user.user_name, "type": "work", "primary": True}],
        "meta": {
            "resourceType": "User",
            "created": user.created_at.isoformat(),
            "lastModified": user.touched_at.isoformat(),
            "location": f"{address}/{user.pk}",
        },
    }


def said_of(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a whole user says in our fields; what we do not keep is left out."""
    low = {str(key).lower(): value for key, value in body.items()}
    said: dict[str, Any] = {}
    if "username" in low:
        said["user_name"] = _text("userName", low["username"])
    if "externalid" in low:
        said["external_id"] = _text("externalId", low["externalid"] or "")
    if "active" in low:
        said["active"] = truth(low["active"])
    name = low.get("displayname") or _name(low.get("name"))
    if name:
        said["name"] = _text("displayName", name)
    return said


def said_by(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a patch says in our fields, its operations taken in order."""
    low = {str(key).lower(): value for key, value in body.items()}
    operations = low.get("operations")
    if not isinstance(operations, list) or not operations:
        raise ScimError("A patch has operations.", kind="invalidSyntax")
    said: dict[str, Any] = {}
    for one in operations:
        if not isinstance(one, dict):
            raise ScimError("An operation is an object.", kind="invalidSyntax")
        said |= _said_by_one({str(key).lower(): value for key, value in one.items()})
    return said


def truth(value: Any) -> bool:
    """Return yes or no, which some directories put in quotes."""
    text = str(value).lower()
    if text not in TRUE + FALSE:
        raise ScimError("“active” is true or false.")
    return text in TRUE


def _said_by_one(operation: dict[str, Any]) -> dict[str, Any]:
    act, path = str(operation.get("op", "")).lower(), operation.get("path")
    if act not in ("add", "replace", "remove"):
        raise ScimError("An operation adds, replaces or removes.", kind="invalidSyntax")
    if act == "remove":
        if not path:
            raise ScimError("What is to be removed?", kind="noTarget")
        return {"external_id": ""} if _plain(path) == "externalid" else {}
    value = operation.get("value")
    if path:
        return said_of(dict([_attribute(_plain(path), value)]))
    if not isinstance(value, dict):
        raise ScimError("Without a path the value is an object.")
    return said_of(dict(_flat(value)))


def _flat(value: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, one in value.items():
        yield _attribute(_plain(key), one)


def _attribute(path: str, value: Any) -> tuple[str, Any]:
    """Return an attribute and its value where a path leads into one."""
    if path in ("name.formatted", "displayname"):
        return "displayName", value
    return path, value


def _plain(path: Any) -> str:
    return str(path).strip().lower().removeprefix(USER_PREFIX)


def _name(name: Any) -> str:
    if not isinstance(name, dict):
        return ""
    low = {str(key).lower(): value for key, value in name.items()}
    parts = [str(low[part]) for part in ("givenname", "familyname") if low.get(part)]
    return str(low.get("formatted") or "") or " ".join(parts)


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise ScimError(f"“{name}” is text.")
    return value
