"""What is not kept for ever, one thing at a time; and that what is open, held or still to be heard is."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.domain import retention
from hotline.domain.change import Change
from hotline.domain.contacts import Channel, Contact, ContactState
from hotline.domain.legal_holds import LegalHold
from hotline.domain.recordings import RecordingState
from hotline.domain.retention import Belongings
from hotline.domain.school_reports import ReportState, SchoolReport
from hotline.domain.service_rules import ServiceRules
from hotline.domain.shift_swaps import SwapState
from hotline.domain.voicemails import Audio, VoicemailState
from tests.domain.old_contacts import ID, NOW, alert, contact, followup, hold, message, report, sound, swap

DAY = timedelta(days=1)
RULES = ServiceRules(
    contacts_kept_days=100, texts_kept_days=10, school_reports_kept_days=50, swaps_kept_days=5
)
FOR_EVER = ServiceRules(
    contacts_kept_days=0, texts_kept_days=0, school_reports_kept_days=0, swaps_kept_days=0
)


def forgotten(of: Contact, belongings: Belongings, days: float, rules: ServiceRules = RULES) -> Change:
    return retention.forget_contact(of, belongings, NOW + days * DAY, rules)


def test_words_names_and_numbers_go_codes_and_times_stay() -> None:
    change = forgotten(contact(), Belongings(), 100)
    after = change.save[0]
    assert isinstance(after, Contact)
    assert (after.nickname, after.note, after.content_erased_at) == (None, None, NOW + 100 * DAY)
    assert (after.channel, after.closed_at, after.version) == (Channel.CHAT, NOW, 2)
    assert change.erase == (ID,)
    (event,) = change.events
    assert (event.noun, event.what, event.actor, event.facts) == (
        "contact",
        "content_erased",
        "machine",
        {"why": "retention"},
    )
    assert forgotten(after, Belongings(), 1000) == Change(), "once"


def test_texts_have_a_time_of_their_own_and_nought_is_for_ever() -> None:
    assert forgotten(contact(Channel.SMS), Belongings(), 10).erase == (ID,)
    assert forgotten(contact(), Belongings(), 99.9) == Change()
    assert forgotten(contact(), Belongings(), 9999, FOR_EVER) == Change()


@pytest.mark.parametrize("state", [each for each in ContactState if each is not ContactState.CLOSED])
def test_an_open_contact_is_kept(state: ContactState) -> None:
    assert forgotten(contact(state=state), Belongings(), 9999) == Change()


@pytest.mark.parametrize(
    "kept",
    [
        Belongings(holds=[hold(None)]),
        Belongings(alerts=[alert(None)]),
        Belongings(followups=[followup(None)]),
        Belongings(recordings=[sound(RecordingState.KEPT)]),
        Belongings(recordings=[sound(RecordingState.FINISHED)]),
        Belongings(voicemails=[message(VoicemailState.TAKEN, Audio.NONE)]),
        Belongings(voicemails=[message(VoicemailState.DONE, Audio.KEPT)]),
    ],
)
def test_what_is_held_open_or_to_be_heard_keeps_it(kept: Belongings) -> None:
    assert forgotten(contact(), kept, 9999) == Change()


def test_what_is_over_or_lifted_keeps_nothing() -> None:
    over = Belongings(
        holds=[hold(NOW)],
        recordings=[sound(RecordingState.DELETED), sound(RecordingState.FAILED)],
        voicemails=[message(VoicemailState.DONE, Audio.DELETED)],
    )
    assert forgotten(contact(), over, 100).erase == (ID,)


@given(
    st.lists(st.integers(0, 400), max_size=2), st.lists(st.integers(0, 400), max_size=2), st.integers(0, 400)
)
def test_it_counts_from_what_was_last(alerts: list[int], followups: list[int], seen: int) -> None:
    belongings = Belongings(
        alerts=[alert(NOW + each * DAY) for each in alerts],
        followups=[followup(NOW + each * DAY) for each in followups],
        last_seen_at=NOW + seen * DAY,
    )
    latest = max([seen, *alerts, *followups])
    assert forgotten(contact(), belongings, latest + 99.9) == Change()
    assert forgotten(contact(), belongings, latest + 100).erase == (ID,)


def test_a_school_s_report_keeps_its_codes() -> None:
    change = retention.forget_report(report(), (), NOW + 50 * DAY, RULES)
    after = change.save[0]
    assert isinstance(after, SchoolReport)
    assert after.facts == {"level_color": "red", "event_types": ["plan"]}
    assert [(each["kind"], each["note"]) for each in after.steps] == [("updated", None)]
    assert [(each.noun, each.what) for each in change.events] == [("school_report", "content_erased")]
    assert retention.forget_report(after, (), NOW + 500 * DAY, RULES) == Change(), "once"


@pytest.mark.parametrize(
    ("of", "holds", "days", "rules"),
    [
        (report(), [], 49.9, RULES),
        (report(), [hold(None)], 9999, RULES),
        (report(ReportState.BEING_HANDLED), [], 9999, RULES),
        (report(), [], 9999, FOR_EVER),
    ],
)
def test_a_school_s_report_is_kept(
    of: SchoolReport, holds: list[LegalHold], days: float, rules: ServiceRules
) -> None:
    assert retention.forget_report(of, holds, NOW + days * DAY, rules) == Change()


def test_a_swap_that_is_over_is_deleted_in_time() -> None:
    over = swap(SwapState.LAPSED)
    assert retention.forget_swap(over, NOW + 5 * DAY, RULES).remove == (over,)
    assert retention.forget_swap(over, NOW + 4.9 * DAY, RULES) == Change()
    assert retention.forget_swap(over, NOW + 9999 * DAY, FOR_EVER) == Change()
    assert retention.forget_swap(swap(SwapState.OFFERED), NOW + 9999 * DAY, RULES) == Change()
