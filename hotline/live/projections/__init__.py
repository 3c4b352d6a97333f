"""What each noun looks like to those who may see it: one view and one audience per noun.

A view is a TypedDict (the API's schema is made from it); an audience is the topics of `domain/access.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hotline.domain.access import handover_audience
from hotline.domain.service_rules import ServiceRules
from hotline.live.directory import Directory

View = Callable[[Any, Directory], Mapping[str, Any]]
Audience = Callable[[Any], tuple[str, ...]]
Narrowed = Callable[[Any, Any, Iterable[str]], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Projection:
    """`narrowed` takes away what somebody who hears only these topics may not see; without it all see the same.
    Its audience then goes from who sees least to who sees most."""

    view: View
    audience: Audience
    narrowed: Narrowed | None = None

    def seen(self, value: Any, names: Directory, topics: Iterable[str]) -> Mapping[str, Any]:
        """The value as somebody sees it who hears these topics."""
        shown = self.view(value, names)
        return shown if self.narrowed is None else self.narrowed(value, shown, topics)


def all_projections(rules: ServiceRules) -> dict[str, Projection]:
    """By noun name. A noun that stands here not at all is never shown on a console."""
    from hotline.live.projections import (
        alert,
        contact,
        diversion,
        duty,
        followup,
        offer,
        presence,
        referral,
        school_report,
        voicemail,
    )

    return {
        "contact": Projection(lambda value, names: contact.view(value, names, rules), contact.audience),
        "diversion": Projection(diversion.view, diversion.audience),
        "offer": Projection(offer.view, offer.audience),
        "presence": Projection(lambda value, names: presence.view(value, names, rules), presence.audience),
        "alert": Projection(alert.view, alert.audience),
        "duty": Projection(duty.view, duty.audience),
        "duty_ring": Projection(lambda value, names: duty.ring_view(value, rules), duty.audience),
        "shift_swap": Projection(lambda value, names: duty.swap_view(value, names, rules), duty.audience),
        "handover": Projection(
            lambda value, names: duty.handover_view(value, names, rules), handover_audience
        ),
        "followup": Projection(lambda value, names: followup.view(value, names, rules), followup.audience),
        "voicemail": Projection(lambda value, names: voicemail.view(value, names, rules), voicemail.audience),
        "referral": Projection(referral.view, referral.audience, referral.narrowed),
        "school_report": Projection(school_report.view, school_report.audience),
    }
