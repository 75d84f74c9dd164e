"""Code tables: coded values as data, in step with what the rule compares."""

from __future__ import annotations

from datetime import date

import pytest

from agencies import codes
from agencies.codetable import (
    FOLDER,
    NoSuchCode,
    NoSuchTable,
    code_names,
    code_table,
    coded,
    is_code,
    label,
)
from agencies.codetable import codes as codes_of
from cases.fields.kinds import FIELDS
from cases.models import Case, Item
from cases.statuses import STEPS
from sharing.models import Record, ShareRequest


def test_every_file_is_a_table_under_its_own_name() -> None:
    assert set(code_names()) == {path.stem for path in FOLDER.iterdir()}
    for name in code_names():
        table = code_table(name)
        found = [value["code"] for value in table["values"]]
        assert (table["name"], len(found)) == (name, len(set(found)))
        for value in table["values"]:
            assert {"code", "label", "meaning", "valid_from", "valid_to"} <= set(value)
            assert value["label"]
            assert value["meaning"]


@pytest.mark.parametrize(
    ("table", "known"),
    [
        ("agency_kinds", dict(codes.AgencyKind.choices)),
        ("agency_statuses", dict(codes.AgencyStatus.choices)),
        ("tiers", dict(codes.Tier.choices)),
        ("roles", dict(codes.Role.choices)),
        ("levels", {one.code: one.label for one in codes.Level}),
        ("sensitivities", {one.code: one.label for one in codes.Sensitivity}),
        ("findabilities", dict(Record.Findability.choices)),
        ("request_states", dict(ShareRequest.State.choices)),
        ("later", dict(ShareRequest.Later.choices)),
        ("case_classes", dict(Case.Class.choices)),
        ("item_kinds", dict(Item.Kind.choices)),
    ],
)
def test_tables_agree_with_what_the_code_compares(table: str, known: dict[str, str]) -> None:
    assert {one["code"]: one["label"] for one in code_table(table)["values"]} == known


def test_what_one_table_says_another_knows() -> None:
    for one in code_table("case_types")["values"]:
        assert is_code("findabilities", one["findability"])
        assert one.get("category") is None or is_code("categories", one["category"])
    for one in code_table("case_classes")["values"]:
        assert is_code("categories", one["category"])
    for one in code_table("purposes")["values"]:
        assert set(one["tiers"]) <= set(codes_of("tiers"))
    for one in code_table("item_roles")["values"]:
        assert set(one["kinds"]) <= set(codes_of("item_kinds"))
    steps = {status for step in STEPS for status in (step.source, step.target)}
    assert steps <= set(codes_of("case_statuses"))
    assert set(FIELDS) == set(codes_of("item_kinds"))


def test_one_reason_alone_confirms_nothing() -> None:
    reasons = code_table("denial_reasons")["values"]
    assert [one["code"] for one in reasons if not one["confirms"]] == ["nothing_releasable"]
    assert len(reasons) == 12


def test_protected_roles_are_those_of_people_in_danger() -> None:
    protected = {one["code"] for one in code_table("item_roles")["values"] if one["protected"]}
    assert protected == {"victim", "witness", "complainant", "informant", "undercover"}


def test_a_code_is_valid_on_its_days_only() -> None:
    assert is_code("case_types", "robbery", on=date(2019, 1, 1))
    assert not is_code("case_types", "robbery", on=date(2018, 12, 31))
    assert not is_code("case_types", "mischief")
    assert "robbery" in codes_of("case_types")
    assert "robbery" not in codes_of("case_types", on=date(2018, 12, 31))


def test_labels_fall_back_to_the_code_and_unknown_names_raise() -> None:
    assert (label("case_types", "robbery"), label("case_types", "mischief")) == (
        "Robbery",
        "mischief",
    )
    assert coded("case_types", "robbery")["nibrs"] == ["120"]
    with pytest.raises(NoSuchCode):
        coded("case_types", "mischief")
    for name in ("mischief", "../codetable"):
        with pytest.raises(NoSuchTable):
            code_table(name)
