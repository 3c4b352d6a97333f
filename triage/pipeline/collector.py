"""Loading without Python's collector of cycles.

Modules, the lexicon and the weights are some hundred thousand objects that all stay. Walking them again and again
while they are made is a tenth of the time that loading takes.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """No collection within; afterwards as it was before."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
