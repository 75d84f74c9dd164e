"""Identity providers are set up by two people, ended by one, and vouch for posts of the agency."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from agencies.authority import (
    By,
    has_post,
    is_administrator,
    require_administrator_or_post,
)
from agencies.calling import may_be_called
from agencies.claims import FIELDS, STRONG, Told
from agencies.clock import database_time
from agencies.codes import Role
from agencies.encryption import encrypt
from agencies.lines import line, one_of
from agencies.models import (
    Agency,
    DirectoryUser,
    IdentityLink,
    IdentityProvider,
    Membership,
    Person,
)
from agencies.refusals import Conflict, Invalid, NotAllowed
from agencies.saml import certificate_of
from agencies.services.membership import RESTRICTING
from ledger.doer import Portal
from ledger.models import Event
from ledger.services import record_event

DOMAIN = re.compile(r"(?:[a-z0-9-]{1,63}\.)+[a-z]{2,63}")


@transaction.atomic
def configure_provider(
    by: By,
    agency: Agency,
    *,
    name: str,
    address: str,
    client_id: str,
    secret: str = "",
    certificate: str = "",
    protocol: str = IdentityProvider.Protocol.OIDC,
    domains: Iterable[str] = (),
    claims: Mapping[str, str] | None = None,
    strong: Iterable[str] = STRONG,
) -> IdentityProvider:
    """Write down an agency's own sign-in; it speaks once a second person has confirmed it.

    Without a secret the one that is kept stays.  Each change waits for a confirmation again.
    """
    require_administrator_or_post(by, agency.pk, Role.COORDINATOR)
    Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    current = agency.identity_providers.filter(ended_at__isnull=True).first()
    provider = current or IdentityProvider(agency=agency)
    if current is not None and current.address != address.strip():
        raise Conflict("Another address is another sign-in: end this one first.")
    provider.protocol = one_of("protocol", protocol, spoken())
    provider.name = line("name", name, longest=40)
    provider.address = _address(address)
    provider.client_id = line("client_id", client_id, longest=191)
    if secret:
        provider.secret = encrypt(line("secret", secret, longest=191))
    speaks_saml = provider.protocol == IdentityProvider.Protocol.SAML
    provider.certificate = certificate_of(certificate) if speaks_saml else ""
    provider.domains = [_domain(domain) for domain in dict.fromkeys(domains)]
    provider.claims = _claims(claims or {})
    provider.strong = [line("strong", one, longest=120) for one in dict.fromkeys(strong)]
    provider.configured_by_id = by.person_id
    provider.confirmed_by = provider.confirmed_at = None
    provider.save()
    record_event(by, "provider.configured", provider, concerns=[agency.pk])
    return provider


@transaction.atomic
def confirm_provider(by: By, provider: IdentityProvider) -> IdentityProvider:
    """Let an agency's sign-in speak: a second person's word, and one of the two is the agency's.

    Whoever runs a sign-in could come in as anybody it speaks for, so nobody sets one up alone.
    """
    provider = _locked(provider)
    if by.person_id is not None and by.person_id == provider.configured_by_id:
        raise NotAllowed("Somebody else confirms what you set up.", code="self")
    if not has_post(by, provider.agency_id, Role.COORDINATOR, Role.SUPERVISOR):
        _may_confirm_from_outside(by, provider)
    if provider.ended_at is not None:
        raise Conflict("This sign-in has been ended.", code="provider_ended")
    if provider.confirmed_at is None:
        provider.confirmed_at, provider.confirmed_by_id = database_time(), by.person_id
        provider.save(update_fields=["confirmed_at", "confirmed_by"])
        record_event(by, "provider.confirmed", provider, concerns=[provider.agency_id])
    return provider


@transaction.atomic
def end_provider(by: By, provider: IdentityProvider) -> IdentityProvider:
    """End an agency's sign-in now, with the sessions that it opened.  Idempotent."""
    provider = _locked(provider)
    require_administrator_or_post(by, provider.agency_id, *RESTRICTING)
    if provider.ended_at is None:
        provider.ended_at = database_time()
        provider.save(update_fields=["ended_at"])
        record_event(by, "provider.ended", provider, concerns=[provider.agency_id])
    return provider


@transaction.atomic
def vouched_post(provider: IdentityProvider, told: Told) -> Membership:
    """Return the post of the agency that a provider means; link it at first.

    Raises NotAllowed, in the same words whatever the reason, where it means nobody of the agency.
    """
    post, linked = meant_post(provider, told)
    if post is None:
        raise NotAllowed(REFUSED)
    if not linked:
        _link(provider, post, told.subject)
    return post


def meant_post(provider: IdentityProvider, told: Told) -> tuple[Membership | None, bool]:
    """Return the post of the agency that a provider means, and whether it was linked before.

    Nothing is written; None where it means nobody of the agency.
    """
    posts = Membership.objects.acting().people().select_related("person")
    posts = posts.filter(agency=provider.agency_id, person__is_staff=False)
    linked = posts.filter(identity_links__provider=provider)
    post = linked.filter(identity_links__subject=told.subject).first()
    if post is not None:
        return post, True
    return posts.filter(_named(provider, told)).exclude(pk__in=linked).first(), False


REFUSED = "Your agency's sign-in answered, but nobody of the agency here is meant by its answer."


@transaction.atomic
def refuse_sign_in(provider: IdentityProvider, told: Told | None, *, reason: str) -> None:
    """Write that a provider's answer signed nobody in; whoever it named elsewhere may read it."""
    named = Person.objects.filter(email__iexact=told.email).first() if told else None
    agencies = set(named.memberships.values_list("agency", flat=True)) if named else set()
    record_event(
        Portal(),
        "provider.sign_in_refused",
        provider,
        concerns=sorted({provider.agency_id, *agencies}),
        outcome=Event.Outcome.REFUSED,
        reason=reason,
    )


def spoken() -> list[str]:
    """Return the protocols that this installation speaks; SAML with the extra of that name."""
    protocols = IdentityProvider.Protocol
    return [protocols.OIDC.value, *([protocols.SAML.value] if settings.SAML_INSTALLED else [])]


def _named(provider: IdentityProvider, told: Told) -> Q:
    """Return the condition of whom a provider names at first: by a verified address, or by the id
    that the agency's own directory gave us.
    """
    users = DirectoryUser.objects.filter(
        agency=provider.agency_id, removed_at__isnull=True, active=True, external_id=told.subject
    )
    by_id = Q(pk__in=users.values("membership")) | Q(pk__in=users.values("nomination__post"))
    if not told.email_verified:
        return by_id
    return by_id | Q(person__email__iexact=told.email)


def _link(provider: IdentityProvider, post: Membership, subject: str) -> None:
    link = IdentityLink.objects.create(provider=provider, membership=post, subject=subject)
    record_event(
        Portal(),
        "provider.linked",
        provider,
        concerns=[provider.agency_id],
        membership=post.pk,
        link=link.pk,
    )


def _locked(provider: IdentityProvider) -> IdentityProvider:
    return IdentityProvider.objects.select_for_update().get(pk=provider.pk)


def _may_confirm_from_outside(by: By, provider: IdentityProvider) -> None:
    if not is_administrator(by):
        raise NotAllowed("This takes the agency's coordinator or release authority.", code="role")
    posts = Membership.objects.acting().filter(person=provider.configured_by_id)
    if not posts.filter(agency=provider.agency_id).exists():
        raise NotAllowed("Somebody of the agency itself confirms this.", code="role")


def _address(text: str) -> str:
    text = line("address", text, longest=300)
    parts = urlsplit(text)
    if not may_be_called(text) or parts.query or parts.fragment:
        raise Invalid({"address": "Give the https address that its people are sent to."})
    return text


def _domain(text: str) -> str:
    text = line("domains", text, longest=120).lower().removeprefix("@")
    if not DOMAIN.fullmatch(text):
        raise Invalid({"domains": f"“{text}” is not the part of an address after the @."})
    return text


def _claims(names: Mapping[str, str]) -> dict[str, Any]:
    return {
        one_of("claims", key, FIELDS): line(key, name, longest=120)
        for key, name in names.items()
        if name.strip()
    }
