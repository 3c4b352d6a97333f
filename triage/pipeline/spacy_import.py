"""Import spaCy without its command line, which is a third of its start-up time and twenty megabytes.

`import spacy` imports `spacy.cli.info` for the one function `spacy.info`, and with it every command, typer,
httpx, requests and jinja2. Here that is put off: while `import spacy` runs, a package that fetches the real one
when anything is asked of it stands in for `spacy.cli`. Afterwards nothing of it is left among the modules:
`import spacy.cli`, `spacy.cli.…` and `spacy.info()` give the real thing. If spaCy is there already, nothing is done.
"""

import importlib
import sys
from types import ModuleType
from typing import Any

PACKAGE = "spacy.cli"
INFO = "spacy.cli.info"


class _PutOff(ModuleType):
    """`spacy.cli` until somebody asks for something in it."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        _forget(self)
        return getattr(importlib.import_module(PACKAGE), name)


def _forget(*stand_ins: ModuleType) -> None:
    for module in stand_ins:
        if sys.modules.get(module.__name__) is module:
            del sys.modules[module.__name__]


def info(*args: Any, **kwargs: Any) -> Any:
    """What `spacy.info` does."""
    return importlib.import_module(INFO).info(*args, **kwargs)


def import_spacy() -> None:
    """Import spaCy into this process."""
    if "spacy" in sys.modules or PACKAGE in sys.modules:
        return
    package, module = _PutOff(PACKAGE), ModuleType(INFO)
    package.__path__ = []
    vars(module)["info"] = info
    sys.modules.update({PACKAGE: package, INFO: module})
    try:
        spacy = importlib.import_module("spacy")
    finally:
        _forget(package, module)
    vars(spacy).setdefault("cli", package)
