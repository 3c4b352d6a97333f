"""Questions answered by something else: each of the written questions with ordinary messages of daily life.

Without these the model would take a grave question for a grave answer.
"""

import random
from collections.abc import Sequence
from dataclasses import replace

from triage.assessment import Level
from triage.training.labelled import Labelled

# The same pairs every time; any number would do.
SEED = 11
# Replies that each question gets, and how long they are at most: answers are short.
REPLIES = 2
LONGEST = 60
# Their files; none that is a sample for thresholds, since those messages have to stay unseen.
ORDINARY = "sms_"


def evaded_questions(messages: Sequence[Labelled]) -> list[Labelled]:
    """New pairs, in the blocks of their questions: none tells of danger."""
    samples = {message.text for message in messages if message.harmless_as}
    ordinary = {
        language: [
            message.text
            for message in messages
            if message.language == language
            and message.level is Level.NONE
            and message.text not in samples
            and message.block.partition("/")[2].startswith(ORDINARY)
            and len(message.text) <= LONGEST
        ]
        for language in {message.language for message in messages}
    }
    chance = random.Random(SEED)  # noqa: S311 - made-up texts
    return [
        replace(
            message,
            text=text,
            level=Level.NONE,
            act_in_progress=False,
            kinds=frozenset(),
            tags=frozenset(),
            harmless_as="evasion" if message.level.rank >= Level.MODERATE.rank else "",
        )
        for message in messages
        if message.asked
        for text in chance.sample(ordinary[message.language], REPLIES)
    ]
