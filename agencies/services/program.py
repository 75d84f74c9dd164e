"""Programs are registered, given secrets, handed over and revoked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from oauth2_provider.models import AccessToken

from agencies.actors import Actor
from agencies.authority import By, is_administrator, require_post
from agencies.clock import database_time
from agencies.codes import READING_ROLES, Role, Sensitivity
from agencies.credentials import keep_credentials_until
from agencies.lines import line, one_of
from agencies.models import Membership, Person, Program
from agencies.models.program import PROGRAM_ROLES
from agencies.posts import ceiling_of, open_post, require_room, roles_of
from agencies.programs import new_secret
from agencies.refusals import Conflict, Invalid, NotAllowed
from agencies.services.membership import RESTRICTING
from agencies.tokens import SCOPES, digest_of
from ledger.services import record_event

LONGEST_NAME = 80
DOMAIN = "programs.invalid"
"""Where the addresses of programs are, to which no mail can go (RFC 2606)."""


@transaction.atomic
def register_program(
    by: By,
    *,
    name: str,
    answerable: Membership,
    roles: Iterable[str],
    ceiling: Sensitivity,
    scopes: Iterable[str],
) -> Program:
    """Give a program a post in the agency of whoever answers for it, who then draws its secret.

    The agency's coordinator does this.  It never may more than the person who answers for it.
    """
    require_post(by, answerable.agency_id, Role.COORDINATOR)
    title = line("name", name, longest=LONGEST_NAME)
    wanted = [one_of("roles", role, PROGRAM_ROLES) for role in dict.fromkeys(roles)]
    granted = [one_of("scopes", scope, SCOPES) for scope in dict.fromkeys(scopes)]
    if not granted:
        raise Invalid({"scopes": "Name at least one."})
    _can_answer(answerable, wanted, ceiling)
    program = Program(name=title, answerable=answerable, scopes=granted)
    itself = Person.objects.create_user(f"{program.pk}@{DOMAIN}", None, name=title)
    require_room(answerable.agency)
    program.membership = open_post(
        by, itself, answerable.agency, roles=roles_of(wanted), ceiling=ceiling_of(ceiling)
    )
    program.save(force_insert=True)
    keep_credentials_until(post=program.membership_id)
    record_event(
        by,
        "program.registered",
        program,
        concerns=[answerable.agency_id],
        membership=program.membership_id,
        answerable=answerable.pk,
        scopes=granted,
    )
    return program


@transaction.atomic
def draw_secret(actor: Actor, program: Program) -> str:
    """Return a new secret, in the only plain copy there will be, to whoever answers for it.

    A former one still serves for a while, so that a program that runs can be told the new one.
    """
    program = _locked(program)
    if actor.membership_id != program.answerable_id:
        raise NotAllowed("Only whoever answers for a program draws its secret.", code="answerable")
    if not Program.objects.working().filter(pk=program.pk).exists():
        raise Conflict("This program may not act at present.", code="program_stopped")
    now, plain = database_time(), new_secret()
    program.former_digest = program.digest or ""
    overlap = timedelta(seconds=settings.PROGRAM_SECRET_OVERLAP_SECONDS)
    program.former_until = now + overlap if program.digest else None
    program.digest, program.drawn_at = digest_of(plain), now
    program.save(update_fields=["digest", "drawn_at", "former_digest", "former_until"])
    record_event(actor, "program.secret_drawn", program, concerns=[program.membership.agency_id])
    return plain


@transaction.atomic
def hand_program_over(by: By, program: Program, *, answerable: Membership) -> Program:
    """Have somebody else of the agency answer for a program; what was drawn before serves no more.

    Idempotent.
    """
    program = _locked(program)
    require_post(by, program.membership.agency_id, Role.COORDINATOR)
    if answerable.agency_id != program.membership.agency_id:
        raise NotAllowed("That post is in another agency.")
    _can_answer(answerable, program.membership.roles, program.membership.ceiling)
    if program.answerable_id == answerable.pk:
        return program
    was, program.answerable = program.answerable_id, answerable
    _forget_secrets(program)
    program.save(update_fields=["answerable", "digest", "former_digest", "former_until"])
    record_event(
        by,
        "program.handed_over",
        program,
        concerns=[answerable.agency_id],
        was=was,
        answerable=answerable.pk,
    )
    return program


@transaction.atomic
def revoke_program(by: By, program: Program) -> Program:
    """End a program, its secrets and its tokens now.  Idempotent; never revived.

    Whoever answers for it may, and whoever may restrict: restricting needs nobody's leave.
    """
    program = _locked(program)
    _may_revoke(by, program)
    if program.revoked_at is None:
        program.revoked_at = program.membership.ended_at = database_time()
        _forget_secrets(program)
        program.save(update_fields=["revoked_at", "digest", "former_digest", "former_until"])
        program.membership.save(update_fields=["ended_at"])
        record_event(by, "program.revoked", program, concerns=[program.membership.agency_id])
    return program


def _may_revoke(by: By, program: Program) -> None:
    answers = by.membership_id is not None and by.membership_id == program.answerable_id
    if not answers and not is_administrator(by):
        require_post(by, program.membership.agency_id, *RESTRICTING)


def _locked(program: Program) -> Program:
    found: Program = (
        Program.objects.select_for_update(of=("self", "membership"))
        .select_related("membership__agency")
        .get(pk=program.pk)
    )
    return found


def _forget_secrets(program: Program) -> None:
    program.digest, program.former_digest, program.former_until = None, "", None
    AccessToken.objects.filter(application=program).delete()


def _can_answer(answerable: Membership, roles: Iterable[str], ceiling: int) -> None:
    """Raise Conflict unless that post is in force, a person's, and may all that a program may."""
    post = Membership.objects.acting().people().filter(pk=answerable.pk).first()
    if post is None:
        raise Conflict("Whoever answers for a program needs a post in force.")
    reads = Role.ANALYST not in roles or bool(set(post.roles) & set(READING_ROLES))
    audits = Role.AUDITOR not in roles or Role.AUDITOR in post.roles
    if not (reads and audits and post.ceiling >= ceiling):
        raise Conflict(
            "A program may never do more than the person who answers for it.", code="answerable"
        )
