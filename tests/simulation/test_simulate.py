"""`./scripts/simulate` plays people and counselors against a server of its own, and nothing is lost."""

from __future__ import annotations

import random
import re
import subprocess
import sys
from collections import Counter

import pytest

from hotline.domain.topics import TOPICS
from web_console.simulation.dialogues import ALL, ANSWERS, SHARES
from web_console.simulation.tally import Tally, percentile
from web_console.simulation.trickle import choose


@pytest.mark.slow
def test_everybody_is_heard() -> None:
    options = "--callers 5 --counselors 3 --rate 2 --seconds 60 --pace 0.2 --seed 4".split()
    played = subprocess.run(
        [sys.executable, "-m", "web_console.simulation", *options],
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert played.returncode == 0, played.stderr
    counted = {
        name: int(number) for name, number in re.findall(r"(\w+) (\d+)", played.stdout.splitlines()[0])
    }
    assert counted["chats"] + counted["calls"] == 5
    assert counted["answered"] == 5
    assert counted["sent"] == counted["acknowledged"] > 0
    assert counted["lost"] == counted["twice"] == counted["unowned"] == 0
    assert counted["at_once"] > 0
    assert "p99" in played.stdout


def test_percentiles() -> None:
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert percentile([1.0], 0.99) == 1.0
    assert percentile([float(each) for each in range(1, 101)], 0.99) == 99.0


def test_a_message_is_delivered_once_whichever_is_known_first() -> None:
    tally = Tally()
    tally.noted("a", 0.0)
    tally.arrived("a")
    tally.arrived("a")
    tally.arrived("b")
    assert tally.delivered == 1
    tally.noted("b", 0.0)
    assert tally.delivered == 2


def test_people_of_every_kind_come_and_the_same_seed_brings_the_same() -> None:
    came = [choose(random.Random(seed)).code for seed in range(400)]
    assert set(came) == {each.code for each in ALL}
    assert came == [choose(random.Random(seed)).code for seed in range(400)]
    assert abs(sum(share for _, share in SHARES) - 1) < 1e-9


def test_both_languages_are_spoken_and_answered() -> None:
    spoken = Counter(each.language for each in ALL)
    assert spoken.keys() == ANSWERS.keys() == {"zh", "en"}
    for each in ALL:
        chinese = any("\u4e00" <= letter <= "\u9fff" for line in each.lines for letter in line)
        assert chinese == (each.language == "zh")


def test_simulated_people_choose_among_the_services_own_topics() -> None:
    codes = {topic.code for topic in TOPICS}
    chosen = {each.topic for each in ALL if each.topic is not None}
    assert chosen
    assert chosen <= codes
