"""The waiting room against the plainest reading of its rules: look at everybody, every time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.domain import presence as presences
from hotline.domain.at_work import capability
from hotline.domain.contacts import RISKY, Channel, Contact, ContactState
from hotline.domain.ids import ContactId, DiversionId, OfferId, StaffId
from hotline.domain.presence import Presence, PresenceState, WhyNot
from hotline.domain.requirements import Wish, in_any_language, less_and_less, steps
from hotline.domain.routing import WaitingRoom, queue_key
from hotline.domain.service_rules import ServiceRules
from hotline.domain.skills import DEFAULT_SKILLS, spoken, wished_by
from hotline.domain.suitability import why_suited
from hotline.domain.switchboard import Diversion, DivertTo
from triage.assessment import Level

RULES = ServiceRules()
NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
DISTRICTS = (None, "中山区", "西岗区")
SKILLS = ("youth", "violence")


def somebody(number: int, **fields: object) -> Presence:
    given_fields = {"state": PresenceState.AVAILABLE, "connected": True, **fields}
    spoken_ones = spoken(*given_fields.pop("languages", ["zh"]))  # type: ignore[misc]
    given_fields["skills"] = spoken_ones | dict(given_fields.get("skills", {}))  # type: ignore[call-overload]
    return Presence.model_validate(
        {"id": f"stf_{number}", "since": NOW, "idle_since": NOW, "chat_capacity": 2, "call_capacity": 1}
        | given_fields
    )


def waiting(number: int, after_seconds: float = 0, **fields: object) -> Contact:
    return Contact.model_validate(
        {"id": f"con_{number}", "channel": Channel.CHAT, "opened_at": NOW + timedelta(seconds=after_seconds)}
        | fields
    )


def room_of(
    contacts: list[Contact], people: list[Presence], diversions: tuple[Diversion, ...] = ()
) -> WaitingRoom:
    room = WaitingRoom(RULES)
    room.rebuild(contacts, people, diversions, NOW)
    return room


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def matched(room: WaitingRoom, seconds: float) -> set[tuple[str, str]]:
    return {(each.contact_id, each.staff_id) for each in room.matches(at(seconds))}


# Against the plainest reading -----------------------------------------------------------------------


def may_take(contact: Contact, who: Presence, people: list[Presence], now: datetime) -> bool:
    if who.id in contact.refused_by:
        return False
    risky = contact.level in RISKY
    wish = Wish(
        contact.channel is Channel.CALL, contact.language, tuple(contact.skills), contact.district, risky
    )
    asked = [each.asked for each in steps(wish, RULES) if each.after <= now - contact.opened_at][-1]
    on_duty = [
        each
        for each in people
        if each.state is PresenceState.AVAILABLE and each.connected and each.id not in contact.refused_by
    ]
    here = [each for each in people if each.state is not PresenceState.OFFLINE and each.connected]
    eased = list(less_and_less(asked))
    if not any(f"language:{contact.language}" in each.skills for each in here):
        eased += less_and_less(in_any_language(asked))
    for each in eased:
        if any(each.is_met_by(capability(one)) for one in on_duty):
            asked = each
            break
    return asked.is_met_by(capability(who))


def plainly(contacts: list[Contact], people: list[Presence], now: datetime) -> set[tuple[str, str]]:
    left = sorted(contacts, key=lambda each: queue_key(each, RULES))
    found: set[tuple[str, str]] = set()
    in_order = sorted(people, key=lambda each: (each.chats + each.calls, each.idle_since, each.id))
    for who in in_order:
        for contact in left:
            free = presences.why_not_offered(who, contact.channel, RULES) is None
            if free and may_take(contact, who, people, now):
                found.add((contact.id, who.id))
                left.remove(contact)
                break
    return found


people = st.builds(
    somebody,
    st.integers(0, 6),
    languages=st.sampled_from([["zh"], ["en"], ["zh", "en"]]),
    skills=st.dictionaries(st.sampled_from(SKILLS), st.integers(1, 5)),
    district=st.sampled_from(DISTRICTS),
    reserve=st.booleans(),
    chats=st.integers(0, 2),
    state=st.sampled_from([PresenceState.AVAILABLE] * 4 + [PresenceState.ON_BREAK]),
    imminent=st.sampled_from([[], [], [], ["con_x"]]),
)
contacts = st.builds(
    waiting,
    st.integers(0, 12),
    st.integers(0, 100),
    channel=st.sampled_from([Channel.CHAT, Channel.CALL]),
    language=st.sampled_from(["zh", "en"]),
    level=st.sampled_from(list(Level)),
    skills=st.lists(st.sampled_from(SKILLS), unique=True),
    district=st.sampled_from(DISTRICTS),
    refused_by=st.lists(st.sampled_from(["stf_0", "stf_1"]), unique=True),
)
of_one_id: dict[str, Any] = {"unique_by": lambda each: each.id}


@settings(max_examples=200, deadline=None)
@given(st.lists(contacts, **of_one_id), st.lists(people, **of_one_id), st.lists(st.integers(0, 120)))
def test_the_room_decides_as_if_it_looked_at_everybody(
    found: list[Contact], staff: list[Presence], moments: list[int]
) -> None:
    """Looked at now and then; nobody of those who came later than now is in it yet."""
    room = room_of([], staff)
    seen: list[Contact] = []
    for moment in sorted({*moments, 130}):
        for contact in found:
            if contact not in seen and contact.opened_at <= at(moment):
                room.see_contact(contact)
                seen.append(contact)
        assert matched(room, moment) == plainly(seen, staff, at(moment))


@settings(max_examples=200, deadline=None)
@given(
    st.lists(contacts, min_size=1, max_size=6, **of_one_id),
    st.lists(people, max_size=4, **of_one_id),
    st.lists(st.tuples(st.integers(0, 5), st.sampled_from(list(Level))), max_size=6),
    st.lists(people, max_size=4),
)
def test_levels_and_people_change_while_they_wait(
    found: list[Contact], staff: list[Presence], levels: list[tuple[int, Level]], changed: list[Presence]
) -> None:
    """Whoever is looked at anew stays where the others can see them: no level and no sign-in loses anybody."""
    room = room_of(found, staff)
    now = {each.id: each for each in found}
    here = {each.id: each for each in staff}
    for index, level in levels:
        contact = found[index % len(found)]
        now[contact.id] = now[contact.id].model_copy(update={"level": level})
        room.see_contact(now[contact.id])
        matched(room, 101)
    for who in changed:
        here[who.id] = who
        room.see_presence(who)
        matched(room, 101)
    assert matched(room, 130) == plainly(list(now.values()), list(here.values()), at(130))


@settings(max_examples=100, deadline=None)
@given(contacts, st.lists(people, min_size=1, **of_one_id))
def test_nobody_waits_for_ever_while_somebody_is_free(contact: Contact, staff: list[Presence]) -> None:
    """Whatever was wished for, after the last step anybody with free hands will do."""
    room = room_of([contact], staff)
    moved = contact.opened_at + RULES.supervisors_overflow_after
    free = [
        each
        for each in staff
        if presences.why_not_offered(each, contact.channel, RULES) is None
        and each.id not in contact.refused_by
    ]
    assert len(room.matches(moved)) == min(1, len(free))


@settings(max_examples=100, deadline=None)
@given(st.lists(contacts, **of_one_id), st.lists(people, **of_one_id))
def test_nobody_is_matched_twice_and_nobody_busy_at_all(found: list[Contact], staff: list[Presence]) -> None:
    matches = room_of(found, staff).matches(at(200))
    assert len({each.contact_id for each in matches}) == len(matches)
    assert len({each.staff_id for each in matches}) == len(matches)
    people_by_id = {each.id: each for each in staff}
    contacts_by_id = {each.id: each for each in found}
    for match in matches:
        who, contact = people_by_id[match.staff_id], contacts_by_id[match.contact_id]
        assert presences.within_capacity(who, contact.channel)
        assert contact.channel is not Channel.CALL or who.chats == 0


# By example ---------------------------------------------------------------------------------------


def test_the_practised_first_then_who_has_begun_then_anybody() -> None:
    practised_but_busy = somebody(2, skills={"youth": 4}, calls=1)
    begun = somebody(1, skills={"youth": 1}, chats=1)
    room = room_of([waiting(1, skills=["youth"])], [somebody(0), begun, practised_but_busy])
    assert matched(room, 19) == set()
    assert matched(room, 20) == {("con_1", "stf_1")}
    room.see_presence(somebody(1, skills={"youth": 1}, chats=2))
    assert matched(room, 29) == set()
    assert matched(room, 30) == {("con_1", "stf_0")}


def test_what_nobody_on_duty_can_do_is_not_waited_for() -> None:
    room = room_of([waiting(1, skills=["violence"], district="西岗区")], [somebody(0)])
    assert matched(room, 0) == {("con_1", "stf_0")}


def test_a_skill_that_only_a_colleague_on_a_break_has_is_not_waited_for() -> None:
    away = somebody(1, skills={"youth": 5}, state=PresenceState.ON_BREAK)
    room = room_of([waiting(1, skills=["youth"])], [somebody(0), away])
    assert matched(room, 0) == {("con_1", "stf_0")}


def test_a_skill_of_a_colleague_who_may_come_free_is_waited_for_as_long_as_is_set() -> None:
    """The wait beside somebody free is for this alone, and has its end."""
    busy = somebody(1, skills={"youth": 5}, calls=1)
    room = room_of([waiting(1, skills=["youth"])], [somebody(0), busy])
    assert matched(room, 29) == set()
    assert matched(room, 30) == {("con_1", "stf_0")}


def test_who_has_declined_is_not_waited_for_whatever_they_can_do() -> None:
    able = somebody(1, skills={"youth": 5})
    room = room_of([waiting(1, skills=["youth"])], [somebody(0), able])
    assert matched(room, 0) == {("con_1", "stf_1")}
    room.see_contact(waiting(1, skills=["youth"], refused_by=["stf_1"]))
    assert matched(room, 1) == {("con_1", "stf_0")}


def test_of_two_who_could_one_has_declined_and_the_other_goes() -> None:
    able = [somebody(each, skills={"youth": 5}, chats=2 * (each - 1)) for each in (1, 2)]
    room = room_of([waiting(1, skills=["youth"], refused_by=["stf_1"])], [somebody(0), *able])
    assert matched(room, 1) == set(), "the other may come free"
    room.see_presence(able[1].model_copy(update={"connected": False}))
    assert matched(room, 2) == {("con_1", "stf_0")}


def test_a_language_is_waited_for_while_somebody_here_speaks_it_and_no_longer() -> None:
    speaker = somebody(1, languages=["en"], state=PresenceState.ON_BREAK)
    room = room_of([waiting(1, language="en", skills=["youth"])], [somebody(0), speaker])
    assert matched(room, 44) == set()
    room.see_presence(speaker.model_copy(update={"state": PresenceState.OFFLINE}))
    assert matched(room, 44) == {("con_1", "stf_0")}, "nobody here speaks it: not a second longer"
    room.see_presence(speaker)
    assert matched(room, 44) == set()
    assert matched(room, 45) == {("con_1", "stf_0")}


def test_where_nobody_speaks_it_a_skill_is_still_asked_of_who_has_it() -> None:
    people = [somebody(0), somebody(1, skills={"youth": 4})]
    room = room_of([waiting(1, language="en", skills=["youth"])], people)
    assert matched(room, 0) == {("con_1", "stf_1")}


def test_at_risk_a_wish_holds_ten_seconds() -> None:
    busy = somebody(1, skills={"youth": 5}, calls=1)
    room = room_of([waiting(1, level=Level.HIGH, skills=["youth"])], [somebody(0), busy])
    assert matched(room, 9) == set()
    assert matched(room, 10) == {("con_1", "stf_0")}


def test_supervisors_stand_back_while_a_counselor_is_at_work() -> None:
    busy = somebody(0, calls=1)
    room = room_of([waiting(1)], [busy, somebody(1, reserve=True)])
    assert matched(room, 59) == set()
    assert matched(room, 60) == {("con_1", "stf_1")}
    alone = room_of([waiting(1)], [somebody(1, reserve=True)])
    assert matched(alone, 0) == {("con_1", "stf_1")}


def test_a_wished_counselor_is_waited_for_if_they_are_there() -> None:
    wish: dict[str, Any] = {"wished_counselor_id": "stf_1", "wished_until": at(120)}
    room = room_of([waiting(1, **wish)], [somebody(0), somebody(1, chats=2)])
    assert matched(room, 100) == set()
    room.see_presence(somebody(1, chats=1))
    assert matched(room, 101) == {("con_1", "stf_1")}
    room.see_presence(somebody(1, state=PresenceState.OFFLINE))
    assert matched(room, 102) == {("con_1", "stf_0")}
    late = room_of([waiting(1, **wish)], [somebody(0), somebody(1, chats=2)])
    assert matched(late, 120) == {("con_1", "stf_0")}


def test_at_risk_a_wished_counselor_is_waited_for_ten_seconds() -> None:
    wish: dict[str, Any] = {"wished_counselor_id": "stf_1", "wished_until": at(120)}
    room = room_of([waiting(1, level=Level.IMMINENT, **wish)], [somebody(0), somebody(1, chats=2)])
    assert matched(room, 9) == set()
    assert matched(room, 10) == {("con_1", "stf_0")}
    rises = room_of([waiting(1, **wish)], [somebody(0), somebody(1, chats=2)])
    assert matched(rises, 30) == set()
    rises.see_contact(waiting(1, level=Level.HIGH, **wish))
    assert matched(rises, 30) == {("con_1", "stf_0")}


def test_a_wished_counselor_who_declines_is_not_waited_for() -> None:
    wish: dict[str, Any] = {"wished_counselor_id": "stf_1", "wished_until": at(120)}
    room = room_of([waiting(1, **wish)], [somebody(0), somebody(1)])
    assert matched(room, 0) == {("con_1", "stf_1")}
    room.see_contact(waiting(1, refused_by=["stf_1"], **wish))
    assert matched(room, 1) == {("con_1", "stf_0")}


def test_a_wished_counselor_who_comes_back_in_time_is_asked() -> None:
    wish: dict[str, Any] = {"wished_counselor_id": "stf_1", "wished_until": at(120)}
    room = room_of([waiting(1, **wish)], [somebody(0, chats=2), somebody(1, connected=False)])
    assert matched(room, 5) == set()
    room.see_presence(somebody(1, chats=2))
    room.see_presence(somebody(0))
    assert matched(room, 6) == set()
    room.see_presence(somebody(1))
    assert matched(room, 7) == {("con_1", "stf_1")}


def test_who_is_free_again_as_before_gets_one_contact() -> None:
    room = room_of([waiting(1), waiting(2)], [somebody(0), somebody(1, chats=1)])
    room.see_presence(somebody(0, offer_id="off_1"))
    room.see_presence(somebody(0))
    assert matched(room, 0) == {("con_1", "stf_0"), ("con_2", "stf_1")}


moves = st.one_of(
    st.tuples(st.just("contact"), contacts, st.sampled_from([None, None, "stf_0", "stf_1"]), st.booleans()),
    st.tuples(st.just("presence"), people, st.none(), st.booleans()),
    st.tuples(
        st.just("divert"), st.sampled_from([None, *SKILLS]), st.sampled_from([None, *SKILLS]), st.none()
    ),
    st.tuples(st.just("time"), st.integers(1, 40), st.none(), st.none()),
)


def diversion(skill: str | None, to_skill: str | None) -> Diversion:
    return Diversion(
        id=DiversionId("div_1"),
        skill=skill,
        to=DivertTo.SKILLS,
        to_skills=[to_skill] if to_skill else [],
        made_by=StaffId("stf_boss"),
        made_at=NOW,
        until=at(6000),
    )


@settings(max_examples=300, deadline=None)
@given(st.lists(moves, max_size=30))
def test_after_any_history_the_room_is_as_one_built_anew(history: list[tuple[Any, ...]]) -> None:
    """A restart changes nothing, and nothing that happened loses anybody."""
    room, moment = room_of([], []), 100.0
    known: dict[str, Contact] = {}
    here: dict[str, Presence] = {}
    diverted: tuple[Diversion, ...] = ()
    for kind, what, more, flag in history:
        if kind == "contact":
            state = ContactState.CLOSED if flag and what.id in known else ContactState.WAITING
            wish = {"wished_counselor_id": more, "wished_until": at(160)} if more else {}
            known[what.id] = what.model_copy(update={"state": state, **wish})
            room.see_contact(known[what.id])
        elif kind == "presence":
            offer = {"offer_id": OfferId("off_1")} if flag else {}
            here[what.id] = what.model_copy(update=offer)
            room.see_presence(here[what.id])
        elif kind == "divert":
            diverted = (diversion(what, more),) if what else ()
            room.see_diversions(diverted, at(moment))
        else:
            moment += what
        anew = WaitingRoom(RULES)
        anew.rebuild(known.values(), here.values(), diverted, at(moment))
        assert matched(room, moment) == matched(anew, moment)
        assert [each.contact_id for each in room.waiting_in_order()] == [
            each.contact_id for each in anew.waiting_in_order()
        ]


def test_a_diversion_to_other_skills() -> None:
    diverted = Diversion(
        id=DiversionId("div_1"),
        skill="youth",
        to=DivertTo.SKILLS,
        to_skills=["violence"],
        made_by=StaffId("stf_boss"),
        made_at=NOW,
        until=at(600),
    )
    staff = [somebody(0, skills={"youth": 5}), somebody(1, skills={"violence": 5}, chats=1)]
    assert matched(room_of([waiting(1, skills=["youth"])], staff), 0) == {("con_1", "stf_0")}
    room = room_of([waiting(1, skills=["youth"])], staff, (diverted,))
    assert matched(room, 0) == {("con_1", "stf_1")}
    room.see_diversions((), NOW)
    assert matched(room, 0) == {("con_1", "stf_0")}


def test_why_nothing_is_offered() -> None:
    def why(channel: Channel, **fields: object) -> WhyNot | None:
        return presences.why_not_offered(somebody(0, **fields), channel, RULES)

    assert why(Channel.CALL) is None
    assert why(Channel.CALL, chats=1) is WhyNot.HAS_CHATS
    assert why(Channel.CHAT, chats=1) is None
    assert why(Channel.CHAT, chats=2) is WhyNot.FULL
    assert why(Channel.CHAT, calls=1) is WhyNot.ON_CALL
    assert why(Channel.CALL, calls=1, wrap_ups=["con_1"]) is WhyNot.WRAP_UP
    assert why(Channel.CALL, chats=1, wrap_ups=["con_1"]) is WhyNot.WRAP_UP
    assert why(Channel.CALL, chats=2, wrap_ups=["con_1"]) is WhyNot.HAS_CHATS
    assert why(Channel.CHAT, chats=2, wrap_ups=["con_1", "con_2"]) is WhyNot.WRAP_UP
    assert why(Channel.CHAT, chats=1, imminent=["con_1"]) is WhyNot.IMMINENT
    assert why(Channel.CHAT, rest_until=at(60)) is WhyNot.RESTING
    assert why(Channel.CHAT, offer_id=OfferId("off_1")) is WhyNot.OFFER_OPEN
    assert why(Channel.CHAT, connected=False) is WhyNot.AWAY


def test_topics_and_ages_ask_for_skills() -> None:
    assert wished_by(DEFAULT_SKILLS, topic="loss", age_band="14to17") == ["youth", "bereavement"]
    assert wished_by(DEFAULT_SKILLS, topic="sleep", age_band=None) == []


def test_who_left_the_room_is_not_offered() -> None:
    contact = waiting(1)
    room = room_of([contact], [somebody(0)])
    room.see_contact(contact.model_copy(update={"state": ContactState.CLOSED}))
    assert matched(room, 100) == set()
    assert room.place(ContactId("con_1")) is None


def test_a_language_has_levels_as_any_skill() -> None:
    fluent = somebody(0, skills={"language:en": 5}, calls=1)
    begun = somebody(1, skills={"language:en": 1}, chats=1)
    room = room_of([waiting(1, language="en")], [fluent, begun])
    assert matched(room, 0) == set(), "whoever speaks it well may become free"
    assert matched(room, 20) == {("con_1", "stf_1")}
    room = room_of([waiting(1, language="en")], [begun])
    assert matched(room, 0) == {("con_1", "stf_1")}, "nobody on duty speaks it better"


def test_an_operators_own_language_is_asked_for_as_a_skill() -> None:
    cantonese = somebody(0, skills={"language:yue": 3}, chats=1)
    room = room_of([waiting(1, skills=["language:yue"])], [cantonese, somebody(1)])
    assert matched(room, 0) == {("con_1", "stf_0")}


def test_why_this_counselor() -> None:
    who = somebody(0, skills={"youth": 4}, district="西岗区", reserve=True)
    asked = waiting(1, skills=["youth", "violence"], district="西岗区", wished_counselor_id=who.id)
    assert [(each["why"], each.get("skill"), each.get("level")) for each in why_suited(asked, who)] == [
        ("wished", None, None),
        ("skill", "language:zh", 3),
        ("skill", "youth", 4),
        ("district", None, None),
        ("without", "violence", None),
        ("reserve", None, None),
        ("least_busy", None, None),
    ]
    foreign = why_suited(waiting(1, language="en", offer_id=OfferId("off_1")), who)
    assert [each["why"] for each in foreign] == ["without", "reserve", "beside"]
