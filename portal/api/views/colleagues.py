"""``people``, ``posts`` and ``credentials``: an agency's people, for whoever runs them.

What the pages do, by the same services.  Handing over, reviewing and accepting are pages alone.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from rest_framework.response import Response

from agencies.actors import Actor
from agencies.models import Credential, Person
from agencies.people.access import (
    office_of,
    overseer,
    person_in_sight,
    post_seen,
    posts_in_sight,
)
from agencies.posts import unended
from agencies.refusals import NotVisible
from agencies.services import (
    change_post,
    confirm_enabling,
    disable_person,
    end_membership,
    end_sessions_of,
    propose_address,
    propose_enabling,
    record_credential,
    release_account,
    revoke_credential,
    wake_person,
)
from agencies.services.disabling import open_enabling
from agencies.services.looking_after import RESTRICTING, looks_after
from portal.api.bodies.people import Address, Disabling, NewCredential, PostChange, PostEnd
from portal.api.calls import call
from portal.api.idempotency import once
from portal.api.paging import Order, Paged, cut, paged
from portal.api.permissions import Administering
from portal.api.preconditions import tagged
from portal.api.resource import ApiRequest, Resource
from portal.api.shapes.colleagues import PERSON, PersonPage, PersonRow, loaded, person_row
from portal.api.shapes.rows import example_page
from sharing.disclosure import id_of

BY_NAME = Order(("name", "pk"), descending=False)
act = partial(call, answer=PersonRow, of="a person", changes=True, confirmed=True, example=PERSON)


class PersonResource(Resource):
    """The people that one runs, or looks after."""

    permission_classes = (Administering,)

    @call("List people", answer=PersonPage, query=Paged, example=example_page(PERSON))
    def index(self, request: ApiRequest) -> Response:
        """Return the people of your agency by name; of every agency to an administrator."""
        office, sought = overseer(request.actor), request.sought
        posts = posts_in_sight(office).filter(unended())
        people = loaded(Person.objects.filter(pk__in=posts.values("person")), office)
        page = cut(people, BY_NAME, cursor=sought.get("cursor", ""), size=sought["page_size"])
        return paged(request, page, lambda person: person_row(office, person))

    @call("Read a person", answer=PersonRow, of="a person", example=PERSON)
    def show(self, request: ApiRequest, pk: str) -> Response:
        """Return a person whose posts you may look at, or whose account you may close."""
        return shown(request.actor, person_seen(request.actor, id_of(pk)).pk)

    @act("Disable a person", body=Disabling)
    def disable(self, request: ApiRequest, pk: str) -> Response:
        """Shut somebody out at once; coordinator, release authority or duty desk.  Idempotent."""
        return done(request, pk, disable_person, **request.said)

    @act("Enable a person")
    def enable(self, request: ApiRequest, pk: str) -> Response:
        """Propose to let somebody in again, or confirm what somebody else proposed."""
        return done(request, pk, propose_or_confirm)

    @act("Release an account")
    def release(self, request: ApiRequest, pk: str) -> Response:
        """Unlock an account that failed sign-ins locked; its coordinator does.  Idempotent."""
        return done(request, pk, release_account)

    @act("Sign a person out")
    def sign_out(self, request: ApiRequest, pk: str) -> Response:
        """End every session of somebody; they can sign in again at once."""
        return done(request, pk, end_sessions_of)

    @act("Wake a person")
    def wake(self, request: ApiRequest, pk: str) -> Response:
        """Let in again who was dormant; their coordinator does.  Idempotent."""
        return done(request, pk, wake_person)

    @act("Give a person another address", body=Address)
    def address(self, request: ApiRequest, pk: str) -> Response:
        """Send a link to a new e-mail address; it holds once the person opens it, signed in."""
        return done(request, pk, propose_address, **request.said)

    @act("Record a credential", body=NewCredential)
    def credentials(self, request: ApiRequest, pk: str) -> Response:
        """Write that somebody has a credential; posts that it opens open at once."""
        return done(request, pk, record_credential, **request.said)


class CredentialResource(Resource):
    """What the people whom one runs were trained in, cleared for or deputized as."""

    permission_classes = (Administering,)

    @act("Revoke a credential", of="a credential")
    def revoke(self, request: ApiRequest, pk: str) -> Response:
        """Have a credential count no more, from now on.  Idempotent."""
        found = Credential.objects.select_related("person").filter(pk=id_of(pk)).first()
        if found is None:
            raise NotVisible
        person_in_sight(office_of(request.actor), found.person_id)
        return changed(request, found.person_id, partial(revoke_credential, request.actor, found))


class PostResource(Resource):
    """The posts of the people whom one runs."""

    permission_classes = (Administering,)

    @act("Change a post", of="a post", body=PostChange)
    def change(self, request: ApiRequest, pk: str) -> Response:
        """Give a post other roles or another ceiling; more than before waits for a second."""
        post = post_seen(request.actor, id_of(pk))
        service = partial(change_post, request.actor, post, **request.said)
        return changed(request, post.person_id, service)

    @act("End a post", of="a post", body=PostEnd)
    def end(self, request: ApiRequest, pk: str) -> Response:
        """End a post now; or at a time to come, which its coordinator sets.  Idempotent."""
        post = post_seen(request.actor, id_of(pk))
        service = partial(end_membership, request.actor, post, **request.said)
        return changed(request, post.person_id, service)


def person_seen(actor: Actor, pk: UUID) -> Person:
    """Return a person whose posts *actor* may look at, or whose account; NotVisible otherwise."""
    found = Person.objects.filter(pk=pk).first()
    if found is not None and looks_after(actor, found, *RESTRICTING):
        return found
    return person_in_sight(office_of(actor), pk)


def propose_or_confirm(actor: Actor, person: Person) -> object:
    """Have the first of two propose to let somebody in again, and the second confirm it."""
    proposed = not person.is_active and open_enabling(person) is not None
    return confirm_enabling(actor, person) if proposed else propose_enabling(actor, person)


def done(request: ApiRequest, pk: str, service: Callable[..., object], **said: Any) -> Response:
    """Return a person after *service* acted on them."""
    person = person_seen(request.actor, id_of(pk))
    return changed(request, person.pk, partial(service, request.actor, person, **said))


def changed(request: ApiRequest, person: UUID, service: Callable[[], object]) -> Response:
    """Return a person after *service*, which a repeated key does not run again."""

    def acted() -> UUID:
        service()
        return person

    return shown(request.actor, once(request, acted))


def shown(actor: Actor, pk: UUID) -> Response:
    """Return a person as they are now."""
    office = office_of(actor)
    found = loaded(Person.objects.filter(pk=pk), office).get()
    return tagged(Response(person_row(office, found)), 1)
