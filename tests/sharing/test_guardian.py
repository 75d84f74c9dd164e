"""django-guardian reads the rule and writes nothing; has_perm answers for the hat that is worn."""

# ruff: noqa: TID251  (that the banned shortcuts raise is what is tested)

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.core.checks import run_checks
from django.db import DatabaseError, connection, connections, transaction
from django.db.models.functions import Now
from django.test import override_settings
from guardian import shortcuts
from guardian.core import ObjectPermissionChecker
from guardian.models import UserObjectPermission

from agencies.actors import Actor, acting_as
from agencies.codes import Level, Role, Sensitivity
from agencies.models import Membership, Person
from cases.models import Case
from sharing.actions import Action
from sharing.checks import check_backend, check_global_permissions, check_guardian
from sharing.explanation import who_can_see
from sharing.models import Grant, Record, RecordGroupPermission, RecordUserPermission
from sharing.models.object_permission import GrantedElsewhere
from sharing.sealed.refusals import UnopenedRead
from tests.sharing import factory as make

ACTIONS = {
    "know_record": Action.KNOW,
    "list_record": Action.LIST,
    "view_record": Action.READ,
    "contribute_record": Action.CONTRIBUTE,
    "change_record": Action.EDIT,
    "release_record": Action.RELEASE,
}
UP_TO = {
    Level.POINTER: {"know_record"},
    Level.SUMMARY: {"know_record", "list_record"},
    Level.VIEW: {"know_record", "list_record", "view_record"},
    Level.CONTRIBUTE: {"know_record", "list_record", "view_record", "contribute_record"},
}


class Desk(make.World):
    """A case of Alpha given to Bravo at full view, and people of several standings."""

    def __init__(self) -> None:
        super().__init__()
        self.record = make.a_record(self.alpha)
        self.other = make.a_record(self.alpha)
        self.grant = self.share(self.record)
        self.sam = make.an_actor(self.alpha, "sam", Role.SUPERVISOR)
        low = Sensitivity.ROUTINE
        self.actors = [
            self.ana,
            self.bo,
            self.sam,
            make.an_actor(self.bravo, "low", ceiling=low),
            make.an_actor(self.bravo, "aud", Role.AUDITOR),
            make.an_actor(self.charlie, "cleo"),
        ]


@pytest.fixture
def desk(db: None) -> Desk:
    return Desk()


def person_of(actor: Actor) -> Any:
    """Return the person, wearing the hat."""
    person: Any = Person.objects.get(pk=actor.person_id)
    person.actor = actor
    return person


@pytest.mark.parametrize("codename", ACTIONS)
def test_every_way_of_asking_gives_the_rules_answer(desk: Desk, codename: str) -> None:
    action = ACTIONS[codename]
    for actor in desk.actors:
        person = person_of(actor)
        permitted = Record.objects.permitting(actor, action)
        expected = set(permitted.values_list("pk", flat=True))
        checker = ObjectPermissionChecker(person)
        checker.prefetch_perms(Record.objects.unrestricted("a test of guardian's cache"))
        answers = {
            "shortcut": set(
                shortcuts.get_objects_for_user(
                    person, f"sharing.{codename}", klass=permitted
                ).values_list("pk", flat=True)
            ),
            "all that are known": set(
                shortcuts.get_objects_for_user(
                    person,
                    f"sharing.{codename}",
                    klass=Record.objects.permitting(actor, Action.KNOW),
                ).values_list("pk", flat=True)
            ),
            "has_perm": {
                one.pk
                for one in (desk.record, desk.other)
                if person.has_perm(f"sharing.{codename}", one)
            },
            "get_perms": {
                one.pk
                for one in (desk.record, desk.other)
                if codename in shortcuts.get_perms(person, one)
            },
            "prefetched": {
                one.pk for one in (desk.record, desk.other) if checker.has_perm(codename, one)
            },
            "people": {
                one.pk
                for one in (desk.record, desk.other)
                if person in shortcuts.get_users_with_perms(one, only_with_perms_in=[codename])
            },
        }
        assert answers == dict.fromkeys(answers, expected), actor


@pytest.mark.parametrize("level", UP_TO)
def test_each_level_gives_its_permissions_and_no_more(desk: Desk, level: Level) -> None:
    Grant.objects.filter(pk=desk.grant.pk).update(level=level)
    assert set(shortcuts.get_perms(person_of(desk.bo), desk.record)) == UP_TO[level]
    Grant.objects.filter(pk=desk.grant.pk).update(revoked_at=Now(), revoke_reason="misuse")
    assert shortcuts.get_perms(person_of(desk.bo), desk.record) == []


def test_the_people_that_guardian_names_are_those_of_the_explanation(desk: Desk) -> None:
    posts = {post for reach in who_can_see(desk.ana, desk.record.pk) for post in reach.members}
    people = Membership.objects.filter(pk__in=posts).values_list("person_id", flat=True)
    named = shortcuts.get_users_with_perms(desk.record, with_superusers=True)
    assert {person.pk for person in named} == set(people)
    attached = shortcuts.get_users_with_perms(desk.record, attach_perms=True)
    assert set(attached[Person.objects.get(pk=desk.bo.person_id)]) == UP_TO[Level.VIEW]
    assert list(shortcuts.get_groups_with_perms(desk.record)) == []


def test_has_perm_answers_for_the_hat_worn_and_for_no_other(desk: Desk) -> None:
    person = Person.objects.get(pk=desk.bo.person_id)
    other = acting_as(make.a_membership(desk.charlie, person=person))
    assert person_of(desk.bo).has_perm("sharing.view_record", desk.record)
    assert not person_of(other).has_perm("sharing.view_record", desk.record)
    assert not person.has_perm("sharing.view_record", desk.record)
    klass = Record.objects.permitting(other, Action.READ)
    assert not shortcuts.get_objects_for_user(person, "sharing.view_record", klass).exists()


def test_parts_of_records_are_asked_by_the_same_rule(desk: Desk) -> None:
    case = make.a_case(desk.alpha)
    bo, ana = person_of(desk.bo), person_of(desk.ana)
    assert (ana.has_perm("cases.change_case", case), bo.has_perm("cases.view_case", case)) == (
        True,
        False,
    )
    desk.share(case.record)
    assert bo.has_perm("cases.view_case", case)
    assert not bo.has_perm("cases.change_case", case)


@pytest.mark.parametrize(
    "perm",
    [
        "sharing.delete_record",
        "sharing.add_record",
        "sharing.view_case",
        "cases.view_record",
        "sharing.viewrecord",
        "",
        "view",
    ],
)
def test_a_permission_that_the_rule_does_not_know_is_nobodys(desk: Desk, perm: str) -> None:
    assert not person_of(desk.sam).has_perm(perm, desk.record)
    assert person_of(desk.sam).has_perm("view_record", desk.record)


def test_the_disabled_and_the_anonymous_have_nothing(desk: Desk) -> None:
    person = person_of(desk.bo)
    person.is_active = False
    assert not person.has_perm("sharing.view_record", desk.record)
    assert shortcuts.get_perms(person, desk.record) == []
    assert not AnonymousUser().has_perm("sharing.view_record", desk.record)
    with pytest.raises(Person.DoesNotExist):
        shortcuts.get_objects_for_user(AnonymousUser(), "sharing.view_record", klass=known(desk))


def known(desk: Desk) -> Any:
    return Record.objects.permitting(desk.ana, Action.KNOW)


def test_guardian_reads_no_records_that_nobody_opened(desk: Desk) -> None:
    with pytest.raises(UnopenedRead):
        list(shortcuts.get_objects_for_user(person_of(desk.bo), "sharing.view_record"))
    with pytest.raises(UnopenedRead):
        list(shortcuts.get_objects_for_user(person_of(desk.bo), "view_record", klass=Record))


def test_nothing_on_records_is_assigned_or_removed(desk: Desk) -> None:
    person, group = person_of(desk.bo), Group.objects.create(name="Group")
    records = known(desk)
    for attempt in (
        lambda: shortcuts.assign_perm("view_record", person, desk.other),
        lambda: shortcuts.assign_perm("view_record", group, desk.other),
        lambda: shortcuts.assign_perm("view_record", person, records),
        lambda: shortcuts.assign_perm("view_record", group, [desk.other]),
        lambda: shortcuts.assign_perm("view_record", [person], desk.other),
        lambda: shortcuts.assign_perm("view_record", [group], desk.other),
        lambda: shortcuts.remove_perm("view_record", person, desk.record),
        lambda: shortcuts.remove_perm("view_record", group, desk.record),
        lambda: shortcuts.remove_perm("view_record", person, records),
        lambda: shortcuts.remove_perm("view_record", [person], desk.record),
        RecordUserPermission.objects.create,
        RecordGroupPermission.objects.get_or_create,
        lambda: RecordUserPermission().save(),
        lambda: RecordGroupPermission().save(),
        lambda: RecordUserPermission().delete(),
        lambda: RecordGroupPermission().delete(),
    ):
        with pytest.raises(GrantedElsewhere, match="open_request"):
            attempt()
    assert set(shortcuts.get_perms(person, desk.record)) == UP_TO[Level.VIEW]
    assert shortcuts.get_perms(person, desk.other) == []


def test_rows_written_or_deleted_past_the_models_change_nothing(desk: Desk) -> None:
    permission = Permission.objects.get(codename="view_record")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO sharing_recorduserpermission VALUES (1, %s, %s, %s)",
            [desk.bo.person_id, permission.pk, desk.other.pk],
        )
        cursor.execute("DELETE FROM sharing_recorduserpermission")
        cursor.execute("UPDATE sharing_recorduserpermission SET content_object_id = NULL")
    assert RecordUserPermission.objects.filter(user=desk.bo.person_id).count() == 3


def test_parts_of_records_cannot_be_assigned_either(desk: Desk) -> None:
    case = make.a_case(desk.alpha)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        shortcuts.assign_perm("view_case", person_of(desk.bo), case)
    assert not UserObjectPermission.objects.exists()
    assert shortcuts.get_perms(person_of(desk.ana), case) == []


def test_the_application_cannot_give_a_permission_on_all_records(desk: Desk) -> None:
    person = person_of(desk.bo)
    for attempt in (
        lambda: shortcuts.assign_perm("sharing.view_record", person),
        lambda: shortcuts.assign_perm("cases.view_case", Group.objects.create(name="x")),
    ):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            attempt()


def test_a_permission_on_all_records_is_honored_nowhere_and_reported(
    cloned_database: str,
) -> None:
    desk = Desk()
    permission = Permission.objects.get(codename="view_record")
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO agencies_person_user_permissions (person_id, permission_id)"
            " VALUES (%s, %s)",
            [desk.bo.person_id, permission.pk],
        )
    bo = person_of(desk.bo)
    assert not bo.has_perm("sharing.view_record")
    assert not bo.has_perm("sharing.view_record", desk.other)
    klass = Record.objects.unrestricted("a test of guardian's global permissions")
    found = shortcuts.get_objects_for_user(bo, "sharing.view_record", klass=klass)
    assert [one.pk for one in found] == [desk.record.pk]
    errors = run_checks(tags=["database"], databases=["default"])
    assert [error.id for error in errors if error.id.startswith("sharing")] == ["sharing.E003"]
    assert check_global_permissions(None, databases=None) == []


def test_the_checks_pass_here_and_fail_where_the_settings_open_a_way() -> None:
    assert check_backend(None) == check_guardian(None) == []
    with override_settings(
        AUTHENTICATION_BACKENDS=["django.contrib.auth.backends.ModelBackend"],
        GUARDIAN_MONKEY_PATCH_USER=True,
        ANONYMOUS_USER_NAME="anonymous",
    ):
        assert [error.id for error in check_backend(None)] == ["sharing.E001"]
        assert [error.id for error in check_guardian(None)] == ["sharing.E002", "sharing.E002"]


def test_other_things_are_not_the_backends_to_decide(desk: Desk) -> None:
    administrator = person_of(desk.ana)
    administrator.is_staff = True
    assert administrator.has_perm("agencies.view_agency")
    assert administrator.has_perm("agencies.view_agency", desk.alpha)
    assert not administrator.has_perm("cases.view_case")


def test_a_case_is_read_back_as_its_record_allows(desk: Desk) -> None:
    case = make.a_case(desk.alpha)
    desk.share(case.record, level=Level.SUMMARY, scope="record")
    cases = Case.objects.permitting(desk.bo, Action.LIST)
    assert [one.pk for one in cases] == [case.pk]
    assert not person_of(desk.bo).has_perm("cases.view_case", case)
    assert person_of(desk.bo).has_perm("cases.list_case", case)
