"""What stands around every page: who acts, as what, what is unread, where one can go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from agencies.actors import Actor
from agencies.charge import SECONDS
from agencies.codes import EXCHANGING, READING_ROLES, Role
from agencies.kept import Kept
from agencies.models import Membership, Person
from agencies.models.person import Theme
from agencies.own_way import vouched_alone
from agencies.text_direction import isolated
from agencies.vouched_sessions import vouching_provider
from cases.services.import_batches import IMPORTERS
from sharing.models import Notification
from sharing.telling import notifications_for

UNREAD_SHOWN = 99
KEYS = {
    "home": "g h",
    "case_list": "g c",
    "search": "g s",
    "request_list": "g r",
    "agency_list": "g a",
    "ledger": "g l",
}
"""What is pressed to go to a place, one key after the other."""

READING = ("Cases", "case_list"), ("Search", "search"), ("Sharing requests", "request_list")
VOUCHED = (
    "Your other posts are not listed: the sign-in of {agency} speaks for that agency alone. Sign in"
    " with a password or passkey of your own to act under them."
)
BARRED = (
    "Not listed: {agencies}. People come in there by the agency's own sign-in alone; sign in there"
    " to act for it."
)
AUDIT_LOG = ("Audit log", "ledger")


def _hats(person: UUID) -> QuerySet[Membership]:
    unread = Notification.objects.filter(membership=OuterRef("pk"), read_at__isnull=True)
    found = Membership.objects.acting().filter(person_id=person).select_related("agency")
    found = found.annotate(has_unread=Exists(unread), is_barred=vouched_alone())
    return found.order_by("started_at", "pk")


_hats_of = Kept(_hats, "person")


@dataclass(frozen=True)
class Entry:
    """One place of the main navigation."""

    label: str
    url: str
    current: bool
    keys: str = ""


@dataclass
class Frame:
    """The surroundings of one page, read in one statement when first asked for."""

    person: Person
    actor: Actor
    path: str
    is_demo: bool = field(default=False)
    is_vouched: bool = field(default=False)
    """An agency's own sign-in opened the session, and speaks for that agency alone."""

    @cached_property
    def held(self) -> list[Membership]:
        """Return the posts of the person that are in force now, each with its agency."""
        return _hats_of(person=self.person.pk)

    @property
    def hats(self) -> list[Membership]:
        """Return those that this session may act under."""
        if self.is_vouched:
            return [hat for hat in self.held if hat.pk == self.actor.membership_id]
        return [hat for hat in self.held if not hat.is_barred]  # type: ignore[attr-defined]

    @property
    def why_not_offered(self) -> str:
        """Return why some posts are missing, in a sentence; nothing where none is."""
        missing = [isolated(hat.agency.name) for hat in self.held if hat not in self.hats]
        if not missing or not self.hat:
            return ""
        if self.is_vouched:
            return VOUCHED.format(agency=isolated(self.hat.agency.name))
        return BARRED.format(agencies=" and ".join(dict.fromkeys(missing)))

    @cached_property
    def hat(self) -> Any:
        """Return the post acted under, or None."""
        return next((hat for hat in self.hats if hat.pk == self.actor.membership_id), None)

    @property
    def other_hats(self) -> bool:
        """Return whether there is another post to switch to."""
        return len(self.hats) > 1

    @property
    def hat_label(self) -> str:
        """Return the post as the top bar names it; portal administrators act under none."""
        if not self.hat:
            return "Portal administrator"
        return f"{Role(self.hat.roles[0]).label}, {isolated(self.hat.agency.name)}"

    @cached_property
    def unread(self) -> int:
        """Return how many notifications the post has not read and may still know of.

        Asked of the rule only where there are any at all: most pages find none, and it is long.
        """
        if not self.hat or not self.hat.has_unread:
            return 0
        unread = notifications_for(self.actor).filter(read_at__isnull=True).order_by()
        return len(unread.values_list("pk", flat=True)[: UNREAD_SHOWN + 1])

    @property
    def unread_shown(self) -> str:
        """Return the unread count as the bell shows it."""
        return f"{UNREAD_SHOWN}+" if self.unread > UNREAD_SHOWN else str(self.unread)

    @property
    def reads(self) -> bool:
        """Return whether the post reads cases at all."""
        return bool(self.hat) and any(role in READING_ROLES for role in self.hat.roles)

    @property
    def imports(self) -> bool:
        """Return whether the post may import a file of cases."""
        return (
            bool(self.hat) and self.actor.holds(*IMPORTERS) and self.hat.agency.status in EXCHANGING
        )

    @property
    def theme(self) -> str:
        """Return the person's choice of light or dark; nothing where the device decides."""
        return "" if self.person.theme == Theme.SYSTEM else self.person.theme

    @property
    def themes(self) -> type[Theme]:
        """Return what there is to choose from."""
        return Theme

    @property
    def single_keys(self) -> bool:
        """Return whether single keys do something."""
        return self.person.single_keys

    @property
    def idle_lock_seconds(self) -> int:
        """Return after how long without activity the page is to be hidden."""
        return int(settings.IDLE_LOCK_SECONDS)

    @property
    def switch_url(self) -> str:
        """Return where the choice of post is sent."""
        return reverse("switch_hat")

    @property
    def sign_out_url(self) -> str:
        """Return where signing out is sent."""
        return reverse("account_logout")

    @property
    def zone(self) -> ZoneInfo:
        """Return the time zone of the agency acted for."""
        return ZoneInfo(self.hat.agency.time_zone if self.hat else settings.TIME_ZONE)

    @cached_property
    def nav(self) -> list[Entry]:
        """Return the places that the post may go to."""
        places = [("Home", "home")]
        places += READING if self.reads else ()
        places.append(("Agencies", "agency_list"))
        if self.actor.is_administrator or (self.hat and set(self.hat.roles) & set(SECONDS)):
            places.append(("People", "person_list"))
        if self.reads or (self.hat and Role.AUDITOR in self.hat.roles):
            places.append(AUDIT_LOG)
        if self.actor.is_administrator or (self.hat and Role.COORDINATOR in self.hat.roles):
            places.append(("Administration", "administration"))
        return [self._entry(label, name) for label, name in places]

    def _entry(self, label: str, name: str) -> Entry:
        url = reverse(name)
        here = self.path == url if url == "/" else self.path.startswith(url)
        return Entry(label, url, here, KEYS.get(name, ""))


def frame(request: HttpRequest) -> dict[str, Any]:
    """Give templates the frame of a signed-in person; nothing to anyone else."""
    return {"frame": getattr(request, "frame", None)}


class FrameMiddleware:
    """Lays the frame on each request for a page, and the agency's time zone on the thread."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the time zone of the agency acted for, and let no answer be kept."""
        actor = getattr(request, "actor", None)
        if actor is None or request.path.startswith("/api/"):
            return self.get_response(request)
        surroundings = Frame(
            cast("Person", request.user),
            actor,
            request.path,
            is_demo=settings.DEMO,
            is_vouched=vouching_provider(request) is not None,
        )
        request.frame = surroundings  # type: ignore[attr-defined]
        with timezone.override(surroundings.zone):
            response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response
