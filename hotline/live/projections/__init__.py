"""What each noun looks like to those who may see it: one view and one audience per noun.

A view is a TypedDict (the API's schema is made from it); an audience is the topics of `domain/access.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hotline.domain.service_rules import ServiceRules
from hotline.live.directory import Directory

View = Callable[[Any, Directory], Mapping[str, Any]]
Audience = Callable[[Any], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Projection:
    view: View
    audience: Audience


def all_projections(rules: ServiceRules) -> dict[str, Projection]:
    """By noun name. A noun that stands here not at all is never shown on a console."""
    from hotline.live.projections import alert, contact, followup, offer, presence, referral, school_report

    return {
        "contact": Projection(lambda value, names: contact.view(value, names, rules), contact.audience),
        "offer": Projection(offer.view, offer.audience),
        "presence": Projection(presence.view, presence.audience),
        "alert": Projection(alert.view, alert.audience),
        "followup": Projection(followup.view, followup.audience),
        "referral": Projection(referral.view, referral.audience),
        "school_report": Projection(school_report.view, school_report.audience),
    }
