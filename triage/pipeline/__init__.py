"""The pipeline: raw text in, `Assessment` out. spaCy lives here.

normalise → tokenizer → cues → context → frames → level. `load()` gives the one loaded pipeline.
"""

from triage.pipeline.collector import collector_paused
from triage.pipeline.spacy_import import import_spacy

with collector_paused():
    import_spacy()  # before any module below imports it in full

    from triage.pipeline.running import Pipeline, load

__all__ = ["Pipeline", "load"]
