"""A client that holds every answer to the description of the interface."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from rest_framework.test import APIClient

from portal.api.schema import PREFIX, document

ALSO = {404: "an address that is none", 405: "a method that is none"}


@cache
def operations() -> list[tuple[re.Pattern[str], str, dict[str, Any]]]:
    """Return (address, method, operation) of every call described."""
    found = []
    for path, methods in document()["paths"].items():
        pattern = re.compile(re.sub(r"\{\w+\}", "[^/]+", path) + "/?")
        found += [(pattern, method, operation) for method, operation in methods.items()]
    return found


def operation_of(method: str, path: str) -> dict[str, Any] | None:
    """Return the description of a call, if there is one."""
    wanted = "get" if method == "HEAD" else method.lower()
    for pattern, known, operation in operations():
        if known == wanted and pattern.fullmatch(path):
            return operation
    return None


@cache
def validator(schema: str) -> Draft202012Validator:
    """Return the validator of one component."""
    components = {"components": document()["components"]}
    return Draft202012Validator({"$ref": schema, **components}, format_checker=FormatChecker())


def conform(method: str, path: str, answer: Any) -> None:
    """Assert that *answer* is one that the description of its call promises."""
    operation = operation_of(method, path)
    if operation is None:
        assert answer.status_code in ALSO, f"{method} {path} is not described"
        return
    if answer.status_code in (304, 405):
        return
    promised = operation["responses"].get(str(answer.status_code))
    assert promised is not None, f"{method} {path} does not promise {answer.status_code}"
    kind = answer["Content-Type"]
    content = promised["content"].get(kind)
    assert content is not None, f"{method} {path} does not promise {kind}"
    if answer.content:
        errors = list(validator(content["schema"]["$ref"]).iter_errors(answer.json()))
        assert not errors, f"{method} {path}: {errors[0].json_path}: {errors[0].message}"


class CheckedClient(APIClient):
    """A caller whose every answer must be as described."""

    def request(self, **kwargs: Any) -> Any:
        """Send a request and check its answer."""
        answer = super().request(**kwargs)
        path = kwargs["PATH_INFO"]
        if path.startswith(PREFIX):
            conform(kwargs["REQUEST_METHOD"], path, answer)
        return answer
