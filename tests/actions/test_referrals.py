"""Referrals on the real store: out of a close sheet, over the board, late, sealed, and seen by nobody else."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from hotline.actions import closing, contacts, offers, referrals, rehabilitation
from hotline.actions.closing import CloseSheet
from hotline.domain.access import Actor, Role
from hotline.domain.contacts import Contact, ContactState
from hotline.domain.ids import InstitutionId
from hotline.domain.referral_case import Institution, Referral
from hotline.domain.referral_codes import Party, Stage
from hotline.domain.referral_forms import Application, MoveForm
from hotline.errors import Forbidden, HotlineError, Invalid, NotFound, StaleVersion
from hotline.live.snapshot import snapshot
from hotline.service import Hotline
from tests.conftest import Opener, SetClock, settle, wake
from tests.consoles import Console
from tests.scene import ADMIN, counselor, person, staff, supervisor
from triage.assessment import Level

HOUSE = Institution(
    id=InstitutionId("ins_house"), name="晨光康复站", district="西岗区", places_total=1, places_free=1
)
FIELDS: dict[str, Any] = {
    "channel": "self",
    "person": {"name": "欧阳明月", "phone": "13912345678"},
    "needs": ["life_skills"],
    "district": "西岗区",
    "note": "想重新开始工作",
    "consent": {
        "given": True,
        "by": "person",
        "how": "in_chat",
        "scope": ["identity", "needs", "summary"],
        "receivers": ["本区转介服务"],
    },
}


def application(**changes: Any) -> Application:
    return Application.model_validate(FIELDS | changes)


async def worker(hotline: Hotline, district: str = "西岗区") -> Actor:
    return await staff(hotline, Role.REFERRAL_WORKER, district=district)


async def carer(hotline: Hotline, institution: Institution = HOUSE) -> Actor:
    await rehabilitation.register(hotline, ADMIN, institution)
    return await staff(hotline, Role.REHABILITATION, organisation_id=institution.id)


async def moved(hotline: Hotline, actor: Actor, referral: Referral, name: str, **fields: Any) -> Referral:
    current = await hotline.reader.find(Referral, referral.id)
    assert current is not None
    form = MoveForm.model_validate({"version": current.version} | fields)
    return await referrals.move(hotline, actor, referral.id, name, form)


async def wrapped_up(hotline: Hotline) -> tuple[Actor, Contact]:
    helper = await counselor(hotline)
    someone = await person(hotline)
    await settle(hotline)
    offer_id = (await someone.contact()).offer_id
    assert offer_id is not None
    await offers.accept(hotline, helper, offer_id)
    return helper, await contacts.end_conversation(hotline, helper, someone.contact_id)


def sheet(**fields: Any) -> CloseSheet:
    return CloseSheet(
        disposition="referred", note="已谈好", level_confirmed=Level.LOW, referral=FIELDS | fields
    )


# Out of a conversation -------------------------------------------------------------------------------


async def test_a_referral_leaves_with_the_close_sheet(hotline: Hotline) -> None:
    helper, contact = await wrapped_up(hotline)
    board = Console(hotline, await worker(hotline), "referral")
    await closing.close(hotline, helper, contact.id, sheet())
    (referral,) = await hotline.reader.where(Referral)
    assert (referral.stage, referral.contact_id, referral.owner) == (
        Stage.SUBMITTED,
        contact.id,
        Party.WORKER,
    )
    shown = board.shown()
    assert shown["person"] == {
        "name_masked": "欧**",
        "sex": None,
        "birth_year": None,
        "phone_masked": "139****5678",
        "has_guardian": False,
    }
    assert [move["move"] for move in shown["next_moves"]] == ["verify", "withdraw", "revoke_consent"]
    assert shown["due_basis"] == "measures"


async def test_without_consent_the_sheet_is_refused_and_nothing_changes(hotline: Hotline) -> None:
    helper, contact = await wrapped_up(hotline)
    with pytest.raises(Invalid) as refused:
        await closing.close(hotline, helper, contact.id, sheet(consent={"given": False}))
    assert (refused.value.code, [each.path for each in refused.value.fields]) == (
        "consent_needed",
        ["referral.consent.given"],
    )
    after = await hotline.reader.find(Contact, contact.id)
    assert after is not None
    assert after.state is ContactState.WRAP_UP
    assert await hotline.reader.where(Referral) == []


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"persn": 1}, "referral.persn"),
        ({"person": {"name": "欧阳明月"}}, "referral.person.phone"),
        ({"district": "火星区"}, "referral.district"),
        ({"person": FIELDS["person"] | {"birth_date": "2026-02-30"}}, "referral.person.birth_date"),
    ],
)
async def test_what_is_wrong_in_a_referral_is_named_and_never_repeated(
    hotline: Hotline, fields: dict[str, Any], path: str
) -> None:
    helper, contact = await wrapped_up(hotline)
    with pytest.raises(Invalid) as refused:
        await closing.close(hotline, helper, contact.id, sheet(**fields))
    assert [each.path for each in refused.value.fields] == [path]
    assert "欧阳" not in repr((refused.value.detail, refused.value.fields))


# Over the board ----------------------------------------------------------------------------------------


async def test_from_the_filer_over_the_district_to_the_institution(hotline: Hotline) -> None:
    filer, official, house = await counselor(hotline), await worker(hotline), await carer(hotline)
    their_board = Console(hotline, house, "referral")
    referral = await referrals.file(hotline, filer, application())
    await moved(hotline, official, referral, "verify")
    await moved(hotline, official, referral, "register", checks=["identity", "residence"])
    assert their_board.frames == []
    await moved(hotline, official, referral, "refer", institution_id=HOUSE.id, receiver_consent="spoken")
    shown = their_board.shown()
    assert [entry["move"] for entry in shown["history"]] == ["refer"]
    assert [move["move"] for move in shown["next_moves"]] == ["accept", "decline", "revoke_consent"]
    with pytest.raises(Forbidden):
        await referrals.read_person(hotline, house, referral.id)
    await moved(hotline, house, referral, "accept")
    assert (await referrals.read_person(hotline, house, referral.id)).person["name"] == "欧阳明月"
    stored = await hotline.reader.find(Institution, HOUSE.id)
    assert stored is not None
    assert stored.places_free == 0


async def test_a_decline_takes_it_from_the_institutions_board(hotline: Hotline) -> None:
    filer, official, house = await counselor(hotline), await worker(hotline), await carer(hotline)
    referral = await referrals.file(hotline, filer, application())
    for name, fields in (("verify", {}), ("register", {}), ("refer", {"institution_id": HOUSE.id})):
        await moved(hotline, official, referral, name, receiver_consent="spoken", **fields)
    board = Console(hotline, house, "referral")
    await moved(hotline, house, referral, "decline", decline_reason="full")
    assert [(each["type"], each.get("id")) for each in board.frames] == [("removed", referral.id)]
    with pytest.raises(NotFound):
        await referrals.get(hotline, house, referral.id)


async def test_only_one_of_two_workers_moves_it(hotline: Hotline) -> None:
    filer, official = await counselor(hotline), await worker(hotline)
    referral = await referrals.file(hotline, filer, application())
    form = MoveForm(version=referral.version)
    results = await asyncio.gather(
        *(referrals.move(hotline, official, referral.id, "verify", form) for _ in range(2)),
        return_exceptions=True,
    )
    assert [type(each) for each in results] == [Referral, StaleVersion]


async def test_who_has_no_part_in_it_sees_nothing(hotline: Hotline) -> None:
    filer, elsewhere, house = await counselor(hotline), await worker(hotline, "金州区"), await carer(hotline)
    other = await counselor(hotline)
    boards = [Console(hotline, each, "referral") for each in (elsewhere, house, other)]
    referral = await referrals.file(hotline, filer, application())
    assert [board.frames for board in boards] == [[], [], []]
    for stranger in (elsewhere, house, other):
        with pytest.raises(NotFound):
            await referrals.get(hotline, stranger, referral.id)
        with pytest.raises(NotFound):
            await referrals.move(hotline, stranger, referral.id, "verify", MoveForm(version=1))
        assert await referrals.page(hotline, stranger, stage=None, before=None, limit=10) == []
        assert (await snapshot(hotline.reader, hotline.feed, stranger))["referrals"] == []
    seen = await referrals.page(hotline, await supervisor(hotline), stage=None, before=None, limit=10)
    assert [each.id for each in seen] == [referral.id]


async def test_pages_follow_each_other_without_gaps(hotline: Hotline, clock: SetClock) -> None:
    filer, official = await counselor(hotline), await worker(hotline)
    for index in range(5):
        clock.move(timedelta(seconds=index // 2))
        await referrals.file(hotline, filer, application(person=FIELDS["person"] | {"name": f"人{index}"}))
    first = await referrals.page(hotline, official, stage=Stage.SUBMITTED, before=None, limit=2)
    seen = list(first)
    while len(
        page := await referrals.page(
            hotline, official, stage=None, before=(seen[-1].created_at, seen[-1].id), limit=2
        )
    ):
        seen += page
    assert len({each.id for each in seen}) == 5
    assert seen == sorted(seen, key=lambda each: (each.created_at, each.id), reverse=True)


# Once, late, sealed -------------------------------------------------------------------------------------


async def test_the_same_key_is_the_same_referral(hotline: Hotline) -> None:
    filer = await counselor(hotline)
    twice = [
        await referrals.file(hotline, filer, application(), idempotency_key="key-12345678") for _ in range(2)
    ]
    assert twice[0].id == twice[1].id
    assert len(await hotline.reader.where(Referral)) == 1


async def test_the_same_person_filed_twice_is_recognised(hotline: Hotline) -> None:
    filer, official = await counselor(hotline), await worker(hotline)
    first = await referrals.file(hotline, filer, application())
    for name in ("verify", "register"):
        await moved(hotline, official, first, name)
    second = await referrals.file(hotline, filer, application(note="再次来电"))
    assert second.duplicate_of == first.id
    await moved(hotline, official, second, "verify")
    with pytest.raises(HotlineError) as refused:
        await moved(hotline, official, second, "register")
    assert refused.value.code == "duplicate"


async def test_what_is_late_is_told_by_deadline_also_after_a_restart(opened: Opener, clock: SetClock) -> None:
    async with opened() as hotline:
        referral = await referrals.file(hotline, await counselor(hotline), application())
        assert referral.due_on == date(2026, 3, 9)
    clock.move(timedelta(days=8))
    async with opened() as hotline:
        board = Console(hotline, await worker(hotline), "referral")
        await wake(hotline)
        assert board.frames[-1]["type"] == "referral.late"
        assert board.shown()["overdue"]
        await wake(hotline)
        assert len(board.frames) == 1
        clock.move(timedelta(days=1))
        await wake(hotline)
        assert len(board.frames) == 2


async def test_nothing_a_person_said_is_readable_in_the_database_or_the_journal(hotline: Hotline) -> None:
    filer, official = await counselor(hotline), await worker(hotline)
    referral = await referrals.file(hotline, filer, application())
    await moved(hotline, official, referral, "verify")
    await moved(hotline, official, referral, "return", reason="电话打不通")
    dump = ""
    async with hotline.database.reading.connect() as connection:
        for table in ("referrals", "journal", "outbox", "deadlines"):
            dump += repr((await connection.execute(text(f"SELECT * FROM {table}"))).all())  # noqa: S608
    for word in ("欧阳", "13912345678", "重新开始", "打不通"):
        assert word not in dump
    assert referral.number in dump


async def test_reading_the_full_record_is_journalled(hotline: Hotline) -> None:
    filer, official = await counselor(hotline), await worker(hotline)
    referral = await referrals.file(hotline, filer, application())
    await referrals.read_person(hotline, official, referral.id)
    async with hotline.database.reading.connect() as connection:
        query = text("SELECT actor FROM journal WHERE subject = :id AND what = 'person_read'")
        rows = (await connection.execute(query, {"id": referral.id})).all()
    assert [row.actor for row in rows] == [official.staff_id]


async def test_revoked_consent_empties_what_all_boards_show(hotline: Hotline) -> None:
    filer, official = await counselor(hotline), await worker(hotline)
    board = Console(hotline, official, "referral")
    referral = await referrals.file(hotline, filer, application())
    await moved(hotline, official, referral, "verify", note="欧阳明月的母亲来过电话")
    await moved(hotline, filer, referral, "revoke_consent", reason="来电撤回")
    shown = board.shown()
    assert [entry["note"] for entry in shown["history"]][-2:] == [None, "来电撤回"]
    assert (shown["stage"], shown["note"], shown["person"]["name_masked"]) == ("withdrawn", None, "")
    with pytest.raises(Forbidden):
        await referrals.read_person(hotline, official, referral.id)


async def test_an_institution_says_how_many_places_it_has(hotline: Hotline) -> None:
    house = await carer(hotline)
    changed = await rehabilitation.set_places(hotline, house, HOUSE.id, total=5, free=4)
    assert (changed.places_total, changed.places_free) == (5, 4)
    with pytest.raises(Invalid):
        await rehabilitation.set_places(hotline, house, HOUSE.id, total=2, free=3)
    with pytest.raises(Forbidden):
        await rehabilitation.set_places(hotline, house, InstitutionId("ins_other"), total=2, free=1)


async def test_an_institution_does_not_learn_which_contact_it_came_from(hotline: Hotline) -> None:
    house, official = await carer(hotline), await worker(hotline)
    helper, contact = await wrapped_up(hotline)
    await closing.close(hotline, helper, contact.id, sheet())
    (referral,) = await hotline.reader.where(Referral)
    their_board, our_board = Console(hotline, house, "referral"), Console(hotline, official, "referral")
    for name, fields in (("verify", {}), ("register", {}), ("refer", {"institution_id": HOUSE.id})):
        await moved(hotline, official, referral, name, receiver_consent="spoken", **fields)
    assert (our_board.shown()["contact_id"], their_board.shown()["contact_id"]) == (contact.id, None)


async def test_a_deadline_that_moved_later_is_set_anew_when_it_wakes(
    hotline: Hotline, clock: SetClock
) -> None:
    filer, official = await counselor(hotline), await worker(hotline)
    referral = await referrals.file(hotline, filer, application())
    clock.move(timedelta(days=2))
    for name in ("verify", "register"):
        await moved(hotline, official, referral, name)
    board = Console(hotline, official, "referral")
    clock.move(timedelta(days=6))  # past the first due date, not past the second
    await wake(hotline)
    assert board.frames == []
    clock.move(timedelta(days=2))
    await wake(hotline)
    assert [each["type"] for each in board.frames] == ["referral.late"]
