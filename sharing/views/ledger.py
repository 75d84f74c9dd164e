"""The audit log of the actor's agency."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agencies.codes import READING_ROLES, Role
from agencies.forms import values_of
from agencies.portal_request import PortalRequest
from agencies.refusals import NotAllowed
from sharing.forms import LedgerForm
from sharing.history import events_for


@require_safe
def ledger(request: PortalRequest) -> HttpResponse:
    """Show what happened to the records of the actor's agency, and who read them."""
    if not request.actor.holds(*READING_ROLES, Role.AUDITOR):
        raise NotAllowed("The audit log is read by an agency's own readers and its auditors.")
    form = LedgerForm(request.GET)
    values = values_of(form)
    since, until = period_of(values)
    history = events_for(
        request.actor,
        since=since,
        until=until,
        kind=values.get("kind", ""),
        person=values.get("person", ""),
    )
    events, older = history.page(after=values.get("after"))
    context = {
        "form": form,
        "events": events,
        "older": str(older or ""),
        "newer": "after" in values,
        "query": {name: str(value) for name, value in values.items() if name != "after"},
    }
    return render(request, "sharing/ledger.html", context)


def period_of(values: dict[str, Any]) -> tuple[datetime | None, datetime | None]:
    """Return the days from and to, both with their whole length, in the agency's time zone."""
    to: date | None = values.get("to")
    return _midnight(values.get("since")), _midnight(to + timedelta(days=1)) if to else None


def _midnight(day: date | None) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, time())) if day else None
