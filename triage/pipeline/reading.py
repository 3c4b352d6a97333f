"""What one text says before anyone judges it: tokens, cues as they are meant, and where they stand in the raw text."""

from dataclasses import dataclass

from triage.pipeline.cues import Cue
from triage.pipeline.normalise import Normalised


@dataclass(frozen=True, slots=True)
class Reading:
    """`offsets[i]`: where token i begins in the normalised text; `idioms`: token spans that mean nothing;
    `marks`: what tells how cues are meant (denials, the past, fiction …).
    """

    normalised: Normalised
    words: list[str]
    cues: list[Cue]
    idioms: list[tuple[int, int]]
    marks: list[Cue]
    offsets: list[int]
    readable: bool

    def raw_span(self, first: int, after: int) -> tuple[int, int]:
        """Start and end of tokens first:after in the raw text, without the space that follows them."""
        start, end = self.offsets[first], self.offsets[after]
        while end - 1 > start and self.normalised.text[end - 1] == " ":
            end -= 1
        return self.normalised.raw_span(start, end)
