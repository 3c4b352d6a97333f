"""Imported once by the fork server: loads the pipeline so that every worker starts with it."""

import gc

from triage.pipeline import load

load()
# Objects that never die need no collecting, and collecting them would unshare their pages.
gc.collect()
gc.freeze()
