"""What the policy table asks for in one contact, with what the contact itself says about age and school."""

from __future__ import annotations

from hotline.domain.contacts import Channel, Contact
from hotline.domain.service_rules import ServiceRules
from triage.assessment import Kind
from triage.policy import Guidance, guide

MINOR_BANDS = ("under14", "14to17")


def of_contact(contact: Contact, rules: ServiceRules) -> Guidance:
    """The tier, who is to be told and what is to be done, by the level that people see."""
    tags = list(contact.tags)
    if contact.age_band in MINOR_BANDS:
        tags.append("minor")
    if contact.channel is Channel.SCHOOL or contact.school_report_id is not None:
        tags.append("school")
    kinds = [Kind(each) for each in contact.kinds]
    return guide(contact.level, kinds, tags, contact.act_in_progress, table=rules.policy)
