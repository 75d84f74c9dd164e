"""The administration pages: who there is, to look at, with the few things that are done there.

Everything is done by the services; nothing is edited, and no record has a page here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from allauth.account.decorators import secure_admin_login
from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from agencies.models import (
    Agency,
    Agreement,
    Membership,
    Party,
    Person,
    Secondment,
    TaskForce,
)
from agencies.reauthentication import recently_authenticated_to_send
from agencies.refusals import Refusal
from agencies.services import (
    confirm_enabling,
    disable_person,
    end_agreement,
    end_membership,
    end_secondment,
    end_sessions_of,
    leave_agreement,
    propose_enabling,
    release_account,
    resume_agreement,
    suspend_agreement,
)

Service = Callable[[Any, Any], object]


class Administration(admin.AdminSite):
    """The administration pages, for portal administrators, behind the portal's own sign-in."""

    site_header = site_title = "Liaison administration"
    index_title = "Agencies, people and agreements"

    def has_permission(self, request: HttpRequest) -> bool:
        """Return whether a portal administrator asks."""
        return bool(request.user.is_active and request.user.is_staff)

    def get_urls(self) -> list[Any]:
        """Return the addresses, but none that leads from the id of any object to its own page."""
        return [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Return a page of the administration; what it sends needs somebody who just confirmed."""
        return recently_authenticated_to_send(super().admin_view(view, cacheable))

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Lead to the portal's own page: there is one way to change a password."""
        return redirect("account_change_password")

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Send to the portal's sign-in, with its limits."""
        return secure_admin_login(super().login)(request, extra_context)  # type: ignore[no-any-return]


site = Administration(name="admin")


def done_by(service: Service, words: str) -> Any:
    """Return an action that hands each chosen row to *service* and says what was refused."""

    @admin.action(description=words, permissions=["view"])
    def act(model_admin: Any, request: Any, rows: QuerySet[Any]) -> None:
        for row in rows:
            try:
                service(request.actor, row)
            except Refusal as refusal:
                model_admin.message_user(request, f"{row}: {refusal.reason}", messages.ERROR)

    act.__name__ = words.lower().replace(" ", "_")
    return act


def _leave(by: Any, party: Party) -> None:
    leave_agreement(by, party.agreement, party.agency)


class Shown(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows to look at; nothing is added, edited or removed here."""

    exclude: ClassVar = ["password", "groups", "user_permissions"]

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Return False: services add."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Return False: services change."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Return False: nothing is deleted."""
        return False


@admin.register(Agency, site=site)
class AgencyAdmin(Shown):
    """Agencies, to look at; how they stand is changed on their page of onboarding."""

    list_display = ("name", "short_name", "ori", "kind", "tier", "status")
    list_filter = ("status", "kind", "tier")
    search_fields = ("name", "short_name", "ori")


@admin.register(Person, site=site)
class PersonAdmin(Shown):
    """People, who are shut out here."""

    list_display = ("name", "email", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("name", "email")
    actions = (
        done_by(disable_person, "Disable now"),
        done_by(propose_enabling, "Propose to enable"),
        done_by(confirm_enabling, "Confirm to enable"),
        done_by(release_account, "Release a locked account"),
        done_by(end_sessions_of, "End all sessions"),
    )


@admin.register(Membership, site=site)
class MembershipAdmin(Shown):
    """Posts, which are ended here."""

    list_display = ("person", "agency", "roles", "ceiling", "started_at", "ended_at")
    list_select_related = ("person", "agency")
    search_fields = ("person__name", "person__email", "agency__name")
    actions = (done_by(end_membership, "End now"),)


@admin.register(Agreement, site=site)
class AgreementAdmin(Shown):
    """Agreements, which are suspended, resumed and ended here."""

    list_display = ("number", "title", "kind", "effective_at", "expires_at", "terminated_at")
    list_filter = ("kind",)
    search_fields = ("number", "title")
    actions = (
        done_by(suspend_agreement, "Suspend"),
        done_by(resume_agreement, "Resume"),
        done_by(end_agreement, "End for all parties"),
    )


@admin.register(Party, site=site)
class PartyAdmin(Shown):
    """Who signed which agreement; a party leaves here."""

    list_display = ("agency", "agreement", "joined_at", "left_at")
    list_select_related = ("agency", "agreement")
    search_fields = ("agency__name", "agreement__number")
    actions = (done_by(_leave, "Leave the agreement"),)


@admin.register(TaskForce, site=site)
class TaskForceAdmin(Shown):
    """Task forces, to look at."""

    list_display = ("name", "short_name", "lead", "agreement")
    list_select_related = ("lead", "agreement")


@admin.register(Secondment, site=site)
class SecondmentAdmin(Shown):
    """Who serves on which task force; a secondment is ended here."""

    list_display = ("membership", "task_force", "started_at", "ended_at")
    list_select_related = ("membership", "task_force")
    actions = (done_by(end_secondment, "End now"),)
