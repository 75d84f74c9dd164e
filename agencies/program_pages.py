"""The pages of an agency's programs: registered, given secrets, handed over, revoked."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies.actors import Actor
from agencies.codes import Role, Sensitivity
from agencies.forms import sent
from agencies.models import Membership, Program
from agencies.models.program import PROGRAM_ROLES
from agencies.portal_request import PortalRequest
from agencies.reauthentication import recently_authenticated, recently_authenticated_to_send
from agencies.refusals import NotAllowed, NotVisible
from agencies.services import draw_secret, hand_program_over, register_program, revoke_program
from agencies.services.membership import RESTRICTING
from agencies.services.program import LONGEST_NAME
from agencies.token_pages import SCOPE_CHOICES
from agencies.tokens import READ, tokens_of_agency

ROLE_CHOICES = [(role.value, role.label) for role in PROGRAM_ROLES]


class PostChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """The posts of people of one agency, by name."""

    def label_from_instance(self, obj: Any) -> str:
        """Return the person and the roles."""
        roles = ", ".join(Role(role).label for role in obj.roles)
        return f"{obj.person.name}: {roles}"


class AnswerableForm(forms.Form):
    """Who answers for a program."""

    answerable = PostChoice(
        Membership.objects.none(), label="Who answers for it?", empty_label="Choose somebody"
    )

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        posts = Membership.objects.acting().people().filter(agency=actor.agency_id)
        field: Any = self.fields["answerable"]
        field.queryset = posts.select_related("person").order_by("person__name", "pk")


class ProgramForm(AnswerableForm):
    """What a program is, who answers for it and how far it reaches."""

    name = forms.CharField(
        label="Name", max_length=LONGEST_NAME, help_text="As it will stand in audit logs."
    )
    roles = forms.MultipleChoiceField(
        label="It works as", choices=ROLE_CHOICES, widget=forms.CheckboxSelectMultiple
    )
    ceiling = forms.TypedChoiceField(
        label="It reads up to",
        choices=Sensitivity.choices,
        coerce=lambda one: Sensitivity(int(one)),
    )
    scopes = forms.MultipleChoiceField(
        label="It may", choices=SCOPE_CHOICES, widget=forms.CheckboxSelectMultiple, initial=[READ]
    )
    field_order = ("name", "answerable", "roles", "ceiling", "scopes")


@require_safe
def program_list(request: PortalRequest) -> HttpResponse:
    """Show the programs that the reader coordinates, may stop, or answers for."""
    actor = request.actor
    context = {
        "programs": programs_for(actor),
        "working": set(Program.objects.working().values_list("pk", flat=True)),
        "coordinates": actor.holds(Role.COORDINATOR),
        "tokens": tokens_of_agency(actor),
        "seat": actor.membership_id,
    }
    return render(request, "agencies/programs.html", context)


@recently_authenticated
@require_http_methods(["GET", "HEAD", "POST"])
def program_new(request: PortalRequest) -> HttpResponse:
    """Register a program; the secret is drawn by whoever answers for it."""
    actor = coordinating(request)
    form = ProgramForm(request.POST if request.method == "POST" else None, actor=actor)
    if request.method == "POST":
        program = sent(form, lambda **said: register_program(actor, **said))
        if program is not None:
            messages.success(request, f"Registered. {_next(actor, program)}")
            return redirect("program_list")
    status = 422 if form.is_bound else 200
    return render(request, "agencies/program_form.html", {"form": form}, status=status)


@recently_authenticated
@require_POST
def program_secret(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Draw a new secret and show it this once."""
    program = one_of(request.actor, pk)
    plain = draw_secret(request.actor, program)
    return render(request, "agencies/program_secret.html", {"program": program, "plain": plain})


@recently_authenticated
@require_http_methods(["GET", "HEAD", "POST"])
def program_hand_over(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Have somebody else answer for a program."""
    actor = coordinating(request)
    program = one_of(actor, pk)
    form = AnswerableForm(request.POST if request.method == "POST" else None, actor=actor)
    if request.method == "POST":
        handed = sent(form, lambda **said: hand_program_over(actor, program, **said))
        if handed is not None:
            messages.success(request, f"Handed over. {_next(actor, handed)}")
            return redirect("program_list")
    context = {"form": form, "program": program}
    status = 422 if form.is_bound else 200
    return render(request, "agencies/program_hand_over.html", context, status=status)


@recently_authenticated_to_send
@require_POST
def program_revoke(request: PortalRequest, pk: UUID) -> HttpResponse:
    """End a program now."""
    revoke_program(request.actor, one_of(request.actor, pk))
    messages.success(request, "Revoked. Its secrets and tokens open nothing any more.")
    return redirect("program_list")


def programs_for(actor: Actor) -> QuerySet[Program]:
    """Return the programs that the actor may know of: of its agency, to those who may stop them,
    and those it answers for.
    """
    posts = Membership.objects.acting().filter(pk=actor.seat)
    stopping = posts.holding(*RESTRICTING).values("agency")
    known = Q(membership__agency__in=stopping) | Q(answerable__in=posts)
    found: QuerySet[Program] = (
        Program.objects.filter(known)
        .select_related("membership", "answerable__person")
        .order_by("revoked_at", "name", "pk")
    )
    return found


def one_of(actor: Actor, pk: UUID) -> Program:
    """Return a program that the actor may know of; NotVisible otherwise."""
    program = programs_for(actor).filter(pk=pk).first()
    if program is None:
        raise NotVisible
    return program


def coordinating(request: PortalRequest) -> Actor:
    """Return the actor of a coordinator; NotAllowed otherwise."""
    if not request.actor.holds(Role.COORDINATOR):
        raise NotAllowed("This takes your agency's coordinator.", code="role")
    return request.actor


def _next(actor: Actor, program: Program) -> str:
    if program.answerable_id == actor.membership_id:
        return "Draw its secret when the program is ready to take it."
    return f"{program.answerable.person.name} answers for it and draws its secret here."
