"""The rules of the house as data and as functions that name each breach: `path:line what is wrong`."""

import ast
import sys
from collections.abc import Iterable, Iterator

from tests.architecture.sources import Import, Module

# Who may import whom among the packages. Down only.
LAYERS = {
    "triage": {"triage"},
    "hotline": {"hotline", "triage"},
    "web_console": {"web_console", "hotline", "triage"},
}

# What a part of hotline may not know. A part that is not named here may know everything in hotline.
WIRING = {"bootstrap", "cli", "worker"}
UNKNOWN_TO = {
    "errors": WIRING | {"domain", "actions", "storage", "telephony", "live", "auth", "settings", "clock"},
    "clock": WIRING | {"domain", "actions", "storage", "telephony", "live", "auth"},
    "settings": WIRING | {"actions", "storage", "telephony", "live", "auth"},
    "domain": WIRING | {"actions", "storage", "telephony", "live", "auth", "settings", "clock"},
    "storage": WIRING | {"actions", "telephony", "live", "auth"},
    "telephony": WIRING | {"actions", "storage", "live", "auth"},
    "live": WIRING | {"actions", "telephony", "auth"},
    "auth": WIRING | {"actions", "telephony", "live"},
    "actions": WIRING,
    "worker": {"bootstrap", "cli"},
    "bootstrap": {"cli"},
}

# spaCy takes a second and a half to load: whoever needs only values and tables must not pay for it.
PIPELINE = "triage.pipeline"
MAY_LOAD_THE_PIPELINE = (
    "triage/pipeline",
    "triage/evaluation.py",
    "triage/assessor.py",
    "triage/workers.py",
    "triage/__main__.py",
)

# Each outside library has one home, so that it can be replaced and its traps are known in one place.
HOMES: dict[str, tuple[str, ...]] = {
    "aiohttp": ("web_console", "hotline/telephony"),
    "alembic": ("hotline/storage",),
    "argon2": ("hotline/auth",),
    "asyncpg": ("hotline/storage",),
    "click": ("hotline/cli.py", "web_console/cli.py", "web_console/__main__.py"),
    "cryptography": ("hotline/storage/sealing.py", "hotline/storage/recording_files.py", "hotline/auth"),
    "numpy": ("triage/pipeline", "triage/training", "hotline/telephony/media_stream.py"),
    "pydantic_settings": ("hotline/settings.py",),
    "pjsua2": ("web_console/sip_line/phone.py",),
    "pyotp": ("hotline/auth",),
    "rich": ("hotline/cli.py", "web_console/cli.py", "web_console/__main__.py"),
    "scipy": ("triage/training",),
    "sklearn": ("triage/training",),
    "spacy": ("triage/pipeline",),
    "sqlalchemy": ("hotline/storage",),
    "sqlmodel": ("hotline/domain", "hotline/storage"),
    "structlog": ("hotline/bootstrap.py", "hotline/logs.py"),
    "twilio": ("hotline/telephony",),
    "typer": ("hotline/cli.py", "web_console/cli.py", "web_console/__main__.py"),
    "uvloop": ("web_console",),
    "websockets": ("hotline/telephony", "web_console/simulation", "web_console/sip_line"),
}
# In one module of anybody's choice.
ONE_MODULE = ("chinese_calendar", "prometheus_client")
ANYWHERE = ("orjson", "pydantic", "typing_extensions")

# The domain computes; it does not look at the world. Of the standard library it may have what only computes.
DOMAIN = "hotline/domain"
COMPUTING = frozenset(
    "__future__ abc bisect calendar collections dataclasses datetime decimal enum fractions functools graphlib "
    "hashlib heapq itertools json math operator re statistics string types typing unicodedata zoneinfo".split()
)
DOMAIN_NEIGHBOURS = ("hotline.domain", "hotline.errors")
TRIAGE_VALUES = ("triage.assessment", "triage.conversation", "triage.instruments", "triage.policy")
SQLMODEL_NAMES = {"SQLModel", "Field"}
WORLDLY_CALLS = {"now", "utcnow", "today", "open", "print", "input", "exec", "eval", "__import__"}

BANNED_NAMES = {"utils", "util", "helpers", "helper", "manager", "managers", "base", "common"}
LONGEST_FILE = 500
LONGEST_FUNCTION = 60


def wrong_direction(module: Module) -> Iterator[str]:
    """Imports against `web_console` → `hotline` → `triage`, and against the order inside hotline."""
    package = module.path.parts[0]
    part = part_of(module)
    for item in module.imports:
        if item.library in LAYERS and item.library not in LAYERS[package]:
            yield f"{module.at(item.line)} {package} imports {item.module}"
        for unknown in UNKNOWN_TO.get(part, ()) if package == "hotline" else ():
            if loads(item, f"hotline.{unknown}"):
                yield f"{module.at(item.line)} hotline.{part} imports hotline.{unknown}"


def part_of(module: Module) -> str:
    """`hotline/domain/alerts.py` → domain, `hotline/cli.py` → cli."""
    return module.path.parts[1].removesuffix(".py")


def loads(item: Import, dotted: str) -> bool:
    return any(name == dotted or name.startswith(f"{dotted}.") for name in item.candidates)


def heavy_import(module: Module) -> Iterator[str]:
    """The pipeline, and spaCy with it, outside the few that run it, or before it is needed."""
    if module.is_in("triage/pipeline") or module.is_in("triage/training"):
        return
    at_once = {node.lineno for node in module.tree.body if isinstance(node, ast.Import | ast.ImportFrom)}
    allowed = any(module.is_in(place) for place in MAY_LOAD_THE_PIPELINE)
    for item in module.imports:
        if loads(item, PIPELINE) and (not allowed or item.line in at_once):
            yield f"{module.at(item.line)} imports {PIPELINE}{' at the top' if allowed else ''}"


def away_from_home(module: Module) -> Iterator[str]:
    """An outside library imported elsewhere than in its home, or one that has none yet."""
    for item in module.imports:
        library = item.library
        if library in sys.stdlib_module_names or library in LAYERS or library in ANYWHERE + ONE_MODULE:
            continue
        if library == "" or item.module.startswith("."):
            yield f"{module.at(item.line)} relative import"
        elif library not in HOMES:
            yield f"{module.at(item.line)} {library} has no home: give it one in tests/architecture/rules.py"
        elif not any(module.is_in(home) for home in HOMES[library]):
            yield f"{module.at(item.line)} {library} lives in {', '.join(HOMES[library])}"


def in_several_modules(all_modules: Iterable[Module]) -> Iterator[str]:
    users = {
        library: sorted({str(m.path) for m in all_modules if any(i.library == library for i in m.imports)})
        for library in ONE_MODULE
    }
    return (f"{library} is imported by {', '.join(u)}" for library, u in users.items() if len(u) > 1)


def impure(module: Module) -> Iterator[str]:
    """What a domain module may not import, await or call."""
    for item in module.imports:
        if not is_pure_import(item):
            yield f"{module.at(item.line)} the domain imports {'.'.join(filter(None, (item.module, item.name)))}"
    for node in ast.walk(module.tree):
        if isinstance(node, ast.AsyncFunctionDef | ast.Await | ast.AsyncFor | ast.AsyncWith):
            yield f"{module.at(node.lineno)} the domain awaits"
        elif isinstance(node, ast.Call) and called_name(node) in WORLDLY_CALLS:
            yield f"{module.at(node.lineno)} the domain calls {ast.unparse(node.func)}"


def is_pure_import(item: Import) -> bool:
    if item.module == "sqlmodel":
        return item.name in SQLMODEL_NAMES
    if item.library in COMPUTING:
        return True
    return any(loads(item, allowed) for allowed in DOMAIN_NEIGHBOURS + TRIAGE_VALUES)


def called_name(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def needs_an_environment(module: Module) -> Iterator[str]:
    """Anything outside the standard library in what must run before there is an environment."""
    beside = {path.stem for path in (module.root / "scripts").glob("*.py")}
    for item in module.imports:
        if item.library not in sys.stdlib_module_names and item.library not in beside:
            yield f"{module.at(item.line)} imports {item.module}"


def long_functions(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > LONGEST_FUNCTION:
                yield f"{module.at(node.lineno)} {node.name} has {length} lines"


def is_banned_name(stem: str) -> bool:
    words = stem.lower().replace("-", "_").split("_")
    return words[-1] in BANNED_NAMES
