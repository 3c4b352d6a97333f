"""Every setting once, with its unit, default and reason.

Values come from arguments, then the environment (`HOTLINE_PORT=8080`), then the TOML file that
`HOTLINE_CONFIG` names (`port = 8080`). An empty variable counts as not set. `load_settings` turns whatever
is wrong into one sentence that names the setting and never repeats its value.
"""

from __future__ import annotations

import ipaddress
import json
import os
import tomllib
from dataclasses import dataclass, fields
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from hotline.domain.care_rules import SETTABLE
from hotline.domain.service_rules import LadderRung, ServiceRules
from hotline.errors import SettingError

PREFIX = "HOTLINE_"
CONFIG_VARIABLE = "HOTLINE_CONFIG"
_LADDER_ROLES = ("dispatcher", "next_dispatcher", "supervisor", "everyone")
_DEFAULT_RULES = ServiceRules()
_LONGEST_SECONDS = 30 * 24 * 3600.0


class HelpNumber(BaseModel):
    """A number that the public pages show to somebody in immediate danger."""

    number: str = Field(pattern=r"^\+?[0-9 ()-]{2,20}$")
    label_zh: str = Field(min_length=1, max_length=60)
    label_en: str = Field(min_length=1, max_length=60)


class District(BaseModel):
    """A county or district. Its Chinese name is what accounts and referrals are matched by."""

    zh: str = Field(min_length=1, max_length=30)
    en: str = Field(min_length=1, max_length=60)


DEFAULT_DISTRICTS = tuple(
    District(zh=zh, en=en)
    for zh, en in (
        ("中山区", "Zhongshan"),
        ("西岗区", "Xigang"),
        ("沙河口区", "Shahekou"),
        ("甘井子区", "Ganjingzi"),
        ("旅顺口区", "Lüshunkou"),
        ("金州区", "Jinzhou"),
        ("普兰店区", "Pulandian"),
        ("长海县", "Changhai"),
        ("瓦房店市", "Wafangdian"),
        ("庄河市", "Zhuanghe"),
    )
)

DEFAULT_NUMBERS = (
    HelpNumber(
        number="110", label_zh="报警（有人正处在危险中）", label_en="Police (somebody is in danger now)"
    ),
    HelpNumber(number="120", label_zh="急救", label_en="Ambulance"),
    HelpNumber(
        number="12356", label_zh="全国统一心理援助热线", label_en="National psychological support line"
    ),
)


def _setting(default: Any, unit: str, reason: str, **limits: Any) -> Any:
    """A field with its unit and the reason for its default."""
    return Field(default, description=reason, json_schema_extra={"unit": unit}, **limits)


def _clock(rule: str, reason: str) -> Any:
    """A duration of `ServiceRules` in seconds; its default is written there."""
    default = getattr(_DEFAULT_RULES, rule).total_seconds()
    return _setting(default, "seconds", reason, gt=0, le=_LONGEST_SECONDS)


def _ladder_text(ladder: tuple[LadderRung, ...]) -> str:
    return ", ".join(f"{rung.role}:{rung.within.total_seconds():g}" for rung in ladder)


def _listed(value: Any) -> Any:
    """`a, b c` → [a, b, c]; lists stay as they are."""
    return value.replace(",", " ").split() if isinstance(value, str) else value


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        hide_input_in_errors=True,
        extra="forbid",
        frozen=True,
        validate_default=True,
    )

    # The server ------------------------------------------------------------------------------------
    demo: bool = _setting(
        False, "yes or no", "Demo accounts and data; listens on loopback only. Never in service."
    )
    data_dir: Path = _setting(
        Path("data"),
        "folder",
        "Holds the SQLite database and the key file; the folder of the start by default.",
    )
    listen_host: str = _setting("127.0.0.1", "address", "Loopback, because a proxy with TLS stands in front.")
    listen_port: int = _setting(8080, "port", "0 takes a free one.", ge=0, le=65535)
    public_url: str = _setting(
        "",
        "address",
        "How the public and the carrier reach this server. Default: http and the listening address.",
    )
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = _setting(
        (), "origins", "Other sites whose pages may open sockets here; the public address is always allowed."
    )
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = _setting(
        (),
        "networks",
        "Proxies whose X-Forwarded-For is believed; nobody's by default, since it can be forged.",
    )
    log_format: Literal["auto", "json", "pretty"] = _setting(
        "auto", "auto, json or pretty", "auto: pretty on a terminal, JSON elsewhere."
    )
    log_level: Literal["debug", "info", "warning", "error"] = _setting(
        "info", "debug, info, warning or error", "Ids and facts only at every level."
    )

    # Store and keys --------------------------------------------------------------------------------
    database_url: str = _setting(
        "", "address", "SQLite in the data folder by default; postgresql://… for bigger sites.", repr=False
    )
    secret_keys: Annotated[tuple[str, ...], NoDecode] = _setting(
        (),
        "keys",
        "32 bytes in URL-safe base 64 each; the first encrypts, all decrypt. "
        "Default: one that is made in the data folder (mode 600) at the first start.",
        repr=False,
    )
    bus_url: str = _setting(
        "", "address", "Only for several nodes, which this version does not have.", repr=False
    )
    journal_export_dir: Path | None = _setting(
        None, "folder", "Where the heads of the journal's chain are written as well; best on another machine."
    )

    # What the public sees --------------------------------------------------------------------------
    service_name_zh: str = _setting(
        "心理援助热线", "words", "Name of the service in Chinese.", min_length=1, max_length=60
    )
    service_name_en: str = _setting(
        "Psychological Support Hotline",
        "words",
        "Name of the service in English.",
        min_length=1,
        max_length=60,
    )
    numbers: Annotated[tuple[HelpNumber, ...], NoDecode] = _setting(
        DEFAULT_NUMBERS,
        "JSON list of {number, label_zh, label_en}",
        "Whom to call in immediate danger: mainland China's police, ambulance and support line.",
        min_length=1,
        max_length=8,
    )
    neutral_url: str = _setting(
        "https://www.weather.com.cn/",
        "address",
        "Where quick exit leads: an ordinary page that betrays nothing.",
    )
    minors_may_chat_anonymously: bool = _setting(
        True, "yes or no", "A child in danger who must first give a name may not write at all."
    )

    # Telephone -------------------------------------------------------------------------------------
    twilio_account_sid: str = _setting("", "identifier", "Without it there is chat only.")
    twilio_auth_token: str = _setting("", "secret", "Proves that webhooks come from the carrier.", repr=False)
    twilio_api_key: str = _setting("", "identifier", "For tokens of counselors' telephones in the browser.")
    twilio_api_secret: str = _setting("", "secret", "Belongs to the API key.", repr=False)
    twilio_number: str = _setting("", "E.164 number", "The hotline's own number, shown when calling back.")
    twilio_api_url: str = _setting(
        "",
        "address",
        "Another server that speaks the carrier's API (the simulator); the carrier's own by default.",
    )
    fallback_number: str = _setting(
        "",
        "E.164 number",
        "Where calls go while this service cannot take them; without it they hear words only.",
    )
    transcription_url: str = _setting(
        "", "address", "Streaming speech recognition of our own; else the carrier's."
    )

    # Triage ----------------------------------------------------------------------------------------
    triage_wait_ms: int = _setting(
        50,
        "milliseconds",
        "A message is saved as unassessed after this; longer would be felt.",
        ge=1,
        le=10_000,
    )
    triage_kill_ms: int = _setting(
        250,
        "milliseconds",
        "Ordinary messages need under 5; what takes 50 times as long never ends.",
        ge=10,
        le=60_000,
    )
    triage_workers: int = _setting(
        1, "processes", "One assesses some thousand messages a second.", ge=1, le=16
    )

    # Accounts --------------------------------------------------------------------------------------
    session_hours: float = _setting(
        12.0, "hours", "A long shift; then everybody signs in again.", gt=0, le=168
    )
    session_idle_minutes: float = _setting(
        120.0,
        "minutes",
        "Without any request or open console. A held chat stays with its counselor.",
        gt=0,
        le=10_080,
    )
    setup_link_hours: float = _setting(
        72.0, "hours", "A one-time link has to survive a weekend.", gt=0, le=720
    )
    password_min_length: int = _setting(
        10, "characters", "Length protects more than kinds of characters.", ge=8, le=128
    )
    sign_in_attempts: int = _setting(
        8,
        "attempts",
        "Failures per account and address within the window before it has to wait.",
        ge=1,
        le=1000,
    )
    sign_in_window_seconds: float = _setting(
        300.0, "seconds", "The window of failed attempts.", gt=0, le=86_400
    )

    # Limits ----------------------------------------------------------------------------------------
    requests_per_second: float = _setting(
        30.0, "requests per second", "Per session or chat token; a console needs about two.", gt=0
    )
    anonymous_requests_per_second: float = _setting(
        20.0, "requests per second", "Per address without a token: a school shares one address.", gt=0
    )
    chats_per_minute: float = _setting(
        20.0, "chats per minute", "Opened per address. Set it higher for load tests from one machine.", gt=0
    )
    messages_per_second: float = _setting(
        5.0, "messages per second", "Per chat, beyond a burst; faster ones are slowed, never dropped.", gt=0
    )

    # The service's own clocks: defaults and their reasons stand in domain/service_rules.py -----------
    offer_within_seconds: float = _clock("offer_within", "A counselor's time to answer an offer.")
    leg_answered_within_seconds: float = _clock(
        "leg_answered_within", "A counselor's phone rings this long for a call that was accepted."
    )
    leg_bridged_within_seconds: float = _clock(
        "leg_bridged_within", "From the counselor's picking up to both being connected: the notices' length."
    )
    counselor_gone_after_seconds: float = _clock(
        "counselor_gone_after",
        "After a counselor's last socket closed, before their chats go back to the queue.",
    )
    waiting_escalates_after_seconds: float = _clock(
        "waiting_escalates_after", "Somebody waits this long: supervisors are told, again after each span."
    )
    risky_waiting_escalates_after_seconds: float = _clock(
        "risky_waiting_escalates_after", "The same at high and imminent risk."
    )
    silence_warned_after_seconds: float = _clock(
        "silence_warned_after", "A silent chat is asked whether it goes on."
    )
    silence_closed_after_seconds: float = _clock(
        "silence_closed_after", "From that question to the end of a silent chat that is not at risk."
    )
    person_gone_after_seconds: float = _clock(
        "person_gone_after", "A waiting chat whose page is gone this long counts as abandoned."
    )
    wrap_up_warned_after_seconds: float = _clock(
        "wrap_up_warned_after", "Wrap-up is never ended by force; supervisors are told after this span."
    )
    help_unanswered_after_seconds: float = _clock(
        "help_unanswered_after", "A counselor's call for a supervisor rings again."
    )
    confirm_alert_within_seconds: float = _clock(
        "confirm_alert_within", "A proposed alert waits for the counselor, then for the supervisor."
    )
    acknowledge_alert_within_seconds: float = _clock(
        "acknowledge_alert_within", "A named person must have acknowledged a raised alert."
    )
    alert_ladder: Annotated[tuple[LadderRung, ...], NoDecode] = _setting(
        _DEFAULT_RULES.alert_ladder,
        "role:seconds, …",
        "Who is told of an unacknowledged alert, and how long each has before the next is told too.",
        min_length=1,
    )
    assign_within_seconds: float = _clock("assign_within", "From acknowledged to a team or the police desk.")
    depart_within_seconds: float = _clock("depart_within", "From assigned to on the way.")
    arrive_within_seconds: float = _clock("arrive_within", "From on the way to on the scene.")
    confirm_contact_every_seconds: float = _clock("confirm_contact_every", "“Contact made?” is asked again.")
    close_alert_within_seconds: float = _clock(
        "close_alert_within", "From handed over to a closed alert with its outcome."
    )
    call_back_within_seconds: float = _clock(
        "call_back_within", "An abandoned call at risk is called back by then."
    )
    followup_grace_seconds: float = _clock("followup_grace", "Past due by this much, supervisors are told.")
    chat_capacity: int = _setting(
        _DEFAULT_RULES.chat_capacity, "chats", "A counselor's chats at a time.", ge=1, le=20
    )
    call_capacity: int = _setting(
        _DEFAULT_RULES.call_capacity, "calls", "A counselor's calls at a time.", ge=1, le=2
    )
    language_overflow_after_seconds: float = _clock(
        "language_overflow_after", "Then a counselor of another language may be offered the contact."
    )
    head_start_moderate_seconds: float = _clock(
        "head_start_moderate", "Moderate and unassessed count as having waited this much longer."
    )
    school_asked_within_seconds: float = _clock(
        "school_asked_within", "A school's time for what it was asked to do."
    )

    # Working days and the limits of referral: defaults and their reasons stand in domain/care_rules.py ---
    districts: Annotated[tuple[District, ...], NoDecode] = _setting(
        DEFAULT_DISTRICTS,
        "JSON list of {zh, en}",
        "The districts that referrals go to, each with a referral worker's account; Dalian's by default.",
        min_length=1,
        max_length=200,
    )
    days_off: Annotated[tuple[date, ...], NoDecode] = _setting(
        (),
        "dates",
        "Days off beside the published holidays: local ones, and years that are not published yet.",
    )
    days_worked: Annotated[tuple[date, ...], NoDecode] = _setting(
        (), "dates", "Weekends that are worked, beside the published ones."
    )
    holiday_years: Annotated[tuple[int, ...], NoDecode] = _setting(
        (),
        "years",
        "Years whose holidays are all named above; dates in unknown years are shown as provisional.",
    )
    care_limits: Annotated[dict[str, int], NoDecode] = _setting(
        {},
        "name:count, …",
        "Other limits of referral and rehabilitation than the project's defaults, in each limit's own unit. "
        "The two of the Measures (verify, refer) are not among them.",
    )

    # Reading them ----------------------------------------------------------------------------------

    @field_validator("care_limits", mode="before")
    @classmethod
    def _parse_care_limits(cls, value: Any) -> Any:
        given = value
        if isinstance(value, str):
            parts = [each.partition(":") for each in _listed(value)]
            given = {name: int(count) if count.isdecimal() else 0 for name, _, count in parts}
        if not isinstance(given, dict) or not given.keys() <= SETTABLE.keys():
            raise ValueError(f"must be a list of name:count with names among {', '.join(SETTABLE)}")
        if any(
            not isinstance(count, int) or not 0 < count <= SETTABLE[name] for name, count in given.items()
        ):
            raise ValueError("must have counts of at least 1 and at most a year")
        return given

    @field_validator(
        "allowed_origins",
        "trusted_proxies",
        "secret_keys",
        "days_off",
        "days_worked",
        "holiday_years",
        mode="before",
    )
    @classmethod
    def _split(cls, value: Any) -> Any:
        return _listed(value)

    @field_validator("numbers", "districts", mode="before")
    @classmethod
    def _parse_list(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except json.JSONDecodeError:
            raise ValueError("must be a JSON list") from None

    @field_validator("alert_ladder", mode="before")
    @classmethod
    def _parse_ladder(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        rungs = []
        for rung in value.split(","):
            role, _, seconds = rung.strip().partition(":")
            if role not in _LADDER_ROLES or not seconds.strip().isdecimal() or int(seconds) == 0:
                raise ValueError(
                    f"must be a list of role:seconds with roles among {', '.join(_LADDER_ROLES)}"
                )
            rungs.append(LadderRung(role, timedelta(seconds=int(seconds))))
        return tuple(rungs)

    @field_validator("trusted_proxies")
    @classmethod
    def _check_networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for each in value:
            try:
                ipaddress.ip_network(each)
            except ValueError:
                raise ValueError("must be addresses or networks such as 10.0.0.0/8") from None
        return value

    @field_validator("public_url", "neutral_url", "twilio_api_url", "allowed_origins")
    @classmethod
    def _check_addresses(cls, value: str | tuple[str, ...]) -> str | tuple[str, ...]:
        for each in (value,) if isinstance(value, str) else value:
            parts = urlsplit(each)
            if each and (parts.scheme not in ("http", "https") or not parts.netloc):
                raise ValueError("must begin with http:// or https:// and name a host")
        return value.rstrip("/") if isinstance(value, str) else tuple(each.rstrip("/") for each in value)

    @model_validator(mode="after")
    def _whole(self) -> Settings:
        if self.demo and not _is_loopback(self.listen_host):
            raise ValueError("HOTLINE_LISTEN_HOST must be a loopback address (127.0.0.1) in demo mode.")
        if self.triage_kill_ms < self.triage_wait_ms:
            raise ValueError("HOTLINE_TRIAGE_KILL_MS must not be less than HOTLINE_TRIAGE_WAIT_MS.")
        if self.twilio_account_sid and not self.twilio_auth_token:
            raise ValueError("HOTLINE_TWILIO_AUTH_TOKEN is needed with HOTLINE_TWILIO_ACCOUNT_SID.")
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
        return self.database_url or f"sqlite+aiosqlite:///{(self.data_dir / 'hotline.sqlite3').absolute()}"

    @property
    def key_file(self) -> Path:
        """The master key where `secret_keys` is not set. Never part of a backup."""
        return self.data_dir / "secret-key"

    @property
    def is_loopback(self) -> bool:
        """Reached from this machine only."""
        return _is_loopback(self.listen_host)

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
        if _is_loopback(self.listen_host) and not self.public_url:
            own.append(f"http://localhost:{self.listen_port if port is None else port}")
        return frozenset("{0.scheme}://{0.netloc}".format(urlsplit(each)) for each in own)

    def service_rules(self) -> ServiceRules:
        """The clocks and sizes as the pure machines take them."""
        values: dict[str, Any] = {}
        for rule in fields(ServiceRules):
            if isinstance(getattr(_DEFAULT_RULES, rule.name), timedelta):
                values[rule.name] = timedelta(seconds=getattr(self, f"{rule.name}_seconds"))
            else:
                values[rule.name] = getattr(self, rule.name)
        return ServiceRules(**values)


class _ConfigFile(PydanticBaseSettingsSource):
    """The TOML file that `HOTLINE_CONFIG` names: the settings' names in small letters, without the prefix."""

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:
        raise NotImplementedError  # the whole file is read at once

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


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class DescribedSetting:
    """One line of `hotline doctor --settings` and of the operators' handbook."""

    variable: str
    unit: str
    default: str
    reason: str


def described_settings() -> list[DescribedSetting]:
    described = []
    for name, field in Settings.model_fields.items():
        extra = field.json_schema_extra
        unit = str(extra["unit"]) if isinstance(extra, dict) else ""
        described.append(
            DescribedSetting(variable_of(name), unit, _shown(field.default), field.description or "")
        )
    return described


def _shown(default: Any) -> str:
    if isinstance(default, bool):
        return "yes" if default else "no"
    if default is None or default in ("", (), {}):
        return "–"
    if isinstance(default, float):
        return f"{default:g}"
    if isinstance(default, tuple) and isinstance(default[0], LadderRung):
        return _ladder_text(default)
    if isinstance(default, tuple) and isinstance(default[0], HelpNumber):
        return ", ".join(each.number for each in default)
    if isinstance(default, tuple) and isinstance(default[0], District):
        return ", ".join(each.zh for each in default)
    return str(default)


def unknown_variables(environment: dict[str, str]) -> list[str]:
    """`HOTLINE_…` variables that are no setting: mistyped, or meant for something else."""
    known = {variable_of(name) for name in Settings.model_fields} | {CONFIG_VARIABLE}
    return sorted(name for name in environment if name.startswith(PREFIX) and name not in known)
