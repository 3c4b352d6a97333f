"""Random histories of recordings: what carrier, people and clocks do in any order keeps the laws."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from hotline.domain import recordings
from hotline.domain.change import Change
from hotline.domain.contact_moves import moved
from hotline.domain.contacts import Channel, Contact, ContactState
from hotline.domain.ids import ContactId, RecordingId, StaffId
from hotline.domain.recordings import Recording, RecordingState, Wanted
from hotline.domain.service_rules import ServiceRules

START = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
RULES = ServiceRules(record_calls=True)
COUNSELOR = StaffId("stf_1")


class History:
    """A call and its recordings, moved by chance."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.now = START
        self.contact = Contact(
            id=ContactId("con_1"),
            channel=Channel.CALL,
            call_sid="CA1",
            call_state="bridged",
            state=ContactState.ACTIVE,
            opened_at=START,
        )
        self.recordings: dict[str, Recording] = {}
        self.effects: list[str] = []

    def take_in(self, change: Change) -> None:
        for each in change.save:
            assert isinstance(each, Recording)
            self.recordings[each.id] = each
        self.effects.extend(each.key for each in change.effects)

    def follows(self) -> None:
        new_id = RecordingId(f"rec_{len(self.recordings)}")
        made = list(self.recordings.values())
        self.take_in(recordings.follow(self.contact, made, new_id, self.now, RULES))

    def contact_is(self, **fields: object) -> None:
        self.contact = moved(self.contact, **fields)
        self.follows()

    def step(self) -> None:
        self.now += timedelta(seconds=self.chance.choice((0, 1, 30, 3600, 86_400 * 40)))
        over = self.contact.state is ContactState.CLOSED
        moves: list[Callable[[], None]] = [self.of_one]
        if not over:
            moves.append(lambda: self.contact_is(recording_consent=self.chance.choice((True, True, False))))
            moves.append(lambda: self.contact_is(call_state=self.chance.choice(("bridged", "queued"))))
            moves.append(lambda: self.contact_is(state=ContactState.CLOSED))
        self.chance.choice((*moves, self.of_one, self.of_one))()

    def of_one(self) -> None:
        if not self.recordings:
            return
        each = self.chance.choice(list(self.recordings.values()))
        sid, wanted = f"RE-{each.id}", self.chance.choice(list(Wanted))
        change = self.chance.choice(
            (
                lambda: recordings.started(each, sid, self.now),
                lambda: recordings.not_started(each, "carrier_busy"),
                lambda: recordings.is_set(each, wanted),
                lambda: recordings.not_set(each, wanted, "carrier_refused"),
                lambda: recordings.finished(each, sid, 5, self.now),
                lambda: recordings.absent(each),
                lambda: recordings.kept(each, "a key", 5, self.now, RULES),
                lambda: recordings.not_fetched(each, "carrier_busy"),
                lambda: recordings.removed_at_carrier(each),
                lambda: recordings.not_removed(each, "carrier_busy"),
                lambda: recordings.on_deadline(each, self.now, RULES),
                lambda: recordings.held(each, on=self.chance.random() < 0.3),
                lambda: recordings.pause(each, COUNSELOR) if recordings.is_running(each) else Change(),
                lambda: (
                    recordings.resume(each, self.contact, COUNSELOR)
                    if recordings.is_running(each)
                    else Change()
                ),
            )
        )()
        self.take_in(change)


@pytest.mark.parametrize("seed", range(300))
def test_laws_hold_through_any_history(seed: int) -> None:
    history = History(seed)
    refused = False
    for _ in range(60):
        before = dict(history.recordings)
        history.step()
        refused = refused or history.contact.recording_consent is False
        for each in history.recordings.values():
            assert (each.file_key is not None) == (each.state is RecordingState.KEPT)
            assert not (each.discard and each.state is RecordingState.KEPT)
            was = before.get(each.id)
            if was is not None and was.state is RecordingState.DELETED:
                assert each.state is RecordingState.DELETED
            if was is not None and was.held and each.held and was.state is RecordingState.KEPT:
                assert each.state is RecordingState.KEPT, "a legal hold was not kept"
            _has_a_next_step(history, each)
        running = [each for each in history.recordings.values() if recordings.is_running(each)]
        assert len(running) <= 1
        if running:
            assert history.contact.recording_consent is True
            assert history.contact.state is ContactState.ACTIVE
    assert len(history.effects) == len(set(history.effects)), "one effect was owed twice under one key"


def _has_a_next_step(history: History, each: Recording) -> None:
    """A carrier's copy, or a kept one that is not held, never waits for nobody."""
    over = history.contact.state is ContactState.CLOSED
    states = (RecordingState.RUNNING, RecordingState.PAUSED)
    if (
        each.state is RecordingState.FINISHED
        or (over and each.state in states)
        or (each.state is RecordingState.KEPT and not each.held)
        or (each.state in (RecordingState.KEPT, RecordingState.DELETED) and each.at_carrier)
    ):
        assert recordings.due(each, RULES) is not None, each


@pytest.mark.parametrize("seed", range(50))
def test_the_same_report_twice_changes_nothing(seed: int) -> None:
    history = History(seed)
    for _ in range(40):
        history.step()
        for each in list(history.recordings.values()):
            for report in (
                lambda value: recordings.started(value, "RE1", START),
                lambda value: recordings.finished(value, "RE1", 5, START),
                recordings.absent,
                lambda value: recordings.kept(value, "a key", 5, START, RULES),
                recordings.removed_at_carrier,
            ):
                once = report(each)
                after = next((e for e in reversed(once.save) if isinstance(e, Recording)), each)
                assert report(after).save == ()


def test_silence_is_no_consent() -> None:
    history = History(1)
    for consent in (None, False):
        history.contact_is(recording_consent=consent)
        assert history.recordings == {}
    history.contact_is(recording_consent=True)
    assert [each.state for each in history.recordings.values()] == [RecordingState.OWED]


def test_what_the_console_says_is_certain_only_when_the_carrier_confirmed() -> None:
    history = History(1)
    history.contact_is(recording_consent=True)
    (recording,) = history.recordings.values()
    assert recordings.shown([recording]) == "starting"
    recording = recordings.started(recording, "RE1", START).answer
    assert recordings.shown([recording]) == "recording"
    recording = recordings.pause(recording, COUNSELOR).answer
    assert recordings.shown([recording]) == "pausing"
    refused = recordings.not_set(recording, Wanted.PAUSED, "carrier_refused").answer
    assert recordings.shown([refused]) == "not_paused"
    recording = recordings.is_set(recording, Wanted.PAUSED).answer
    assert recordings.shown([recording]) == "paused"
