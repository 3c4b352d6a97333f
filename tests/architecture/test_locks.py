"""The locks hold what pyproject.toml asks for, by hash, from no named registry; the image gets what was tested."""

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement

from tests.architecture.sources import ROOT

EVERYTHING = ROOT / "requirements.lock"
IN_THE_IMAGE = ROOT / "docker" / "requirements.lock"
PIN = re.compile(r"^(?P<name>[a-z0-9][a-z0-9._-]*)==(?P<version>[^ ;\\]+)", re.MULTILINE)


def pins(lock: Path) -> dict[str, str]:
    return {found["name"]: found["version"] for found in PIN.finditer(lock.read_text())}


def project() -> dict[str, object]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def unmet(requirements: list[str], locked: dict[str, str]) -> list[str]:
    """Requirements without a pin, or with one outside their range."""
    parsed = [Requirement(text) for text in requirements]
    return [str(r) for r in parsed if r.name not in locked or not r.specifier.contains(locked[r.name])]


def runtime() -> list[str]:
    described = project()["project"]
    assert isinstance(described, dict)
    return [*described["dependencies"], *described["optional-dependencies"]["postgres"]]


def for_tests() -> list[str]:
    groups = project()["dependency-groups"]
    assert isinstance(groups, dict)
    return [*groups["test"]]


def test_the_lock_meets_every_requirement() -> None:
    assert unmet(runtime() + for_tests(), pins(EVERYTHING)) == []
    assert unmet(runtime(), pins(IN_THE_IMAGE)) == []


def test_a_missing_or_old_pin_is_seen() -> None:
    assert unmet(["aiohttp>=3.14", "rich"], {"aiohttp": "3.13.0"}) == ["aiohttp>=3.14", "rich"]


def test_the_image_runs_the_versions_that_were_tested() -> None:
    tested = pins(EVERYTHING)
    assert {
        name: version for name, version in pins(IN_THE_IMAGE).items() if tested.get(name) != version
    } == {}


def test_every_pin_has_a_hash_and_no_address() -> None:
    for lock in (EVERYTHING, IN_THE_IMAGE):
        text = lock.read_text()
        assert "://" not in text
        starts = [found.start() for found in PIN.finditer(text)]
        assert len(starts) > 20
        for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
            assert "--hash=sha256:" in text[start:end], text[start : start + 60]
