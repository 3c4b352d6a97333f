"""Text in, explained risk out. An aid for ordering and alerting: never a clearance, never a verdict.

Import values from `triage.assessment`, the running assessor from `triage.assessor`; spaCy is loaded
only by `triage.pipeline`, so importing the values costs nothing.
"""
