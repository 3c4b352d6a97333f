"""The compose file, the image and the proxy agree with the settings and with each other. No engine is needed: what is
read here is what an engine would read, and a name that one of them has wrong shows."""

from __future__ import annotations

import importlib
import ipaddress
import re
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from typer.testing import CliRunner

from hotline.settings import Settings, described_settings, load_settings
from tests.architecture.sources import ROOT
from web_console.cli import app
from web_console.routes import add_routes

FOLDER = ROOT / "docker"
DOCKERFILE = (FOLDER / "Dockerfile").read_text(encoding="utf-8")
CADDYFILE = (FOLDER / "Caddyfile").read_text(encoding="utf-8")
SETTINGS = {each.variable for each in described_settings()}
KEY = "A" * 43 + "="


def read_example() -> dict[str, str]:
    """As an engine reads `.env`: one variable a line."""
    lines = (FOLDER / ".env.example").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line.strip() and not line.startswith("#"))


def interpolated(text: str, given: dict[str, str]) -> str:
    """`${NAME:?why}`: an engine refuses to start where NAME is not set or empty."""

    def value(found: re.Match[str]) -> str:
        name = found[1]
        assert given.get(name), f"compose.yaml demands {name}, which .env.example does not have"
        return given[name]

    return re.sub(r"\$\{(\w+):\?[^}]*\}", value, text)


@pytest.fixture(scope="module")
def filled_in() -> dict[str, str]:
    """The example as its comments say that it is filled in."""
    example = read_example()
    assert example["POSTGRES_PASSWORD"] == example["HOTLINE_SECRET_KEYS"] == "", (
        "no secret stands in the example"
    )
    return {**example, "POSTGRES_PASSWORD": "0123456789abcdef", "HOTLINE_SECRET_KEYS": KEY}


@pytest.fixture(scope="module")
def compose(filled_in: dict[str, str]) -> dict[str, Any]:
    text = (FOLDER / "compose.yaml").read_text(encoding="utf-8")
    read: dict[str, Any] = importlib.import_module("yaml").safe_load(interpolated(text, filled_in))
    return read


def environment_of_image() -> dict[str, str]:
    found = re.search(r"^ENV (.*?)(?<!\\)$", DOCKERFILE, re.DOTALL | re.MULTILINE)
    assert found
    return dict(each.split("=", 1) for each in found[1].replace("\\\n", " ").split())


@pytest.fixture
def settings(
    compose: dict[str, Any], filled_in: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Settings:
    """What the server in the container would start with; later sources win, as in an engine."""
    service = compose["services"]["hotline"]
    assert service["env_file"] == ".env"
    for name, value in {**environment_of_image(), **filled_in, **service["environment"]}.items():
        if name.startswith("HOTLINE_"):
            monkeypatch.setenv(name, value)
    monkeypatch.delenv("HOTLINE_CONFIG", raising=False)
    return load_settings()


def test_every_name_is_a_setting(compose: dict[str, Any]) -> None:
    texts = [DOCKERFILE, CADDYFILE, str(compose), "\n".join(read_example())]
    assert set(re.findall(r"HOTLINE_\w+", "\n".join(texts))) <= SETTINGS


def test_no_variable_that_compose_or_the_proxy_reads_is_missing(compose: dict[str, Any]) -> None:
    read_by_proxy = set(re.findall(r"\{\$(\w+)\}", CADDYFILE))
    assert read_by_proxy == set(compose["services"]["proxy"]["environment"])
    assert read_by_proxy <= set(read_example())


def test_the_server_starts_with_them(
    settings: Settings, compose: dict[str, Any], filled_in: dict[str, str]
) -> None:
    assert settings.secret_keys == (KEY,)
    assert settings.is_https
    assert settings.public_url.removeprefix("https://") == filled_in["PUBLIC_DOMAIN"]
    database = compose["services"]["database"]["environment"]
    user, name = database["POSTGRES_USER"], database["POSTGRES_DB"]
    address = f"postgresql+asyncpg://{user}:{database['POSTGRES_PASSWORD']}@database/{name}"
    assert settings.database_url == address
    assert f"pg_isready -U {user} -d {name}" in str(compose["services"]["database"]["healthcheck"]["test"])


def test_the_port_is_the_same_everywhere(settings: Settings) -> None:
    assert f"EXPOSE {settings.listen_port}\n" in DOCKERFILE
    assert f"reverse_proxy hotline:{settings.listen_port}\n" in CADDYFILE
    assert not settings.is_loopback, "the proxy comes from another container"


def test_the_image_asks_after_an_address_that_is_served(settings: Settings) -> None:
    asked = re.findall(r"http://127\.0\.0\.1:(\d+)(/[\w/]+)", DOCKERFILE)
    served = web.Application()
    add_routes(served)
    known = {route.resource.canonical for route in served.router.routes() if route.resource}
    assert [int(port) for port, _ in asked] == [settings.listen_port]
    assert {path for _, path in asked} <= known


def test_operators_addresses_are_shut_to_the_public() -> None:
    shut = re.search(r"@operations path (.+)\n\s*respond @operations 404", CADDYFILE)
    assert shut
    assert set(shut[1].split()) == {"/metrics", "/health/*"}


def test_data_lies_in_a_volume_that_stays(settings: Settings, compose: dict[str, Any]) -> None:
    assert f"VOLUME {settings.data_dir}\n" in DOCKERFILE
    for name in ("hotline", "schema"):
        service = compose["services"][name]
        assert [each for each in service["volumes"] if each.endswith(f":{settings.data_dir}")] == [
            f"data:{settings.data_dir}"
        ]
        assert service["read_only"] is True
        assert service["tmpfs"] == "/tmp"  # noqa: S108 - the container's own
    mounted = {
        each.partition(":")[0]
        for service in compose["services"].values()
        for each in service.get("volumes", ())
    }
    named = {each for each in mounted if not each.startswith(".")}
    assert named == set(compose["volumes"])
    assert all((FOLDER / each).is_file() for each in mounted - named)


def test_only_the_proxy_is_reached_from_outside_and_only_its_word_is_believed(
    settings: Settings, compose: dict[str, Any]
) -> None:
    services = compose["services"]
    assert [name for name, service in services.items() if service.get("ports")] == ["proxy"]
    used = {network for service in services.values() for network in service["networks"]}
    assert used == set(compose["networks"])
    believed = compose["networks"]["front"]["ipam"]["config"][0]["subnet"]
    assert [ipaddress.ip_network(each) for each in settings.trusted_proxies] == [
        ipaddress.ip_network(believed)
    ]
    assert {name for name, service in services.items() if "front" in service["networks"]} == {
        "hotline",
        "proxy",
    }
    assert services["database"]["networks"] == ["inside"]
    assert compose["networks"]["inside"]["internal"] is compose["networks"]["front"]["internal"] is True


def test_who_waits_for_whom_can_be_waited_for(compose: dict[str, Any]) -> None:
    services = compose["services"]
    in_image = "\nHEALTHCHECK " in DOCKERFILE
    for name, service in services.items():
        for other, how in service.get("depends_on", {}).items():
            assert other in services, f"{name} waits for {other}"
            if how["condition"] == "service_healthy":
                own = services[other].get("healthcheck", {})
                assert own.get("test") or (in_image and services[other]["image"] == "crisis-hotline"), other
                assert not own.get("disable"), other
            else:
                assert how["condition"] == "service_completed_successfully"
                assert services[other]["restart"] == "no", "else it never completes"


def test_what_the_containers_run_are_commands(compose: dict[str, Any]) -> None:
    started = re.findall(r'^CMD \["hotline", "(\w+)"\]', DOCKERFILE, re.MULTILINE)
    commands = [
        started,
        *(service["command"][1:] for service in compose["services"].values() if "command" in service),
    ]
    assert [" ".join(each) for each in commands] == ["serve", "db upgrade"]
    for command in commands:
        shown = CliRunner().invoke(app, [*command, "--help"])
        assert shown.exit_code == 0, shown.output
