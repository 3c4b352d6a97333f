"""The pipeline: raw text in, `Assessment` out. spaCy lives here.

normalise → tokenizer → cues → context → frames → level. `load()` gives the one loaded pipeline.
"""

from triage.pipeline.running import Pipeline, load

__all__ = ["Pipeline", "load"]
