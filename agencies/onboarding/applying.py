"""The public pages: the form, the look-up of one's agency, and the applicant's own page.

They answer the same whether an agency is known, on board or not.
"""

from __future__ import annotations

from functools import partial

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies.forms import sent, values_of
from agencies.models import Agency, Application
from agencies.onboarding.answering import answer_page, answered
from agencies.onboarding.forms import NameContactForm
from agencies.onboarding.links import application_of, digest_of, token_of
from agencies.onboarding.lookup import listed_agencies, listed_agency, looks_too_often
from agencies.onboarding.progress import progress_of
from agencies.onboarding.public_forms import ApplicationForm, LookupForm
from agencies.refusals import Conflict, Invalid, NotVisible
from agencies.services import confirm_application, name_contact, send_application
from agencies.services.pilot import NAMEABLE
from ledger.doer import Portal

FIND = "find"
TOO_MANY = "too_many"


def address_of(request: HttpRequest) -> str:
    """Return the network address that a request comes from."""
    return str(get_adapter(request).get_client_ip(request))


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest) -> HttpResponse:
    """Show the form, look for an agency by its button, or take the application."""
    if request.method != "POST":
        return _form(request, ApplicationForm(), QueryDict())
    typed = _with_entry(request.POST)
    form = ApplicationForm(typed)
    if typed.get("step") == FIND:
        return _form(request, form, typed, fresh=True)
    if _received(form, digest_of(address_of(request))):
        return redirect("apply_sent")
    return _form(request, form, typed, status=429 if form.has_error("__all__", TOO_MANY) else 422)


def _with_entry(posted: QueryDict) -> QueryDict:
    """Return what was typed, with what the directory says of the entry that was picked."""
    typed = posted.copy()
    entry = listed_agency(str(posted["pick"])) if posted.get("pick") else None
    if entry is not None:
        typed["ori"] = entry.ori or ""
        typed["kind"] = typed.get("kind") or entry.kind
        typed["agency_name"] = typed.get("agency_name") or entry.name
    return typed


def _received(form: ApplicationForm, sent_from: str) -> bool:
    """Return whether the application is valid and was taken; what is to mend is on the form."""
    if not form.is_valid():
        return False
    try:
        send_application(sent_from=sent_from, **form.cleaned_data)
    except Invalid as refusal:
        for field, errors in refusal.errors.items():
            form.add_error(field, errors)
    except Conflict as refusal:
        form.add_error(None, ValidationError(refusal.reason, code=TOO_MANY))
    return not form.errors


def _form(
    request: HttpRequest,
    form: ApplicationForm,
    typed: QueryDict,
    *,
    fresh: bool = False,
    status: int = 200,
) -> HttpResponse:
    find = LookupForm(typed or None)
    context = {"form": form, "find": find, "fresh": fresh, **_found(request, find, typed)}
    return render(request, "onboarding/apply.html", context, status=status)


def _found(request: HttpRequest, find: LookupForm, typed: QueryDict) -> dict[str, object]:
    """Return the entries that were looked for, which of them was picked, and whether to wait."""
    text = values_of(find).get("q", "") if find.is_bound else ""
    wait = bool(text) and looks_too_often(address_of(request))
    return {
        "looked_for": text,
        "found": [] if wait else listed_agencies(text),
        "wait": wait,
        "picked": typed.get("pick", ""),
    }


@login_not_required
@never_cache
@require_safe
def look_up(request: HttpRequest) -> HttpResponse:
    """Show the directory's entries for what is being typed, as a part of the page."""
    find = LookupForm(request.GET)
    return render(request, "onboarding/_found.html", _found(request, find, request.GET))


@login_not_required
@require_safe
def apply_sent(request: HttpRequest) -> HttpResponse:
    """Say that a mail is on its way, whoever applied for whatever."""
    return render(request, "onboarding/sent.html")


@login_not_required
@never_cache
@require_safe
def application(request: HttpRequest, token: str) -> HttpResponse:
    """Show an applicant how far the application is; opening it changes nothing."""
    return _page(request, application_of(token))


def _page(
    request: HttpRequest,
    found: Application,
    *,
    contact_form: NameContactForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "application": found,
        "token": token_of(found),
        "progress": progress_of(found),
        "contact_form": contact_form or NameContactForm(),
    }
    return render(request, "onboarding/progress.html", context, status=status)


@login_not_required
@never_cache
@require_POST
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Take the press of the button as proof of the address."""
    confirm_application(application_of(token))
    return redirect("application", token=token)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str, topic: str) -> HttpResponse:
    """Show one question to an applicant, and keep the answer."""
    _, agency = _taken_up(token)
    form = answered(request, Portal(), agency, topic)
    if form is None:
        return redirect("application", token=token)
    back = reverse("application", args=[token])
    return answer_page(request, form, agency, topic, back=back)


@login_not_required
@never_cache
@require_POST
def contact(request: HttpRequest, token: str) -> HttpResponse:
    """Keep whom an applicant names for what."""
    found, agency = _taken_up(token)
    form = NameContactForm(request.POST)
    if sent(form, partial(name_contact, Portal(), agency)) is None:
        return _page(request, found, contact_form=form, status=422)
    return redirect("application", token=token)


def _taken_up(token: str) -> tuple[Application, Agency]:
    """Return an application and its agency, which is on its way on board; NotVisible else."""
    found = application_of(token)
    if found.state != Application.State.OPENED or found.agency is None:
        raise NotVisible
    if found.agency.status not in NAMEABLE:
        raise NotVisible
    return found, found.agency
