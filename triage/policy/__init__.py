"""What follows from a level: one table (`default.toml`) that an operator may replace, and how it is read."""

from triage.policy.proposals import Guidance, Proposal, Standing, decide_level, guide, propose
from triage.policy.table import (
    AlertTarget,
    FollowUp,
    PolicyError,
    PolicyTable,
    Tier,
    default_table,
    parse_table,
    read_table,
)

__all__ = [
    "AlertTarget",
    "FollowUp",
    "Guidance",
    "PolicyError",
    "PolicyTable",
    "Proposal",
    "Standing",
    "Tier",
    "decide_level",
    "default_table",
    "guide",
    "parse_table",
    "propose",
    "read_table",
]
