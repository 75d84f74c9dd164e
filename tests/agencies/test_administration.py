"""The administration pages: for administrators, to look at, changing only through the services."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse

from agencies.admin import site
from agencies.backends import SHOWN, AdministratorBackend
from agencies.models import Agency, Person
from agencies.services import end_agreement, form_task_force, second
from ledger.models import Event
from tests.agencies.cast import PORTAL, Cast, agreement, last_event

LISTS = [f"/admin/agencies/{model}/" for model in SHOWN]


@pytest.fixture
def root(cast: Cast, client: Client) -> Client:
    client.force_login(Person.objects.get(pk=cast.root.person_id))
    return client


def chosen(action: str, row: Any) -> dict[str, Any]:
    """Return what the list sends when one row and an action are chosen."""
    return {"action": action, "_selected_action": [row.pk]}


@pytest.mark.parametrize("path", ["/admin/", *LISTS])
def test_an_administrator_looks_and_nobody_else_does(cast: Cast, root: Client, path: str) -> None:
    force = form_task_force(
        PORTAL,
        short_name="river",
        name="River",
        lead=cast.alpha,
        agreement=agreement(cast.alpha, cast.bravo),
    )
    second(PORTAL, force, cast.bo)
    assert root.get(path).status_code == 200
    other = Client()
    assert other.get(path).status_code == 302
    other.force_login(cast.kim.person)
    assert other.get(path).status_code == 302


def test_only_what_is_of_this_app_has_a_page() -> None:
    assert {model._meta.label_lower for model in site._registry} == {
        f"agencies.{model}" for model in SHOWN
    }


@pytest.mark.parametrize("path", LISTS)
def test_nothing_is_added_edited_or_deleted_by_hand(cast: Cast, root: Client, path: str) -> None:
    assert root.get(f"{path}add/").status_code == 403
    page = root.get(f"/admin/agencies/agency/{cast.alpha.pk}/change/")
    assert "_save" not in page.content.decode()
    changed = root.post(f"/admin/agencies/agency/{cast.alpha.pk}/change/", {"name": "X"})
    assert changed.status_code == 403
    deleted = root.post(f"/admin/agencies/agency/{cast.alpha.pk}/delete/", {"post": "yes"})
    assert deleted.status_code == 403
    cast.alpha.refresh_from_db()
    assert cast.alpha.name == "Alpha Police"


def test_a_password_is_not_shown(cast: Cast, root: Client) -> None:
    page = root.get(f"/admin/agencies/person/{cast.ana.person_id}/change/").content.decode()
    assert "ana@example.org" in page
    assert cast.ana.person.password not in page
    assert "md5" not in page


@pytest.mark.parametrize(
    ("path", "action", "event"),
    [
        ("person", "disable_now", "person.disabled"),
        ("membership", "end_now", "membership.ended"),
        ("agreement", "suspend", "agreement.suspended"),
        ("agreement", "end_for_all_parties", "agreement.ended"),
        ("party", "leave_the_agreement", "agreement.left"),
        ("secondment", "end_now", "secondment.ended"),
    ],
)
def test_each_action_is_its_service(
    cast: Cast, root: Client, path: str, action: str, event: str
) -> None:
    made = agreement(cast.alpha, cast.bravo)
    force = form_task_force(
        PORTAL, short_name="river", name="River", lead=cast.alpha, agreement=made
    )
    rows: dict[str, Any] = {
        "person": cast.ana.person,
        "membership": cast.ana,
        "agreement": made,
        "party": made.parties.get(agency=cast.bravo),
        "secondment": second(PORTAL, force, cast.bo),
    }
    root.post(f"/admin/agencies/{path}/", chosen(action, rows[path]))
    assert (last_event().kind, last_event().person) == (event, cast.root.person_id)


def test_what_a_service_refuses_is_said(cast: Cast, root: Client) -> None:
    made = end_agreement(PORTAL, agreement(cast.alpha, cast.bravo))
    before = Event.objects.count()
    page = root.post("/admin/agencies/agreement/", chosen("resume", made), follow=True)
    assert "This agreement has been terminated." in page.content.decode()
    assert Event.objects.count() == before


def test_somebody_else_who_sends_the_action_changes_nothing(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.sam.person)
    client.post("/admin/agencies/agency/", chosen("suspend", cast.bravo))
    assert Agency.objects.get(pk=cast.bravo.pk).status == "active"


def test_administration_signs_in_where_everyone_does(db: None, client: Client) -> None:
    response = client.get("/admin/login/")
    where = f"{reverse(settings.LOGIN_URL)}?next=/admin/login/"
    assert (response.status_code, response["Location"]) == (302, where)


def test_whoever_is_no_administrator_is_told_so(cast: Cast, client: Client) -> None:
    client.force_login(cast.kim.person)
    assert client.get("/admin/", follow=True).status_code == 403


def test_the_permissions_of_an_administrator_are_to_look_at_this_app(cast: Cast) -> None:
    root = Person.objects.get(pk=cast.root.person_id)
    backend = AdministratorBackend()
    assert root.has_perm("agencies.view_agency")
    assert backend.has_module_perms(root, "agencies")
    for refused in (
        "agencies.change_agency",
        "agencies.view_personaltoken",
        "sharing.view_record",
        "sharing.view_grant",
        "cases.view_case",
        "ledger.view_event",
    ):
        assert not backend.has_perm(root, refused)
    assert not backend.has_module_perms(root, "sharing")
    for other in (cast.kim.person, AnonymousUser()):
        assert not backend.has_perm(other, "agencies.view_agency")
        assert not backend.has_module_perms(other, "agencies")
    root.is_active = False
    assert not backend.has_perm(root, "agencies.view_agency")
