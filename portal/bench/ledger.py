"""A ledger of many events, and how long the auditor's question takes over it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connections, transaction

from agencies.actors import Actor, acting_as
from agencies.codes import Level, Sensitivity
from agencies.services import (
    add_membership,
    admit_person,
    conclude_agreement,
    register_agency,
)
from cases.services import open_case
from ledger.doer import Portal
from ledger.sealing import seal_batch
from sharing.models import Grant
from sharing.services import approve_request, offer_record
from sharing.terms import Terms

PORTAL = Portal()
BUSY, QUIET = "BUSY-1", "QUIET-1"
QUIET_EVERY = 250
"""Of so many events one is about the quiet case; of ten one is about the busy one."""

FILL = """
INSERT INTO ledger_event (uuid, xid, at, kind, outcome, person, membership, agency, roles,
                          target_kind, target, records, concerns, level, purpose, for_case, basis,
                          facts)
SELECT gen_random_uuid(), pg_current_xact_id(),
       statement_timestamp() - make_interval(mins => %(events)s - n),
       (ARRAY['record.listed', 'record.opened', 'record.opened', 'record.printed'])[1 + n %% 4],
       CASE WHEN n %% 97 = 0 THEN 'refused' ELSE 'done' END,
       %(person)s, %(post)s, %(reader)s, ARRAY['analyst'], 'case', case_id,
       ARRAY[case_id], ARRAY[%(owner)s::uuid], 'view', 'criminal_justice',
       CASE WHEN n %% 50 = 0 THEN 'case' ELSE 'BR-77' END, %(basis)s::jsonb, '{"channel": "page"}'
  FROM (SELECT n, CASE WHEN n %% %(every)s = 0 THEN %(quiet)s::uuid
                       WHEN n %% 10 = 0 THEN %(busy)s::uuid
                       ELSE gen_random_uuid() END AS case_id
          FROM generate_series(1, %(events)s) n) made
"""


class LargeLedger:
    """Two agencies, two cases of one of them that the other reads, and *events* in all."""

    def __init__(self, events: int, say: Callable[[str], None]) -> None:
        self.owner, self.reader = _agency("owner"), _agency("reader")
        self.analyst, supervisor, self.auditor, bo = (
            _member(agency, name, role)
            for agency, name, role in (
                (self.owner, "ana", "analyst"),
                (self.owner, "sam", "supervisor"),
                (self.owner, "ida", "auditor"),
                (self.reader, "bo", "analyst"),
            )
        )
        now = datetime.now(UTC)
        conclude_agreement(
            PORTAL,
            title="Measured",
            parties=[self.owner, self.reader],
            categories=["investigation"],
            purposes=["criminal_justice"],
            level=Level.VIEW,
            onward="never",
            effective_at=now - timedelta(days=1),
            expires_at=now + timedelta(days=300),
        )
        cases = {number: self._case(number, supervisor) for number in (BUSY, QUIET)}
        say(f"writing {events} events")
        self._fill(events, bo, cases)
        while seal_batch():
            continue

    def _case(self, number: str, supervisor: Actor) -> Grant:
        case = open_case(self.analyst, title=number, type="burglary", own_number=number)
        until = datetime.now(UTC) + timedelta(days=90)
        terms = Terms(level=Level.VIEW, purpose="criminal_justice", reason="Same crew", until=until)
        asked = offer_record(self.analyst, record_id=case.pk, roster_id=self.reader.pk, terms=terms)
        approve_request(supervisor, asked.pk)
        return Grant.objects.get(record_id=case.pk)

    def _fill(self, events: int, bo: Actor, cases: dict[str, Grant]) -> None:
        """Write the events as the owner of the table, at times of their own."""
        grant = cases[BUSY]
        basis = {
            "via": "grant",
            "grant": str(grant.pk),
            "request": str(grant.decision_id),
            "agreement": str(grant.agreement_id),
            "agreement_version": 1,
            "approved_by": str(grant.issued_by_id),
        }
        values: dict[str, Any] = {
            "events": events,
            "person": str(bo.person_id),
            "post": str(bo.membership_id),
            "reader": str(self.reader.pk),
            "owner": str(self.owner.pk),
            "busy": str(grant.record_id),
            "quiet": str(cases[QUIET].record_id),
            "every": QUIET_EVERY,
            "basis": json.dumps(basis),
        }
        stamp = "ALTER TABLE ledger_event {} TRIGGER ledger_event_stamped"
        with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
            cursor.execute(stamp.format("DISABLE"))
            cursor.execute(FILL, values)
            cursor.execute(stamp.format("ENABLE"))
        with connections["owner"].cursor() as cursor:
            cursor.execute("VACUUM ANALYZE ledger_event")


def _agency(short_name: str) -> Any:
    return register_agency(
        PORTAL, short_name=short_name, name=f"{short_name.title()} Police", kind="municipal"
    )


def _member(agency: Any, name: str, role: str) -> Actor:
    person = admit_person(PORTAL, email=f"{name}@{agency.short_name}.example", name=name.title())
    return acting_as(
        add_membership(PORTAL, person, agency, roles=[role], ceiling=Sensitivity.CONFIDENTIAL)
    )
