"""The daily mail: once a day for each post that has news to come, at its own hour; ids and links.

The sweep decides who is due and queues one message each, in one transaction; the courier sends it,
and asks the rule again for everything in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from agencies.models import Membership
from ledger.doer import Portal
from ledger.models import Message
from ledger.services import Ref, Tell, record_event
from sharing.models import Telling
from sharing.models.notice_choice import MORNING
from sharing.telling import kinds
from sharing.telling.mail import (
    CLOSING,
    link_to,
    mail_to,
    may_still_know,
    posts_of,
    reference_of,
)

BATCH = 200
MOST_LINES = 50

DUE = """
INSERT INTO sharing_digest (id, membership_id, day)
SELECT gen_random_uuid(), p.membership_id, p.day
  FROM (SELECT m.id AS membership_id, local.day,
               timezone(a.time_zone, local.day + make_interval(
                   hours => COALESCE(h.hour, %(morning)s)::integer)) AS moment
          FROM (SELECT DISTINCT membership_id FROM sharing_telling
                 WHERE channel = 'digest' AND digest_id IS NULL) waiting
          JOIN agencies_membership m ON m.id = waiting.membership_id
          JOIN agencies_agency a ON a.id = m.agency_id
          LEFT JOIN sharing_digesthour h ON h.membership_id = m.id
         CROSS JOIN LATERAL (
                   SELECT timezone(a.time_zone, statement_timestamp())::date AS day) local) p
 WHERE p.moment <= statement_timestamp()
   AND EXISTS (SELECT FROM sharing_telling t
                WHERE t.membership_id = p.membership_id AND t.channel = 'digest'
                  AND t.digest_id IS NULL AND t.told_at < p.moment)
   AND NOT EXISTS (SELECT FROM sharing_digest d
                    WHERE d.membership_id = p.membership_id AND d.day = p.day)
 ORDER BY p.membership_id
 LIMIT %(batch)s
ON CONFLICT (membership_id, day) DO NOTHING
RETURNING id, membership_id
"""
FILL = """
UPDATE sharing_telling t SET digest_id = d.id
  FROM unnest(%(digests)s::uuid[], %(memberships)s::uuid[]) AS d (id, membership_id)
 WHERE t.membership_id = d.membership_id AND t.channel = 'digest' AND t.digest_id IS NULL
"""


@transaction.atomic
def queue_digests(batch: int = BATCH) -> int:
    """Queue the mail of every post whose hour has come and that had news by then; once a day.

    Who had none by then is mailed the next day.
    """
    with connection.cursor() as cursor:
        cursor.execute(DUE, {"morning": MORNING, "batch": batch})
        due: list[tuple[UUID, UUID]] = cursor.fetchall()
        cursor.execute(
            FILL, {"digests": [one for one, _ in due], "memberships": [m for _, m in due]}
        )
    for digest, membership in due:
        about = Ref("digest", digest)
        record_event(Portal(), "digest.queued", about, tell=[Tell(kinds.DIGEST, membership)])
    return len(due)


def send_digest(message: Message) -> None:
    """Send one daily mail of what its person has not read and may still know of, if anything."""
    posts = posts_of(message.roster)
    found = Telling.objects.filter(
        digest=message.subject, notification__read_at__isnull=True
    ).select_related("notification")
    told = {one.notification_id: one for one in found.order_by("event", "pk")}
    known = [one for one in told.values() if may_still_know(one, posts)]
    if known:
        count = f"{len(known)} {'thing' if len(known) == 1 else 'things'}"
        body = _body(posts[0], known)
        mail_to(posts[0], message, subject=f"Daily mail: {count} to read", body=body).send()


def _body(post: Membership, told: list[Telling]) -> str:
    """Return the mail: a line with a link for each, and why it comes."""
    portal = settings.PORTAL_URL
    return "\n".join(
        (
            "No details are sent by e-mail. Sign in to read.",
            "",
            *_lines(told[:MOST_LINES]),
            *([f"and {len(told) - MOST_LINES} more"] if len(told) > MOST_LINES else []),
            "",
            f"You get this because you act for {post.agency.name} and have this news sent daily. "
            f"Change: {portal}/notifications/settings/",
            CLOSING,
            "",
        )
    )


def _lines(told: Iterable[Telling]) -> list[str]:
    lines = []
    for one in told:
        number, _ = reference_of(one)
        about = f" ({number})" if number else ""
        link = link_to(number, one.notification)
        lines.append(f"- {kinds.HEADINGS[one.kind]}{about}: {link}")
    return lines
