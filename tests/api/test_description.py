"""The description of the interface: whole, open to read, and true of every call."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client
from drf_spectacular.validation import validate_schema

from portal.api.schema import document
from tests.api.contract import validator

COMPONENTS: dict[str, Any] = document()["components"]["schemas"]
CALLS = [
    (method, path, operation)
    for path, methods in document()["paths"].items()
    for method, operation in methods.items()
]
IDS = [f"{method} {path}" for method, path, _ in CALLS]
ALWAYS = {"400", "401", "403", "429", "503"}
SEARCH = "/api/v1/search"


def test_the_document_is_openapi_3_1() -> None:
    validate_schema(document())
    assert document()["openapi"].startswith("3.1")


def test_anyone_may_read_it_and_it_is_json() -> None:
    for address in ("/api/v1/schema", "/api/v1/schema/"):
        answer = Client().get(address)
        assert answer.status_code == 200
        assert json.loads(answer.content) == json.loads(json.dumps(document()))


@pytest.mark.parametrize("address", ["/api/v1/docs", "/api/v1/docs/", "/api/v1/docs/?script="])
def test_the_page_about_it_holds_no_script_of_its_own(address: str) -> None:
    answer = Client().get(address)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "'unsafe" not in answer["Content-Security-Policy"]
    assert re.search(r"<style|<script>|<script (?!src=)| on\w+=|https?://", text) is None


def test_no_answer_is_described_twice_under_one_name() -> None:
    names = [operation["operationId"] for _, _, operation in CALLS]
    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize(("method", "path", "operation"), CALLS, ids=IDS)
def test_a_call_names_every_answer(method: str, path: str, operation: dict[str, Any]) -> None:
    expected = set(ALWAYS)
    if "{" in path or (path == "/api/v1/share-requests" and method == "post"):
        expected.add("404")
    if path == SEARCH:
        expected |= {"413", "415"}
    elif method in ("post", "patch"):
        expected |= {"409", "413", "415"}
    if method == "patch":
        expected |= {"412", "428"}
    optional = [one for one in operation["parameters"] if one["name"] == "If-Match"]
    if optional:
        expected.add("412")
    found = set(operation["responses"])
    assert {status for status in found if status >= "400"} == expected
    assert len(found - expected) == 1


@pytest.mark.parametrize(("method", "path", "operation"), CALLS, ids=IDS)
def test_a_call_has_words_and_right_examples(
    method: str, path: str, operation: dict[str, Any]
) -> None:
    assert operation["summary"]
    assert operation["description"]
    assert all(parameter["description"] for parameter in operation["parameters"])
    assert operation["security"] == [{"token": []}, {"session": []}]
    for status, answer in operation["responses"].items():
        [content] = answer["content"].values()
        assert content["examples"], status
        for example in content["examples"].values():
            errors = list(validator(content["schema"]["$ref"]).iter_errors(example["value"]))
            assert not errors, (status, errors[0].json_path, errors[0].message)


@pytest.mark.parametrize("name", COMPONENTS)
def test_every_field_says_what_it_is(name: str) -> None:
    silent = [
        field for field, schema in COMPONENTS[name]["properties"].items() if not described(schema)
    ]
    assert COMPONENTS[name].get("description"), name
    assert silent == []


def described(schema: dict[str, Any]) -> bool:
    return bool(schema.get("description"))
