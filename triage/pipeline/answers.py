"""Understand "有" and "yes": a short answer takes over what the counselor's question was about."""

from collections.abc import Sequence

from triage.pipeline.cues import Cue

# Longer answers speak for themselves.
SHORT_ANSWER = 8
YES = frozenset(
    "yes yeah yep yea ya yup y uh-huh mhm sure correct right definitely kinda sometimes already maybe probably".split()
) | frozenset("有嗯恩是对想会已")
NO = frozenset("no nope nah not never n don't haven't didn't wasn't won't".split()) | frozenset("没不无别否")


def adopt_answer(words: Sequence[str], asked: Sequence[Cue]) -> list[Cue]:
    """The question's cues as said by the help-seeker, placed at the whole answer; none for a no."""
    if not asked or not 0 < len(words) <= SHORT_ANSWER or NO.intersection(words):
        return []
    if not YES.intersection(words):
        return []
    return [Cue(cue.entry, 0, len(words), world="real", who="self") for cue in asked]
