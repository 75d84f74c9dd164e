"""Who may act and which agreements bind, as views on the database's clock.

Each condition is named, so that a test can take one away and see what breaks.
"""

from __future__ import annotations

from collections.abc import Mapping

from agencies.codes import EXCHANGING, OPERATING, READING_ROLES, Tier
from agencies.figures import DORMANT_AFTER
from agencies.tiers import BOUNDS, Bounds


def _listed(values: tuple[str, ...]) -> str:
    return ", ".join(f"'{value}'" for value in values)


_SINCE = f"statement_timestamp() - interval '{DORMANT_AFTER.days} days'"

IN_FORCE = {
    "post has begun": "m.started_at <= statement_timestamp()",
    "post has not ended": "(m.ended_at IS NULL OR m.ended_at > statement_timestamp())",
    "person is not disabled": "p.is_active",
    "agency is on board": f"a.status IN ({_listed(OPERATING)})",
    "credentials have not lapsed": (
        "(m.credentials_until IS NULL OR m.credentials_until > statement_timestamp())"
    ),
    "person is not dormant": (
        f"(p.last_seen_at > {_SINCE} OR p.woken_at > {_SINCE} OR p.created_at > {_SINCE})"
    ),
    "arrangement holds": f"""(m.arrangement_id IS NULL OR EXISTS (
        SELECT 1 FROM agencies_arrangement r
          JOIN agencies_agency b ON b.id = r.provider_id
          JOIN agencies_membership c ON c.agency_id = r.provider_id AND c.person_id = m.person_id
         WHERE r.id = m.arrangement_id AND r.agency_id = m.agency_id
           AND r.confirmed_at <= statement_timestamp()
           AND (r.ended_at IS NULL OR r.ended_at > statement_timestamp())
           AND b.status IN ({_listed(OPERATING)})
           AND c.started_at <= statement_timestamp()
           AND (c.ended_at IS NULL OR c.ended_at > statement_timestamp())))""",
}
AT_FIRST = tuple(IN_FORCE)[:4]
"""The conditions that the view had when it was first made."""
WITHOUT_ARRANGEMENTS = tuple(IN_FORCE)[:6]
"""The conditions that it had before posts could rest on an arrangement."""

SERVING = {
    "secondment has begun": "d.started_at <= statement_timestamp()",
    "secondment has not ended": "(d.ended_at IS NULL OR d.ended_at > statement_timestamp())",
}

BINDING = {
    "party has joined": "p.joined_at <= statement_timestamp()",
    "party has not left": "(p.left_at IS NULL OR p.left_at > statement_timestamp())",
    "agreement has begun": "g.effective_at <= statement_timestamp()",
    "agreement has not expired": "g.expires_at > statement_timestamp()",
    "agreement is not terminated": "g.terminated_at IS NULL",
    "agreement is not suspended": "g.suspended_at IS NULL",
    "party exchanges": f"a.status IN ({_listed(EXCHANGING)})",
}


def acting_view(conditions: dict[str, str] = IN_FORCE) -> str:
    """Return the view of memberships under which a person may act now."""
    return f"""
CREATE OR REPLACE VIEW agencies_acting AS
SELECT m.id AS membership_id, m.person_id, m.agency_id, m.roles, m.ceiling,
       m.roles && ARRAY[{_listed(READING_ROLES)}]::varchar[] AS reads,
       a.status IN ({_listed(EXCHANGING)}) AS exchanging
  FROM agencies_membership m
  JOIN agencies_person p ON p.id = m.person_id
  JOIN agencies_agency a ON a.id = m.agency_id
 WHERE {" AND ".join(conditions.values()) or "true"}"""


def seats(acting: str = "agencies_acting", conditions: dict[str, str] = SERVING) -> str:
    """Return the rosters that each membership of *acting* sits in: its agency's, its own, its task
    forces'.
    """
    return f"""SELECT s.*, s.agency_id AS roster_id FROM {acting} s
UNION ALL
SELECT s.*, s.membership_id AS roster_id FROM {acting} s
UNION ALL
SELECT s.*, d.task_force_id AS roster_id
  FROM {acting} s
  JOIN agencies_secondment d ON d.membership_id = s.membership_id
 WHERE {" AND ".join(conditions.values()) or "true"}"""


def seat_view(conditions: dict[str, str] = SERVING) -> str:
    """Return the view of rosters each acting membership sits in."""
    return f"CREATE OR REPLACE VIEW agencies_seat AS\n{seats(conditions=conditions)}"


def _by_tier(values: Mapping[Tier, str], type_: str) -> str:
    cases = " ".join(f"WHEN '{tier}' THEN {value}" for tier, value in values.items())
    return f"CASE a.tier {cases} END::{type_}"


def party_view(
    conditions: dict[str, str] = BINDING, *, bounds: Mapping[Tier, Bounds] = BOUNDS
) -> str:
    """Return the view of agencies that are parties to an agreement in effect now, with what the
    agreement covers and how far the party's tier takes part (``bounded`` null: in all of it).
    """
    bounded = {
        tier: f"ARRAY[{_listed(one.categories)}]"
        for tier, one in bounds.items()
        if one.categories is not None
    }
    receives = {tier: str(int(one.level)) for tier, one in bounds.items()}
    return f"""
CREATE OR REPLACE VIEW agencies_party_in_effect AS
SELECT p.agreement_id, p.agency_id, p.joined_at, g.categories,
       {_by_tier(bounded, "varchar[]")} AS bounded,
       {_by_tier(receives, "smallint")} AS receives
  FROM agencies_party p
  JOIN agencies_agreement g ON g.id = p.agreement_id
  JOIN agencies_agency a ON a.id = p.agency_id
 WHERE {" AND ".join(conditions.values()) or "true"}"""
