"""Committed events to subscribers: in order, resumable, one frame per audience."""
