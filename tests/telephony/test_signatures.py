"""Webhooks are known by the carrier's own signature over the configured address."""

import json
from hashlib import sha256
from pathlib import Path

import pytest
from twilio.request_validator import RequestValidator

from hotline.telephony.signatures import SIGNATURE, SIGNATURE_SETTINGS, Signatures

ACCOUNT = "AC" + "0" * 32
TOKEN = "a-secret-of-the-carrier"
ADDRESS = "https://hotline.example.org/twilio/leg?leg=leg_1&contact=con_1"
PAYLOADS = sorted((Path(__file__).parent / "payloads").glob("*.json"))


@pytest.fixture
def signatures() -> Signatures:
    return Signatures(TOKEN, ACCOUNT)


def signed(address: str, form: dict[str, str], token: str = TOKEN) -> dict[str, str]:
    return {SIGNATURE: RequestValidator(token).compute_signature(address, form)}


@pytest.mark.parametrize("payload", PAYLOADS, ids=lambda path: path.stem)
def test_signed_by_the_carriers_own_library(signatures: Signatures, payload: Path) -> None:
    form = json.loads(payload.read_text())
    assert signatures.accepts(ADDRESS, form, signed(ADDRESS, form))
    assert signatures.sign(ADDRESS, form) == signed(ADDRESS, form)[SIGNATURE]


@pytest.mark.parametrize(
    "signed_for",
    ["https://hotline.example.org:443/twilio/status", "https://hotline.example.org/twilio/status"],
)
def test_with_and_without_the_port(signatures: Signatures, signed_for: str) -> None:
    form = {"CallSid": "CA1", "AccountSid": ACCOUNT}
    for address in (
        "https://hotline.example.org/twilio/status",
        "https://hotline.example.org:443/twilio/status",
    ):
        assert signatures.accepts(address, form, signed(signed_for, form))


def test_a_port_that_is_not_the_usual_one_counts(signatures: Signatures) -> None:
    form = {"CallSid": "CA1"}
    address = "http://127.0.0.1:8081/twilio/status"
    assert signatures.accepts(address, form, signed(address, form))


@pytest.mark.parametrize(
    ("changed", "value"),
    [
        ("From", "+8613900000000"),
        ("CallStatus", "completed"),
        ("Extra", "1"),
        ("AccountSid", "AC" + "9" * 32),
    ],
)
def test_altered_content_is_refused(signatures: Signatures, changed: str, value: str) -> None:
    form = {"CallSid": "CA1", "From": "+8613912341234", "CallStatus": "ringing", "AccountSid": ACCOUNT}
    headers = signed(ADDRESS, form)
    assert signatures.accepts(ADDRESS, form, headers)
    assert not signatures.accepts(ADDRESS, {**form, changed: value}, headers)


def test_another_address_another_token_or_none_is_refused(signatures: Signatures) -> None:
    form = {"CallSid": "CA1"}
    assert not signatures.accepts(ADDRESS + "x", form, signed(ADDRESS, form))
    assert not signatures.accepts(ADDRESS, form, signed(ADDRESS, form, token="guessed"))
    assert not signatures.accepts(ADDRESS, form, {})
    assert not signatures.accepts(ADDRESS, form, {SIGNATURE: ""})
    assert not signatures.accepts(ADDRESS, form, {SIGNATURE: "不是签名"})


def test_another_account_with_the_right_key_is_refused(signatures: Signatures) -> None:
    form = {"CallSid": "CA1", "AccountSid": "AC" + "7" * 32}
    assert not signatures.accepts(ADDRESS, form, signed(ADDRESS, form))


def test_without_a_token_nothing_is_accepted() -> None:
    form = {"CallSid": "CA1"}
    assert not Signatures("", ACCOUNT).accepts(ADDRESS, form, signed(ADDRESS, form, token=""))


def test_a_json_body_is_known_by_its_hash(signatures: Signatures) -> None:
    body = '{"CallSid": "CA1"}'
    address = f"https://hotline.example.org/twilio/status?bodySHA256={sha256(body.encode()).hexdigest()}"
    headers = signed(address, {})
    assert signatures.accepts(address, body, headers)
    assert not signatures.accepts(address, body + " ", headers)
    plain = "https://hotline.example.org/twilio/status"
    assert not signatures.accepts(plain, body, signed(plain, {}))


def test_the_newer_algorithm_is_understood_and_an_unknown_one_refused(signatures: Signatures) -> None:
    form = {"CallSid": "CA1"}
    newer = RequestValidator(TOKEN).compute_signature(ADDRESS, form, "HMAC_SHA256")
    settings = {SIGNATURE_SETTINGS: "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256"}
    assert signatures.accepts(ADDRESS, form, {SIGNATURE: newer, **settings})
    unknown = {SIGNATURE_SETTINGS: "key=webhooks_sharedkey_1,algorithm=ROT13"}
    assert not signatures.accepts(ADDRESS, form, {SIGNATURE: newer, **unknown})
