"""Every setting once, with its unit, default and reason.

Values come from arguments, then the environment (`HOTLINE_PORT=8080`), then the TOML file that
`HOTLINE_CONFIG` names (`port = 8080`). An empty variable counts as not set. `load_settings` turns whatever
is wrong into one sentence that names the setting and never repeats its value.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from hotline.domain.ring_rules import of_queue
from hotline.errors import SettingError
from hotline.rule_settings import RuleSettings, setting
from hotline.setting_forms import (
    DEFAULT_NUMBERS,
    HelpNumber,
    is_loopback_host,
    json_list,
    listed,
    networks,
    number_languages,
    recogniser_address,
    shown,
)
from triage.model import read_settings

PREFIX = "HOTLINE_"
CONFIG_VARIABLE = "HOTLINE_CONFIG"
_SHORTEST_TOKEN = 20  # characters; guesses at /metrics are not slowed


class Settings(BaseSettings, RuleSettings):
    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        hide_input_in_errors=True,
        extra="forbid",
        frozen=True,
        validate_default=True,
        enable_decoding=False,
    )

    # The server ------------------------------------------------------------------------------------
    demo: bool = setting(
        False, "yes or no", "Demo accounts and data; listens on loopback only. Never in service."
    )
    data_dir: Path = setting(
        Path("data"),
        "folder",
        "Holds the SQLite database and the key file; the folder of the start by default.",
    )
    listen_host: str = setting("127.0.0.1", "address", "Loopback, because a proxy with TLS stands in front.")
    listen_port: int = setting(8080, "port", "0 takes a free one.", ge=0, le=65535)
    public_url: str = setting(
        "",
        "address",
        "How the public and the carrier reach this server. Default: http and the listening address.",
    )
    allowed_origins: tuple[str, ...] = setting(
        (), "origins", "Other sites whose pages may open sockets here; the public address is always allowed."
    )
    trusted_proxies: tuple[str, ...] = setting(
        (),
        "networks",
        "Proxies whose X-Forwarded-For is believed; nobody's by default, since it can be forged.",
    )
    log_format: Literal["auto", "json", "pretty"] = setting(
        "auto", "auto, json or pretty", "auto: pretty on a terminal, JSON elsewhere."
    )
    log_level: Literal["debug", "info", "warning", "error"] = setting(
        "info", "debug, info, warning or error", "Ids and facts only at every level."
    )
    metrics_token: str = setting(
        "",
        "secret",
        "Whoever reads /metrics presents it as a bearer token. Without it only this machine itself is answered, and "
        "nothing that a proxy passes on.",
        repr=False,
    )

    # Store and keys --------------------------------------------------------------------------------
    database_url: str = setting(
        "", "address", "SQLite in the data folder by default; postgresql://… for bigger sites.", repr=False
    )
    secret_keys: tuple[str, ...] = setting(
        (),
        "keys",
        "32 bytes in URL-safe base 64 each; the first encrypts, all decrypt. "
        "Default: one that is made in the data folder (mode 600) at the first start.",
        repr=False,
    )
    bus_url: str = setting(
        "", "address", "Only for several nodes, which this version does not have.", repr=False
    )
    journal_export_dir: Path | None = setting(
        None, "folder", "Where the heads of the journal's chain are written as well; best on another machine."
    )

    # What the public sees --------------------------------------------------------------------------
    service_name_zh: str = setting(
        "心理援助热线", "words", "Name of the service in Chinese.", min_length=1, max_length=60
    )
    service_name_en: str = setting(
        "Psychological Support Hotline",
        "words",
        "Name of the service in English.",
        min_length=1,
        max_length=60,
    )
    numbers: tuple[HelpNumber, ...] = setting(
        DEFAULT_NUMBERS,
        "JSON list of {number, label_zh, label_en}",
        "Whom to call in immediate danger: mainland China's police, ambulance and support line.",
        min_length=1,
        max_length=8,
    )
    neutral_url: str = setting(
        "https://www.weather.com.cn/",
        "address",
        "Where quick exit leads: an ordinary page that betrays nothing.",
    )
    minors_may_chat_anonymously: bool = setting(
        True, "yes or no", "A child in danger who must first give a name may not write at all."
    )

    # Telephone -------------------------------------------------------------------------------------
    twilio_account_sid: str = setting("", "identifier", "Without it there is chat only.")
    twilio_auth_token: str = setting("", "secret", "Proves that webhooks come from the carrier.", repr=False)
    twilio_api_key: str = setting("", "identifier", "For tokens of counselors' telephones in the browser.")
    twilio_api_secret: str = setting("", "secret", "Belongs to the API key.", repr=False)
    twilio_number: str = setting("", "E.164 number", "The hotline's own number, shown when calling back.")
    twilio_api_url: str = setting(
        "",
        "address",
        "Another server that speaks the carrier's API (the simulator); the carrier's own by default.",
    )
    calls_per_hour: int = setting(
        20,
        "calls",
        "From one number, before it hears words instead of the queue; never for a number that is known at risk.",
        ge=1,
        le=1000,
    )
    number_languages: dict[str, str] = setting(
        {},
        "JSON object of {number: zh or en}",
        "Numbers of ours whose callers are spoken to in one language without being asked.",
    )
    fallback_number: str = setting(
        "",
        "E.164 number",
        "Where calls go while this service cannot take them; without it they hear words only.",
    )
    pass_caller_number: bool = setting(
        False,
        "yes or no",
        "Whoever outside is rung for a caller (partner, duty telephone) sees the caller's number. No: the line's own, "
        "since a number says who somebody is.",
    )
    duty_numbers: tuple[str, ...] = setting(
        (),
        "E.164 numbers, in their order",
        "Telephones that people of the service carry: told by text (ids only), then rung, where nobody on duty "
        "answers. They stand until they are set on the page of shifts.",
        max_length=10,
    )
    duty_language: Literal["zh", "en"] = setting(
        "zh", "zh or en", "What those telephones are spoken to in, until it is set on the page of shifts."
    )
    whatsapp_number: str = setting(
        "", "E.164 number", "The carrier's WhatsApp sender; without it there is no WhatsApp."
    )
    texts_per_second: float = setting(
        1.0,
        "texts per second",
        "What one ordinary number may send; more only where the carrier has agreed to it (short codes).",
        gt=0,
        le=1000,
    )
    transcription_url: str = setting(
        "",
        "address",
        "A streaming recogniser of our own, funasr+ws://… or sherpa+ws://… (or wss), to which calls' audio goes "
        "instead of the carrier's; {language} in it becomes zh or en.",
        repr=False,
    )

    partial_transcripts: bool = setting(
        True,
        "yes or no",
        "Words that are not final yet are shown, greyed, to whoever reads along. No: the final ones alone (project "
        "default: a counselor who looks sees a slow recogniser's words seconds earlier).",
    )

    # Triage ----------------------------------------------------------------------------------------
    triage_wait_ms: int = setting(
        50,
        "milliseconds",
        "A message is saved as unassessed after this; longer would be felt.",
        ge=1,
        le=10_000,
    )
    triage_kill_ms: int = setting(
        250,
        "milliseconds",
        "Ordinary messages need under 5; what takes 50 times as long never ends.",
        ge=10,
        le=60_000,
    )
    triage_workers: int = setting(
        1, "processes", "One assesses some thousand messages a second.", ge=1, le=16
    )

    triage_model: Path | None = setting(
        None,
        "folder",
        "A model that `python -m triage train` made of your own labelled messages; the shipped one by default.",
    )

    # Accounts --------------------------------------------------------------------------------------
    session_hours: float = setting(
        12.0, "hours", "A long shift; then everybody signs in again.", gt=0, le=168
    )
    session_idle_minutes: float = setting(
        120.0,
        "minutes",
        "Without any request or open console. A held chat stays with its counselor.",
        gt=0,
        le=10_080,
    )
    setup_link_hours: float = setting(
        72.0, "hours", "A one-time link has to survive a weekend.", gt=0, le=720
    )
    password_min_length: int = setting(
        10, "characters", "Length protects more than kinds of characters.", ge=8, le=128
    )
    sign_in_attempts: int = setting(
        8,
        "attempts",
        "Failures per account and address within the window before it has to wait.",
        ge=1,
        le=1000,
    )
    sign_in_window_seconds: float = setting(
        300.0, "seconds", "The window of failed attempts.", gt=0, le=86_400
    )

    # Limits ----------------------------------------------------------------------------------------
    requests_per_second: float = setting(
        30.0, "requests per second", "Per session or chat token; a console needs about two.", gt=0
    )
    anonymous_requests_per_second: float = setting(
        20.0, "requests per second", "Per address without a token: a school shares one address.", gt=0
    )
    chats_per_minute: float = setting(
        20.0, "chats per minute", "Opened per address. Set it higher for load tests from one machine.", gt=0
    )
    messages_per_second: float = setting(
        5.0, "messages per second", "Per chat, beyond a burst; faster ones are slowed, never dropped.", gt=0
    )

    # Reading them ----------------------------------------------------------------------------------

    @field_validator("allowed_origins", "trusted_proxies", "secret_keys", "duty_numbers", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return listed(value)

    @field_validator("numbers", mode="before")
    @classmethod
    def _parse_list(cls, value: Any) -> Any:
        return json_list(value)

    @field_validator("number_languages", mode="before")
    @classmethod
    def _parse_languages(cls, value: Any) -> Any:
        return number_languages(value)

    @field_validator("trusted_proxies")
    @classmethod
    def _check_networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return networks(value)

    @field_validator("public_url", "neutral_url", "twilio_api_url", "allowed_origins")
    @classmethod
    def _check_addresses(cls, value: str | tuple[str, ...]) -> str | tuple[str, ...]:
        for each in (value,) if isinstance(value, str) else value:
            parts = urlsplit(each)
            if each and (parts.scheme not in ("http", "https") or not parts.netloc):
                raise ValueError("must begin with http:// or https:// and name a host")
        return value.rstrip("/") if isinstance(value, str) else tuple(each.rstrip("/") for each in value)

    @field_validator("metrics_token")
    @classmethod
    def _check_metrics_token(cls, value: str) -> str:
        if value and (len(value) < _SHORTEST_TOKEN or not value.isascii() or " " in value):
            raise ValueError(f"must be {_SHORTEST_TOKEN} letters and digits or more, without spaces")
        return value

    @field_validator("transcription_url")
    @classmethod
    def _check_recogniser(cls, value: str) -> str:
        if value:
            recogniser_address(value)
        return value

    @field_validator("triage_model")
    @classmethod
    def _check_model(cls, value: Path | None) -> Path | None:
        if value is not None:
            read_settings(value)
        return value

    @model_validator(mode="after")
    def _whole(self) -> Settings:
        if self.demo and not is_loopback_host(self.listen_host):
            raise ValueError("HOTLINE_LISTEN_HOST must be a loopback address (127.0.0.1) in demo mode.")
        if self.triage_kill_ms < self.triage_wait_ms:
            raise ValueError("HOTLINE_TRIAGE_KILL_MS must not be less than HOTLINE_TRIAGE_WAIT_MS.")
        if self.bus_url:
            raise ValueError(f"{variable_of('bus_url')}: this version cannot use it yet, leave it empty.")
        if self.twilio_account_sid and not self.twilio_auth_token:
            raise ValueError("HOTLINE_TWILIO_AUTH_TOKEN is needed with HOTLINE_TWILIO_ACCOUNT_SID.")
        skills = {each.code for each in self.skills}
        if not {skill for _, _, skill in map(of_queue, self.ring_at_once) if skill} <= skills:
            raise ValueError("HOTLINE_RING_AT_ONCE names a skill that HOTLINE_SKILLS has not.")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, _ConfigFile(settings_cls)

    # What follows from them ------------------------------------------------------------------------

    @property
    def database_address(self) -> str:
        """Where the database is: as set, or SQLite in the data folder."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'hotline.sqlite3').absolute()}"

    @property
    def key_file(self) -> Path:
        """The master key where `secret_keys` is not set. Never part of a backup."""
        return self.data_dir / "secret-key"

    @property
    def is_loopback(self) -> bool:
        """Reached from this machine only."""
        return is_loopback_host(self.listen_host)

    @property
    def is_https(self) -> bool:
        """Cookies are marked as secure, and browsers are told to stay with TLS."""
        return self.public_url.startswith("https://")

    def public_address(self, port: int | None = None) -> str:
        """The address that links and webhooks name. `port`: the one really bound."""
        if self.public_url:
            return self.public_url
        host = f"[{self.listen_host}]" if ":" in self.listen_host else self.listen_host
        return f"http://{host}:{self.listen_port if port is None else port}"

    def origins(self, port: int | None = None) -> frozenset[str]:
        """Whose pages may send unsafe requests and open sockets."""
        own = [self.public_address(port), *self.allowed_origins]
        if is_loopback_host(self.listen_host) and not self.public_url:
            own.append(f"http://localhost:{self.listen_port if port is None else port}")
        return frozenset("{0.scheme}://{0.netloc}".format(urlsplit(each)) for each in own)


class _ConfigFile(PydanticBaseSettingsSource):
    """The TOML file that `HOTLINE_CONFIG` names: the settings' names in small letters, without the prefix."""

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:
        """Nothing field by field: the whole file is read at once, below."""
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        path = os.environ.get(CONFIG_VARIABLE)
        if not path:
            return {}
        try:
            return tomllib.loads(Path(path).read_text(encoding="utf-8"))
        except OSError as error:
            raise SettingError(f"{CONFIG_VARIABLE}: the file cannot be read ({error.strerror}).") from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError):
            raise SettingError(f"{CONFIG_VARIABLE}: the file is not TOML.") from None


def load_settings(**given: Any) -> Settings:
    """The settings, or a `SettingError` whose one sentence names what is wrong."""
    try:
        return Settings(**given)
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False, include_context=False)[0]
        message = problem["msg"].removeprefix("Value error, ")
        if not problem["loc"]:
            raise SettingError(message) from None
        name = variable_of(str(problem["loc"][0]))
        if problem["type"] == "extra_forbidden":
            raise SettingError(f"{name}: there is no such setting.") from None
        raise SettingError(f"{name}: {message[0].lower()}{message[1:]}.".replace("..", ".")) from None


def variable_of(name: str) -> str:
    return f"{PREFIX}{name.upper()}"


@dataclass(frozen=True, slots=True)
class DescribedSetting:
    """One line of `hotline doctor --settings` and of the operators' handbook."""

    variable: str
    unit: str
    default: str
    reason: str


def described_settings() -> list[DescribedSetting]:
    described = []
    # The rules' fields come first in the class, being inherited, and last in the list, being many.
    in_order = sorted(Settings.model_fields.items(), key=lambda each: each[0] in RuleSettings.model_fields)
    for name, field in in_order:
        extra = field.json_schema_extra
        unit = str(extra["unit"]) if isinstance(extra, dict) else ""
        described.append(
            DescribedSetting(variable_of(name), unit, shown(field.default), field.description or "")
        )
    return described


def unknown_variables(environment: dict[str, str]) -> list[str]:
    """`HOTLINE_…` variables that are no setting: mistyped, or meant for something else."""
    known = {variable_of(name) for name in Settings.model_fields} | {CONFIG_VARIABLE}
    return sorted(name for name in environment if name.startswith(PREFIX) and name not in known)
