"""Settings: where they come from, what a wrong one says, and that the handbook has them all."""

from __future__ import annotations

import dataclasses
import re
from datetime import timedelta
from importlib.resources import files
from pathlib import Path

import pytest

from hotline.cli import settings_lines
from hotline.domain.service_rules import ServiceRules
from hotline.errors import SettingError
from hotline.settings import described_settings, load_settings, unknown_variables

HANDBOOK = Path(__file__).parents[2] / "docs" / "operations.md"
SECRET = "s3cret-that-nobody-may-see"


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in list(os.environ):
        if name.startswith("HOTLINE_"):
            monkeypatch.delenv(name)


def test_the_defaults_are_the_rules_own() -> None:
    assert load_settings().service_rules() == ServiceRules()


def test_every_clock_of_the_rules_can_be_set() -> None:
    for rule in dataclasses.fields(ServiceRules):
        default = getattr(ServiceRules(), rule.name)
        if isinstance(default, timedelta):
            changed = load_settings(**{f"{rule.name}_seconds": 7.5}).service_rules()
            assert getattr(changed, rule.name) == timedelta(seconds=7.5), rule.name


def test_a_policy_file_is_checked_and_single_clocks_go_before_it(tmp_path: Path) -> None:
    file = tmp_path / "policy.toml"
    file.write_text("version = 1", encoding="utf-8")
    with pytest.raises(SettingError, match="HOTLINE_POLICY_FILE: version"):
        load_settings(policy_file=file)
    default = (files("triage.policy") / "default.toml").read_text(encoding="utf-8")
    file.write_text(default.replace('"10 min"', '"9 min"'), encoding="utf-8")
    rules = load_settings(policy_file=file, confirm_alert_within_seconds=7).service_rules()
    assert rules.confirm_contact_every(act_in_progress=True) == timedelta(minutes=9)
    assert rules.confirm_alert_within == timedelta(seconds=7)


def test_arguments_go_before_the_environment_and_that_before_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "hotline.toml"
    file.write_text(
        'listen_port = 1\nservice_name_en = "From the file"\nsession_hours = 3\n', encoding="utf-8"
    )
    monkeypatch.setenv("HOTLINE_CONFIG", str(file))
    monkeypatch.setenv("HOTLINE_LISTEN_PORT", "2")
    monkeypatch.setenv("HOTLINE_SESSION_HOURS", "")
    settings = load_settings(service_name_en="From an argument")
    assert (settings.listen_port, settings.service_name_en, settings.session_hours) == (
        2,
        "From an argument",
        3,
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LISTEN_PORT", "eighty"),
        ("LISTEN_PORT", "70000"),
        ("PUBLIC_URL", "hotline.example.org"),
        ("ALLOWED_ORIGINS", "https://a.example, b.example"),
        ("TRUSTED_PROXIES", "10.0.0.0/99"),
        ("NUMBERS", "110, 120"),
        ("NUMBERS", "[]"),
        ("NUMBERS", '[{"number": "not one", "label_zh": "a", "label_en": "b"}]'),
        ("ALERT_LADDER", "everybody:10"),
        ("ALERT_LADDER", "dispatcher:0"),
        ("LOG_LEVEL", "loud"),
        ("OFFER_WITHIN_SECONDS", "0"),
        ("SESSION_HOURS", "nan"),
        ("TRIAGE_KILL_MS", "20"),
        ("TWILIO_ACCOUNT_SID", "AC1"),
        ("DAYS_OFF", "2026-02-30"),
        ("BUS_URL", "redis://127.0.0.1"),
        ("TRANSCRIPTION_URL", "ws://127.0.0.1"),
        ("RING_AT_ONCE", "call:fr"),
        ("RING_AT_ONCE", "call:*:juggling"),
    ],
)
def test_a_wrong_one_is_named_in_one_sentence(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"HOTLINE_{name}", value)
    with pytest.raises(SettingError) as refused:
        load_settings()
    assert f"HOTLINE_{name}" in refused.value.detail
    assert "\n" not in refused.value.detail
    assert refused.value.detail.endswith(".")


def test_a_secret_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTLINE_TWILIO_AUTH_TOKEN", SECRET)
    monkeypatch.setenv("HOTLINE_SECRET_KEYS", SECRET)
    monkeypatch.setenv("HOTLINE_DATABASE_URL", f"postgresql://hotline:{SECRET}@database/hotline")
    assert SECRET not in repr(load_settings())
    monkeypatch.setenv("HOTLINE_LISTEN_PORT", SECRET)
    with pytest.raises(SettingError) as refused:
        load_settings()
    assert SECRET not in refused.value.detail
    assert refused.value.__cause__ is None


@pytest.mark.parametrize(
    ("text", "part"),
    [("listen_prot = 1", "HOTLINE_LISTEN_PROT"), ("= 1", "not TOML"), (None, "cannot be read")],
)
def test_a_wrong_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str | None, part: str) -> None:
    file = tmp_path / "hotline.toml"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    monkeypatch.setenv("HOTLINE_CONFIG", str(file))
    with pytest.raises(SettingError, match=part):
        load_settings()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "hotline.example.org"])  # noqa: S104
def test_a_demo_is_for_this_machine_only(host: str) -> None:
    with pytest.raises(SettingError, match="HOTLINE_LISTEN_HOST"):
        load_settings(demo=True, listen_host=host)
    assert load_settings(demo=True, listen_host="127.0.0.1").is_loopback


def test_whose_pages_may_come() -> None:
    settings = load_settings(listen_port=0)
    assert settings.origins(81) == {"http://127.0.0.1:81", "http://localhost:81"}
    settings = load_settings(public_url="https://h.example/", allowed_origins="https://w.example")
    assert settings.origins(81) == {"https://h.example", "https://w.example"}
    assert settings.public_address() == "https://h.example"


def test_what_is_no_setting_is_seen() -> None:
    assert unknown_variables({"HOTLINE_LISTEN_PROT": "1", "HOTLINE_LISTEN_PORT": "1", "PATH": ""}) == [
        "HOTLINE_LISTEN_PROT"
    ]


def test_each_has_a_unit_and_a_reason() -> None:
    for each in described_settings():
        assert each.unit, each.variable
        assert each.reason.endswith("."), each.variable
        assert each.default, each.variable


def test_the_handbook_has_them_all_as_they_are() -> None:
    """`hotline doctor --markdown` writes the table."""
    text = HANDBOOK.read_text(encoding="utf-8")
    assert "\n".join(settings_lines()) in text
    told = set(re.findall(r"HOTLINE_[A-Z_]+", text)) - {"HOTLINE_CONFIG", "HOTLINE_SKIP_UI"}
    assert told == {each.variable for each in described_settings()}
