"""E-mail: who gets one about what, and that it holds numbers and links and nothing else."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from django.core import mail as locmem

from ledger.courier import deliver_batch
from sharing.models import DigestHour, ShareRequest, Telling
from sharing.telling.digest import queue_digests
from tests.cast import in_days
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

LINKS = re.compile(r"http://127\.0\.0\.1:8000/(?:r/SR-\w+/|notifications/(?:settings/)?)")
SEVERAL = re.compile(r"- 1 ([a-z ]+?)(?: \((SR-\w+)\))?: (\S+)")


OWNERS = ("ana", "abe", "sam", "lee")
CONTRIBUTORS = ("ordinary to bravo", "ordinary to victor")


def each(heading: str, request: str, *people: str) -> set[Mail]:
    return {(heading, request, person) for person in people}


def expected() -> set[Mail]:
    """Return all the mail of the world."""
    decided = (*OFFERED, "standing to tango")
    released = partial(each, "release to read")
    needed = partial(each, "acknowledgement waiting")
    acknowledging = {*((one, "stella") for one in OFFERED), ("ordinary to victor", "vera")}
    return set().union(
        *(each("decision waiting", one, "sam") for one in decided),
        *(each("decision made", one, "ana") for one in decided),
        *(
            released(one, person)
            for one, people in READERS_THEN.items()
            for person in people
            if (one, person) not in acknowledging
        ),
        *(needed(one, "stella") for one in OFFERED if one.endswith("bravo")),
        needed("ordinary to victor", "vera"),
        *(released(one, *OWNERS) for one in CONTRIBUTORS),
        each("decision waiting", "asked by number", "sam", "lee"),
        each("release waiting", "", "sam"),
        each("recall to read", "ordinary to romeo", "rita"),
        each("recall to read", "ordinary to victor", "vic", "vera"),
    )


def daily() -> set[Mail]:
    """Return what the daily mail of everybody is about."""
    return each("contribution to read", "", *OWNERS).union(
        *(each("release acknowledged", one, "sam") for one in CONTRIBUTORS)
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


def mailed_daily(world: World) -> list[Any]:
    """Return the mail of a day whose hour came after everything was told."""
    Telling.objects.update(told_at=in_days(-2))
    posts = Telling.objects.values_list("membership", flat=True).distinct()
    DigestHour.objects.bulk_create(DigestHour(membership_id=post, hour=0) for post in posts)
    mailbox = locmem.outbox
    before = len(mailbox)
    queue_digests()
    while deliver_batch():
        pass
    return mailbox[before:]


def test_the_daily_mail_tells_each_what_they_may_still_know_and_nothing_else(
    world: World,
) -> None:
    numbers = dict(ShareRequest.objects.values_list("number", "pk"))
    mails = mailed_daily(world)
    found = {
        (heading, world.asked([numbers[number]]).pop() if number else "", one.to[0].split("@")[0])
        for one in mails
        for heading, number, _ in SEVERAL.findall(one.body)
    }
    assert found == daily()
    assert len(mails) == len({one.to[0] for one in mails})


def test_the_daily_mail_tells_of_no_record_by_any_word_number_or_id(world: World) -> None:
    texts = [f"{one.subject}\n{one.body}\n{one.extra_headers}" for one in mailed_daily(world)]
    assert len(texts) == len(OWNERS)
    assert {mark for mark, text in marks(world).items() for one in texts if text in one} == set()
    assert not [one for one in texts if COMMON in one.lower()]
    addresses = [one for text in texts for one in re.findall(r"https?://\S+", text)]
    assert all(LINKS.fullmatch(address) for address in addresses)
