"""E-mail: who gets one about what, and that it holds numbers and links and nothing else."""

from __future__ import annotations

import re
from functools import partial

from sharing.models import ShareRequest
from tests.truth.seeing import marks
from tests.truth.table import OFFERED
from tests.truth.world import COMMON, World

Mail = tuple[str, str, str]
"""What it is headed, the name of the request whose number it gives, and to whom it goes."""

BRAVO = ("bo", "stella", "bea", "otto-then")
READERS_THEN = {
    "ordinary to bravo": BRAVO,
    "sensitive to bravo": ("bo", "stella", "otto-then"),
    "pointed to bravo": BRAVO,
    "ordinary to papa": ("pete",),
    "ordinary to sierra": ("sue",),
    "ordinary to quebec": ("chad",),
    "ordinary to lima": ("lou",),
    "ordinary to uniform": ("uma",),
    "ordinary to victor": ("vic", "vera"),
    "ordinary to romeo": ("rita",),
    "ordinary to delta": ("dina",),
    "ordinary to echo": ("eve",),
    "ordinary to charlie": ("cleo",),
    "ordinary to hugo": ("hugo",),
    "ordinary to river": ("fay", "cleo"),
    "standing to tango": ("tess",),
}
"""Who could read what was released when the mail went out; by then Ed's access had run out."""

LINKS = re.compile(r"http://127\.0\.0\.1:8000/(?:r/SR-\w+/|notifications/)")


def each(heading: str, request: str, *people: str) -> set[Mail]:
    return {(heading, request, person) for person in people}


def expected() -> set[Mail]:
    """Return all the mail of the world."""
    decided = (*OFFERED, "standing to tango")
    readers = ("ana", "abe", "sam", "lee")
    contributors = ("ordinary to bravo", "ordinary to victor")
    released = partial(each, "release to read")
    needed = partial(each, "acknowledgement waiting")
    return set().union(
        *(each("decision waiting", one, "sam") for one in decided),
        *(each("decision made", one, "ana") for one in decided),
        *(released(one, *people) for one, people in READERS_THEN.items()),
        *(needed(one, "stella") for one in OFFERED if one.endswith("bravo")),
        needed("ordinary to victor", "vera"),
        *(each("release acknowledged", one, "sam") for one in contributors),
        *(released(one, *readers) for one in contributors),
        each("decision waiting", "asked by number", "sam", "lee"),
        each("contribution to read", "", *readers),
        each("release waiting", "", "sam"),
        each("recall to read", "ordinary to romeo", "rita"),
        each("recall to read", "ordinary to victor", "vic", "vera"),
    )


def sent(world: World) -> set[Mail]:
    """Return the mail that went out, each to one address."""
    numbers = dict(ShareRequest.objects.values_list("number", "pk"))
    found = set()
    for mail in world.mail:
        (address,) = mail.recipients()
        heading, number = re.fullmatch(
            r"\[Liaison\] 1 ([a-z ]+?)(?: \((SR-\w+)\).*)?", mail.subject
        ).groups()  # type: ignore[union-attr]
        about = world.asked([numbers[number]]).pop() if number else ""
        found.add((heading, about, address.partition("@")[0]))
    return found


def test_mail_goes_to_whoever_may_know_when_it_goes_and_to_nobody_else(world: World) -> None:
    assert sent(world) == expected()


def test_mail_tells_of_no_record_by_any_word_number_or_id(world: World) -> None:
    texts = [f"{mail.subject}\n{mail.body}\n{mail.extra_headers}" for mail in world.mail]
    told = {mark for mark, text in marks(world).items() for mail in texts if text in mail}
    assert told == set()
    assert not [mail for mail in texts if COMMON in mail.lower()]


def test_mail_leads_only_to_the_request_or_the_notifications(world: World) -> None:
    for mail in world.mail:
        addresses = re.findall(r"https?://\S+", mail.body)
        assert addresses
        assert all(LINKS.fullmatch(address) for address in addresses)
        assert (mail.content_subtype, mail.attachments) == ("plain", [])
