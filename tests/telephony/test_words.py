"""What callers hear stands in both languages, and numbers are read digit by digit."""

import re
from dataclasses import replace

import pytest

from hotline.telephony.addresses import Addresses
from hotline.telephony.menu_scripts import MenuScripts
from hotline.telephony.menu_words import opening_words
from hotline.telephony.simulated_line import parse_script, seconds_of
from hotline.telephony.voice import Voice
from hotline.telephony.words import SPOKEN, spoken_number, spoken_numbers

SCRIPTS = MenuScripts(
    Addresses("https://h.example"), Voice("心理援助热线", "Support Line", ("110", "120", "12356"))
)

OPENING = {"days": 1, "weekday": 2, "hour": 8, "minute": 30}


@pytest.mark.parametrize("code", SPOKEN)
def test_every_sentence_stands_in_both_languages(code: str) -> None:
    chinese, english = SPOKEN[code]["zh"], SPOKEN[code]["en"]
    assert re.search("[\u4e00-\u9fff]", chinese)
    assert not re.search("[\u4e00-\u9fff]", english)
    assert set(re.findall(r"{\w+}", chinese)) == set(re.findall(r"{\w+}", english))


def test_numbers_are_spoken_as_people_say_them() -> None:
    assert spoken_number("110", "zh") == "幺幺零"
    assert spoken_number("+44 7700", "en") == "4 4 7 7 0 0"
    assert spoken_numbers(["110", "120", "12356"], "zh") == "幺幺零、幺二零或幺二三五六"
    assert spoken_numbers(["110"], "en") == "1 1 0"
    assert [spoken_numbers([], each) for each in ("zh", "en")] == ["", ""]


@pytest.mark.parametrize(
    "document",
    [
        SCRIPTS.language("zh", 0),
        SCRIPTS.language("en", 1),
        SCRIPTS.notice("zh", 0, by=None, recorded=True),
        SCRIPTS.notice("en", 1, by="key", recorded=False),
        SCRIPTS.straight_in("con_1", "zh", ("danger_heard",), listen=True),
        SCRIPTS.held_up("blocked", "zh", 0),
        SCRIPTS.held_up("over_limit", "en", 1),
        SCRIPTS.closed("zh", 0, OPENING),
        SCRIPTS.closed("en", 1, None),
        SCRIPTS.closed_again("zh", "call_back_no_number"),
        SCRIPTS.over("call_back_promised", "zh"),
        SCRIPTS.queue("con_1", "zh", "again"),
        SCRIPTS.queue("con_1", "en", "back_from_outside"),
        SCRIPTS.waiting_with_keys("con_1", "en", 3, there=True, in_queue=True, first=True),
        SCRIPTS.waiting_with_keys("con_1", "zh", None, there=False, in_queue=False, first=False),
        SCRIPTS.goes_on_waiting("con_1", "zh", None, in_queue=True),
        SCRIPTS.leave_queue(),
        SCRIPTS.message("vml_1", "con_1", "zh", listen=True),
        SCRIPTS.duty_telephone("con_1", "en", "+8613800000001", 0),
        SCRIPTS.partner("con_1", "zh", "+8613800000001"),
        SCRIPTS.outside_asked("con_1"),
        SCRIPTS.outside_taken(),
        SCRIPTS.room("con_1"),
        SCRIPTS.staff_room("con_1"),
        SCRIPTS.goodbye("zh"),
        SCRIPTS.leg_over(),
        SCRIPTS.fallback(),
        SCRIPTS.nothing(),
    ],
)
def test_every_script_is_one_that_the_carrier_obeys(document: str) -> None:
    parse_script(document)


def lasts(document: str) -> float:
    return sum(seconds_of(verb) for verb in parse_script(document) if verb.name in ("Say", "Gather"))


@pytest.mark.parametrize(("recorded", "most"), [(False, 25.0), (True, 30.0)])
def test_nobody_listens_to_us_for_long_before_the_queue(recorded: bool, most: float) -> None:
    """Both languages, no key pressed: the longest way without a mistake."""
    longest = lasts(SCRIPTS.language("zh", 0)) + lasts(SCRIPTS.notice("zh", 0, by=None, recorded=recorded))
    assert longest < most
    assert lasts(SCRIPTS.notice("zh", 0, by="earlier", recorded=recorded)) < most / 2


def test_the_notice_comes_in_both_languages_unless_one_was_chosen() -> None:
    def languages(by: str | None) -> set[str]:
        gather = parse_script(SCRIPTS.notice("en", 0, by=by, recorded=True))[1]
        return {verb.options["language"] for verb in gather.children}

    assert languages(None) == {"en-US", "cmn-CN"}
    assert languages("key") == {"en-US"}


def test_what_the_operator_uploaded_is_played_instead_of_the_words() -> None:
    own = replace(SCRIPTS, notices={"greeting.zh": "https://h.example/line/notices/abc"})
    gather = parse_script(own.notice("zh", 0, by="key", recorded=False))[1]
    assert [verb.name for verb in gather.children] == ["Play", "Say"]
    assert gather.children[0].text == "https://h.example/line/notices/abc"


def test_the_opening_is_said_as_people_say_it() -> None:
    assert opening_words(OPENING, "zh") == "，我们明天8点30分开始服务"
    assert opening_words(OPENING, "en") == " and open tomorrow at 8:30"
    assert opening_words(OPENING | {"days": 3, "weekday": 6}, "zh") == "，我们星期日8点30分开始服务"
    assert opening_words(None, "en") == ""


def test_the_transcript_hides_no_word() -> None:
    start = parse_script(SCRIPTS.notice("zh", 0, by=None, recorded=False))[0]
    assert start.children[0].options["profanityFilter"] == "false"


def test_the_fallback_names_a_person_where_there_is_one() -> None:
    with_person = MenuScripts(
        Addresses("https://h.example"), Voice("热线", "Line", ("110",)), fallback_number="+861012345678"
    )
    assert "Dial" in [verb.name for verb in parse_script(with_person.fallback())]
    assert "幺幺零" in SCRIPTS.fallback()
