"""The order in which all tables are read, locked and written: parents before children."""

from __future__ import annotations

import hotline.storage.tables.system  # noqa: F401  (registers the store's own tables)
from hotline.storage.nouns import Nouns
from hotline.storage.tables.alerts import ALERTS, TEAMS
from hotline.storage.tables.calls import LEGS
from hotline.storage.tables.contacts import CONTACTS, DRAFTS, INSTRUMENT_ANSWERS, LEVEL_STEPS, MESSAGES, NOTES
from hotline.storage.tables.duty_rings import DUTY_PHONES, DUTY_RINGS
from hotline.storage.tables.followups import FOLLOWUPS
from hotline.storage.tables.line import BLOCKS, INBOUND_CALLS, LINE_POLICY, NOTICES, VOICEMAILS
from hotline.storage.tables.people import PEOPLE, PERSON_FLAGS, TEXT_CONSENTS
from hotline.storage.tables.phones import PHONES
from hotline.storage.tables.recordings import LEGAL_HOLDS, LISTENINGS, RECORDINGS
from hotline.storage.tables.referrals import INSTITUTIONS, REFERRALS
from hotline.storage.tables.routing import DIVERSIONS, OFFERS, PRESENCES, RING_RULES
from hotline.storage.tables.school_reports import SCHOOL_REPORT_DRAFTS, SCHOOL_REPORTS, SCHOOLS
from hotline.storage.tables.shifts import DUTY, HANDOVERS, OVERRIDES, SHIFT_SWAPS, SHIFTS
from hotline.storage.tables.staff import SESSIONS, STAFF
from hotline.storage.tables.triage_readings import TRIAGE_READINGS

ALL_NOUNS = Nouns(
    (
        STAFF,
        SESSIONS,
        PHONES,
        PEOPLE,
        PERSON_FLAGS,
        TEXT_CONSENTS,
        CONTACTS,
        MESSAGES,
        NOTES,
        DRAFTS,
        INSTRUMENT_ANSWERS,
        LEVEL_STEPS,
        LEGS,
        RECORDINGS,
        LISTENINGS,
        LEGAL_HOLDS,
        PRESENCES,
        OFFERS,
        DIVERSIONS,
        RING_RULES,
        TEAMS,
        ALERTS,
        FOLLOWUPS,
        INBOUND_CALLS,
        BLOCKS,
        LINE_POLICY,
        NOTICES,
        VOICEMAILS,
        INSTITUTIONS,
        REFERRALS,
        SCHOOLS,
        SCHOOL_REPORTS,
        SCHOOL_REPORT_DRAFTS,
        TRIAGE_READINGS,
        SHIFTS,
        OVERRIDES,
        SHIFT_SWAPS,
        HANDOVERS,
        DUTY,
        DUTY_RINGS,
        DUTY_PHONES,
    )
)
