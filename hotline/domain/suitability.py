"""Why a contact is offered to just this counselor: codes for the console's words, reckoned when the offer is made.

| why       | means                                                                              |
|-----------|------------------------------------------------------------------------------------|
| wished    | the person wished for this counselor                                               |
| skill     | a language or skill that the contact needs, and the counselor's level in it        |
| district  | both are of the same district                                                      |
| without   | a language or skill that the contact needs and the counselor lacks: nobody who has |
|           | it was free for so long that it is not asked for any more                          |
| reserve   | a supervisor: the wait has become long, or nobody else is at work                  |
| beside    | it rings at several at once                                                        |
| least_busy| among those who suit: the fewest contacts in hand, then the longest idle           |
"""

from __future__ import annotations

from typing import Any

from hotline.domain.contacts import Contact
from hotline.domain.presence import Presence
from hotline.domain.skills import language_skill


def why_suited(contact: Contact, presence: Presence) -> list[dict[str, Any]]:
    """In the order in which wishes are given up: what held longest stands last."""
    found: list[dict[str, Any]] = []
    if contact.wished_counselor_id == presence.id:
        found.append({"why": "wished"})
    codes = dict.fromkeys((language_skill(contact.language), *contact.skills))
    found += [
        {"why": "skill", "skill": code, "level": presence.skills[code]}
        for code in codes
        if code in presence.skills
    ]
    if contact.district is not None and contact.district == presence.district:
        found.append({"why": "district"})
    found += [{"why": "without", "skill": code} for code in codes if code not in presence.skills]
    if presence.reserve:
        found.append({"why": "reserve"})
    found.append({"why": "least_busy" if contact.offer_id is None else "beside"})
    return found
