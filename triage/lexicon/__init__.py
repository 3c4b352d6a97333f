"""Cue classes as checked data; read by `triage.pipeline.lexicon`."""
