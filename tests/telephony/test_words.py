"""What callers hear stands in both languages, and numbers are read digit by digit."""

import re

import pytest

from hotline.telephony.addresses import Addresses
from hotline.telephony.scripts import Scripts
from hotline.telephony.simulated_line import parse_script
from hotline.telephony.words import SPOKEN, spoken_number, spoken_numbers

SCRIPTS = Scripts(Addresses("https://h.example"), "心理援助热线", "Support Line", ("110", "120", "12356"))


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


@pytest.mark.parametrize(
    "document",
    [
        SCRIPTS.greeting("con_1", "zh"),
        SCRIPTS.greeting("con_1", "en"),
        SCRIPTS.queue("con_1", "zh", again=True),
        SCRIPTS.waiting("con_1", "en", 3),
        SCRIPTS.waiting("con_1", "zh", None),
        SCRIPTS.waiting_outside("con_1", "zh", 1),
        SCRIPTS.room("con_1"),
        SCRIPTS.counselor_room("con_1"),
        SCRIPTS.goodbye("zh"),
        SCRIPTS.leg_over(),
        SCRIPTS.fallback(),
        SCRIPTS.nothing(),
    ],
)
def test_every_script_is_one_that_the_carrier_obeys(document: str) -> None:
    parse_script(document)


def test_the_notice_comes_in_both_languages_before_the_queue() -> None:
    verbs = [verb.name for verb in parse_script(SCRIPTS.greeting("con_1", "en"))]
    assert verbs == ["Start", "Say", "Say", "Say", "Say", "Enqueue"]
    languages = [verb.options["language"] for verb in parse_script(SCRIPTS.greeting("con_1", "en"))[1:5]]
    assert languages == ["en-US", "cmn-CN", "en-US", "cmn-CN"]


def test_the_transcript_hides_no_word() -> None:
    start = parse_script(SCRIPTS.greeting("con_1", "zh"))[0]
    assert start.children[0].options["profanityFilter"] == "false"


def test_the_fallback_names_a_person_where_there_is_one() -> None:
    with_person = Scripts(Addresses("https://h.example"), "热线", "Line", ("110",), "+861012345678")
    assert "Dial" in [verb.name for verb in parse_script(with_person.fallback())]
    assert "幺幺零" in SCRIPTS.fallback()
