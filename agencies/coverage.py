"""Which agreements cover a release, and what is missing where one does not.

The conditions are those of ``agencies.effect`` that the rule derives at each reading; a test holds
the two together.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.db.models.functions import Now

from agencies.codes import EXCHANGING, Level, Tier
from agencies.codetable import label
from agencies.models import Agency, Agreement, Party
from agencies.models.agreement import AgreementQuerySet
from agencies.text_direction import isolated
from agencies.tiers import BOUNDS, takes, tiers_reaching, tiers_taking


def current_parties() -> Q:
    """Return the condition under which a party is bound now, and gives and receives."""
    return _present() & Q(agency__status__in=EXCHANGING)


def _present() -> Q:
    return Q(joined_at__lte=Now()) & (Q(left_at__isnull=True) | Q(left_at__gt=Now()))


def _bound(agency: UUID, within: Q | None = None) -> Exists:
    """Return that the agreement binds that agency, whose tier meets the condition *within*."""
    bound = Party.objects.filter(current_parties(), agreement=OuterRef("pk"), agency=agency)
    return Exists(bound if within is None else bound.filter(within))


def _taking(category: str | None) -> Q:
    return Q(agency__tier__in=tiers_taking(category))


def _reaching(level: int) -> Q:
    return Q(agency__tier__in=tiers_reaching(level))


def is_party(agreement: Agreement, agency: UUID) -> bool:
    """Return whether the agreement is in effect and binds that agency, at the statement."""
    return Agreement.objects.in_effect().filter(_bound(agency), pk=agreement.pk).exists()


def covering_agreements(
    *,
    owner: UUID,
    recipient: UUID,
    category: str | None,
    purpose: str,
    level: Level,
    standing: bool = False,
) -> AgreementQuerySet:
    """Return the agreements under which *owner* may release this to *recipient*, newest first.

    Without a category (it is not known yet which record is asked for) any will do.  A standing
    release takes a sharing agreement: under the participation agreement each release is signed.
    """
    covering = Agreement.objects.in_effect().filter(
        _bound(owner, _taking(category)),
        _bound(recipient, _taking(category) & _reaching(level)),
        purposes__contains=[purpose],
        level__gte=level,
    )
    if category is not None:
        covering = covering.filter(categories__contains=[category])
    if standing:
        covering = covering.filter(kind=Agreement.Kind.BILATERAL)
    return covering.order_by("-effective_at", "-created_at", "-pk")


def covers(
    agreement: Agreement,
    *,
    owner: UUID,
    recipient: UUID,
    category: str | None,
    purpose: str,
    level: Level,
    standing: bool = False,
) -> list[str]:
    """Return, a sentence each, how the agreement fails to cover this release."""
    failing = failings(
        agreement,
        owner=owner,
        recipient=recipient,
        category=category,
        purpose=purpose,
        level=level,
        standing=standing,
    )
    return [f"Agreement {agreement.number} {reason}." for reason in failing]


def failings(
    agreement: Agreement,
    *,
    owner: UUID,
    recipient: UUID,
    category: str | None,
    purpose: str,
    level: Level,
    standing: bool = False,
) -> list[str]:
    """Return the same, each to go on after the name of the agreement."""
    failing = [
        *_time_fails(agreement),
        *_parties_fail(agreement, owner, recipient),
        *_terms_fail(agreement, category=category, purpose=purpose, level=level),
        *_tiers_fail(owner, recipient, category=category, level=level),
    ]
    if standing and agreement.kind != Agreement.Kind.BILATERAL:
        failing.append("has each release signed, and no standing sharing")
    return failing


def signed_by_both(owner: UUID, recipient: UUID) -> AgreementQuerySet:
    """Return the agreements that both agencies are parties to, in effect or not, newest first."""
    present = Party.objects.filter(_present(), agreement=OuterRef("pk"))
    return Agreement.objects.filter(
        Exists(present.filter(agency=owner)), Exists(present.filter(agency=recipient))
    ).order_by("-effective_at", "-created_at", "-pk")


def _time_fails(agreement: Agreement) -> list[str]:
    states = Agreement.objects.filter(pk=agreement.pk).values_list(
        _holds(effective_at__gt=Now()),
        _holds(expires_at__lte=Now()),
        _holds(terminated_at__isnull=False),
        _holds(suspended_at__isnull=False),
    )
    words = ("has not begun", "has expired", "has been terminated", "is suspended")
    return [word for fails, word in zip(states.get(), words, strict=True) if fails]


def _parties_fail(agreement: Agreement, *agencies: UUID) -> list[str]:
    signed = Party.objects.filter(agreement=agreement)
    bound = set(signed.filter(current_parties()).values_list("agency_id", flat=True))
    idle = set(
        signed.filter(_present())
        .exclude(agency__status__in=EXCHANGING)
        .values_list("agency_id", flat=True)
    )
    missing = [agency for agency in dict.fromkeys(agencies) if agency not in bound]
    names = dict(Agency.objects.filter(pk__in=missing).values_list("pk", "name"))
    return [
        f"binds {isolated(names[agency])}, which does not exchange at present"
        if agency in idle
        else f"does not bind {isolated(names[agency])}"
        for agency in missing
    ]


def _terms_fail(
    agreement: Agreement, *, category: str | None, purpose: str, level: Level
) -> list[str]:
    failing = []
    if category is not None and category not in agreement.categories:
        failing.append(f"does not cover {label('categories', category).lower()}")
    if purpose not in agreement.purposes:
        failing.append(f"is not for {label('purposes', purpose).lower()}")
    if level > agreement.level:
        failing.append(f"goes no further than “{Level(agreement.level).label.lower()}”")
    return failing


def _tiers_fail(owner: UUID, recipient: UUID, *, category: str | None, level: Level) -> list[str]:
    """Return what the tiers of the two rule out, whatever the agreement says."""
    found = {one.pk: one for one in Agency.objects.filter(pk__in=(owner, recipient))}
    both = [found[agency] for agency in dict.fromkeys((owner, recipient))]
    failing = [
        f"cannot carry {label('categories', category).lower()} for {isolated(agency.name)}"
        f" ({label('tiers', agency.tier).lower()} tier)"
        for agency in both
        if category is not None and not takes(agency.tier, category)
    ]
    receives = found[recipient]
    if receives.tier not in tiers_reaching(level):
        highest = BOUNDS[Tier(receives.tier)].level.label.lower()
        failing.append(
            f"gives {isolated(receives.name)} no more than “{highest}”"
            f" ({label('tiers', receives.tier).lower()} tier)"
        )
    return failing


def _holds(**condition: object) -> ExpressionWrapper[Q]:
    return ExpressionWrapper(Q(**condition), output_field=BooleanField())
