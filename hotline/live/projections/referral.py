"""A referral, as each of its parties may see it.

`view` holds what the district's referral worker sees; `narrowed` takes away what a topic may not see: an
institution hears of it from `referred` on, sees no step before that and not which contact it came from, and
after a revoked consent nobody sees the person. The person is masked for all; the full record is one request,
journalled (`actions/referrals.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from typing_extensions import TypedDict

from hotline.domain import rehabilitation
from hotline.domain.access import SUPERVISION, institution_topic, referrals_topic, staff_topic
from hotline.domain.people import masked
from hotline.domain.referral_case import Referral, due, is_held_by
from hotline.domain.referral_codes import Basis, Channel, ConsentBy, ConsentScope, Party, Stage
from hotline.domain.service_rules import ServiceRules
from hotline.live.directory import Directory, Name
from hotline.live.projections.next_step import NextView, next_view


class PersonView(TypedDict):
    name_masked: str
    sex: str | None
    birth_year: int | None
    phone_masked: str | None
    has_guardian: bool


class ConsentView(TypedDict):
    given: bool
    at: datetime | None
    by: ConsentBy | None
    how: str | None
    scope: list[ConsentScope]
    receivers: list[str]
    revoked_at: datetime | None


class InstitutionName(TypedDict):
    id: str
    name: str


class MoveView(TypedDict):
    """A step that is possible now, what it needs, and whose it is (filer, referral_worker, institution)."""

    move: str
    needs: list[str]
    who: list[Party]


HistoryView = TypedDict(
    "HistoryView",
    {"at": datetime, "actor": Name | None, "move": str, "from": str, "to": str, "note": str | None},
)


class ReferralView(TypedDict):
    """`due_basis` is `measures` for the two limits that the Measures lay down, `project_default` for all others;
    `due_provisional`: counted through a year whose holidays are not published yet."""

    id: str
    number: str
    contact_id: str | None
    stage: Stage
    stage_since: datetime
    version: int
    channel: Channel
    person: PersonView
    needs: list[str]
    district: str | None
    consent: ConsentView
    institution: InstitutionName | None
    due_on: date | None
    due_basis: Basis | None
    due_provisional: bool
    overdue: bool
    next: NextView | None
    owner: Party | None
    closing_proposed: bool
    duplicate_of: str | None
    next_moves: list[MoveView]
    history: list[HistoryView]
    decline_reason: str | None
    closure_code: str | None
    visits_done: int
    note: str | None
    risk_note: str | None
    created_at: datetime


def audience(referral: Referral) -> tuple[str, ...]:
    """From who sees least to who sees most: who is several of them keeps the last frame."""
    topics = [staff_topic(referral.filed_by), SUPERVISION]
    if referral.institution_id is not None and is_held_by(referral, referral.institution_id):
        topics.insert(0, institution_topic(referral.institution_id))
    return (*topics, referrals_topic(referral.district), referrals_topic(None))


def view(referral: Referral, names: Directory) -> ReferralView:
    institution_id = referral.institution_id
    return {
        "id": referral.id,
        "number": referral.number,
        "contact_id": referral.contact_id,
        "stage": referral.stage,
        "stage_since": referral.stage_since,
        "version": referral.version,
        "channel": referral.channel,
        "person": _person(referral),
        "needs": referral.needs,
        "district": referral.district,
        "consent": _consent(referral),
        "institution": {"id": institution_id, "name": referral.institution_name or ""}
        if institution_id
        else None,
        "due_on": referral.due_on,
        "due_basis": referral.due_basis,
        "due_provisional": referral.due_provisional,
        "overdue": referral.late_rung > 0,
        "next": next_view(due(referral, ServiceRules()), None),
        "owner": referral.owner,
        "closing_proposed": referral.closing_proposed,
        "duplicate_of": referral.duplicate_of,
        "next_moves": _next_moves(referral),
        "history": _history(referral, names),
        "decline_reason": referral.decline_reason,
        "closure_code": referral.closure_code,
        "visits_done": referral.visits_done,
        "note": referral.note if referral.consent_revoked_at is None else None,
        "risk_note": referral.risk_note if referral.consent_revoked_at is None else None,
        "created_at": referral.created_at,
    }


def narrowed(referral: Referral, seen: ReferralView, topics: Iterable[str]) -> ReferralView:
    """What may be shown to somebody who hears these topics and no other."""
    parties = _parties(referral, set(topics))
    moves = [move for move in seen["next_moves"] if not parties.isdisjoint(move["who"])]
    shown: ReferralView = {**seen, "next_moves": moves}
    if parties & {Party.WORKER, Party.FILER}:
        return shown
    shown["contact_id"] = shown["duplicate_of"] = None
    shown["history"] = _since_referred(seen["history"])
    return shown


def _parties(referral: Referral, topics: set[str]) -> set[Party]:
    parties = set()
    if topics & {referrals_topic(referral.district), referrals_topic(None)}:
        parties.add(Party.WORKER)
    if topics & {staff_topic(referral.filed_by), SUPERVISION}:
        parties.add(Party.FILER)
    if referral.institution_id is not None and institution_topic(referral.institution_id) in topics:
        parties.add(Party.INSTITUTION)
    return parties


def _since_referred(history: list[HistoryView]) -> list[HistoryView]:
    starts = [index for index, entry in enumerate(history) if entry["move"] == "refer"]
    return history[starts[-1] :] if starts else []


def _person(referral: Referral) -> PersonView:
    if referral.consent_revoked_at is not None:
        return {
            "name_masked": "",
            "sex": None,
            "birth_year": None,
            "phone_masked": None,
            "has_guardian": False,
        }
    person = referral.person
    born, phone = person.get("birth_date"), person.get("phone")
    return {
        "name_masked": masked_name(person.get("name") or ""),
        "sex": person.get("sex"),
        "birth_year": int(born[:4]) if born else None,
        "phone_masked": masked("".join(filter(str.isdecimal, phone))) if phone else None,
        "has_guardian": bool(person.get("guardian_name") or person.get("guardian_phone")),
    }


def masked_name(name: str) -> str:
    """王** of 王小明, J** of John Smith."""
    name = name.strip()
    return name[:1] + "**" if name else ""


def _consent(referral: Referral) -> ConsentView:
    consent = referral.consent
    at = consent.get("at")
    return {
        "given": bool(consent.get("given")),
        "at": datetime.fromisoformat(at) if at else None,
        "by": consent.get("by"),
        "how": consent.get("how"),
        "scope": consent.get("scope", []),
        "receivers": consent.get("receivers", []),
        "revoked_at": referral.consent_revoked_at,
    }


def _next_moves(referral: Referral) -> list[MoveView]:
    return [
        {
            "move": move.name,
            "needs": rehabilitation.needs_of(referral, move),
            "who": list(move.who),
        }
        for move in rehabilitation.possible(referral)
    ]


def _history(referral: Referral, names: Directory) -> list[HistoryView]:
    """After a revoked consent without the words of its steps, which are about the person; but for why it ended."""
    shown = [_entry(each, names) for each in referral.history]
    if referral.consent_revoked_at is not None:
        for entry in shown:
            entry["note"] = entry["note"] if entry["move"] == "revoke_consent" else None
    return shown


def _entry(entry: dict[str, Any], names: Directory) -> HistoryView:
    return {
        "at": datetime.fromisoformat(entry["at"]),
        "actor": names.name(entry["actor"]),
        "move": entry["move"],
        "from": entry["from"],
        "to": entry["to"],
        "note": entry["note"],
    }
