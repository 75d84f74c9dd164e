"""Applications come in by the public form, are verified by e-mail, and are taken up or declined."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import available_timezones

from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Now

from agencies.authority import By, require_administrator
from agencies.clock import database_time
from agencies.codes import AgencyKind, AgencyStatus
from agencies.codetable import is_code
from agencies.lines import email_address, line, one_of, ori_number, passage
from agencies.lines import short_name as checked_short_name
from agencies.models import Agency, Application, Onboarding, Roster
from agencies.onboarding.figures import (
    APPLICATIONS_PER_ADDRESS,
    APPLICATIONS_PER_EMAIL,
    CONFIRM_WITHIN,
)
from agencies.onboarding.telling import APPLICANT_LINK, APPLICATION_WAITS, news_for
from agencies.refusals import Conflict, Invalid, NotVisible
from agencies.services.step import take_step
from ledger.doer import Portal
from ledger.services import Tell, record_event

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@transaction.atomic
def send_application(
    *,
    sent_from: str,
    agency_name: str,
    kind: str,
    ori: str = "",
    legal_basis: str = "",
    parent: str = "",
    applicant: str,
    title: str = "",
    email: str,
    phone: str,
) -> Application | None:
    """Keep what somebody typed and mail them a link to verify it; None beyond the limits.

    Nothing depends on whether the agency is known.  Raises Invalid, and Conflict where too many
    came from that network address (*sent_from*, a keyed digest) within the hour.
    """
    values: dict[str, Any] = {
        "agency_name": line("agency_name", agency_name, longest=200),
        "kind": one_of("kind", kind, AgencyKind.values),
        **_authority(ori, legal_basis),
        "parent": line("parent", parent, longest=200, may_be_empty=True),
        "applicant": line("applicant", applicant, longest=120),
        "title": line("title", title, longest=80, may_be_empty=True),
        "email": email_address(email),
        "phone": line("phone", phone, longest=40),
    }
    if not _may_be_sent(sent_from, values["email"]):
        return None
    application = Application.objects.create(sent_from=sent_from, **values)
    tell = [Tell(APPLICANT_LINK, application.pk)]
    record_event(Portal(), "application.sent", application, tell=tell, sort=kind)
    return application


def _may_be_sent(sent_from: str, email: str) -> bool:
    """Return whether an e-mail address is within its day's limit; Conflict where too many
    applications came from that network address in an hour.
    """
    _counted_one_by_one()
    if _since(HOUR, sent_from=sent_from) >= APPLICATIONS_PER_ADDRESS:
        raise Conflict(
            "Too many applications came from your network in the last hour. Send it again later;"
            " what you typed is still here.",
            code="too_many",
        )
    return _since(DAY, email=email) < APPLICATIONS_PER_EMAIL


def _authority(ori: str, legal_basis: str) -> dict[str, str]:
    """Return by what authority an agency applies: its ORI, else the law that it rests on."""
    basis = passage("legal_basis", legal_basis, may_be_empty=True)
    if not ori.strip() and not basis:
        raise Invalid({"legal_basis": "Without an ORI, say by what law your agency exists."})
    return {"ori": ori_number(ori) if ori.strip() else "", "legal_basis": basis}


def _counted_one_by_one() -> None:
    """Keep two transactions from counting the same applications."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('applications'))")


def _since(span: timedelta, **of: str) -> int:
    return Application.objects.filter(sent_at__gt=database_time() - span, **of).count()


@transaction.atomic
def confirm_application(application: Application) -> Application:
    """Take the link in the mail as proof of the address, and tell administrators.  Idempotent."""
    application = Application.objects.select_for_update().get(pk=application.pk)
    if application.state != Application.State.SENT:
        return application
    now = database_time()
    if now > application.sent_at + CONFIRM_WITHIN:
        raise Conflict("This link has expired. Send the form again.", code="expired")
    application.state, application.confirmed_at = Application.State.CONFIRMED, now
    application.save(update_fields=["state", "confirmed_at"])
    record_event(
        Portal(),
        "application.confirmed",
        application,
        tell=[Tell(APPLICATION_WAITS, application.pk)],
    )
    return application


@transaction.atomic
def take_up_application(
    by: By, application: Application, *, short_name: str, name: str, kind: str, time_zone: str
) -> Agency:
    """Begin an agency's onboarding: its directory entry becomes it, or a new row does.

    Raises Conflict where that agency is on its way, on board or closed.
    """
    require_administrator(by)
    application = _waiting(application)
    agency = _agency_of(application, checked_short_name(short_name))
    agency.short_name = checked_short_name(short_name)
    agency.name = line("name", name, longest=200)
    agency.kind = one_of("kind", kind, AgencyKind.values)
    agency.ori = application.ori or None
    agency.time_zone = one_of("time_zone", time_zone, available_timezones())
    agency.save()
    Roster.objects.get_or_create(
        id=agency.pk, defaults={"kind": Roster.Kind.AGENCY, "agency": agency}
    )
    Onboarding.objects.filter(agency=agency, ended_at__isnull=True).update(ended_at=Now())
    Onboarding.objects.create(agency=agency, application=application)
    _decide(application, Application.State.OPENED, agency=agency)
    take_step(by, agency, "apply", application=application.pk, tell=news_for(application))
    return agency


@transaction.atomic
def decline_application(by: By, application: Application, *, reason_code: str) -> Application:
    """Refuse to take up an application; its applicant sees the reason."""
    require_administrator(by)
    if not is_code("decline_reasons", reason_code):
        raise Invalid({"reason_code": "Choose a reason."})
    application = _waiting(application)
    _decide(application, Application.State.DECLINED, reason_code=reason_code)
    record_event(
        by, "application.declined", application, tell=news_for(application), reason=reason_code
    )
    return application


def _waiting(application: Application) -> Application:
    application = Application.objects.select_for_update().get(pk=application.pk)
    if application.state == Application.State.SENT:
        raise NotVisible
    if application.state != Application.State.CONFIRMED:
        raise Conflict("This application has been decided already.", code="decided")
    return application


def _decide(application: Application, state: str, **values: Any) -> None:
    for field, value in {**values, "state": state, "decided_at": database_time()}.items():
        setattr(application, field, value)
    application.save(update_fields=[*values, "state", "decided_at"])


def _agency_of(application: Application, short_name: str) -> Agency:
    """Return the locked row of the agency that applies, or a new one."""
    same = Q(short_name__iexact=short_name)
    if application.ori:
        same |= Q(ori__iexact=application.ori)
    rows = list(Agency.objects.select_for_update().filter(same).order_by("pk"))
    startable = (AgencyStatus.DIRECTORY, AgencyStatus.ENQUIRY)
    if len(rows) > 1 or any(row.status not in startable for row in rows):
        raise Conflict(
            "An agency with that short name or ORI is on its way, on board or closed.",
            code="agency_known",
        )
    return rows[0] if rows else Agency()
