"""Signed webhooks: the carrier's signature over the configured public address and the form.

The address is built from the configured base, never from Host or X-Forwarded headers: whoever could choose
them could choose what is verified. The signature says nothing of time: replays are caught by ids, and by the
carrier's own token where it sends one.
"""

from __future__ import annotations

from collections.abc import Mapping

from twilio.request_validator import RequestValidator, get_signature_algorithm

SIGNATURE = "X-Twilio-Signature"
IDEMPOTENCY_TOKEN = "I-Twilio-Idempotency-Token"  # noqa: S105  (a header's name)
SIGNATURE_SETTINGS = "X-Twilio-Webhooks-Signature-Settings"


class Signatures:
    """Fails closed: no token, no signature, another account or any doubt is a refusal."""

    def __init__(self, auth_token: str, account_sid: str) -> None:
        self._validator = RequestValidator(auth_token) if auth_token else None
        self._account_sid = account_sid

    def accepts(self, address: str, sent: Mapping[str, str] | str, headers: Mapping[str, str]) -> bool:
        """`address` is whole, query included; `sent` the form, or a JSON body, whose hash is in the query."""
        signature = headers.get(SIGNATURE)
        if self._validator is None or not signature or not signature.isascii():
            return False
        if isinstance(sent, str):
            if "bodySHA256=" not in address:
                return False
        elif sent.get("AccountSid", self._account_sid) != self._account_sid:
            return False
        algorithm = get_signature_algorithm(headers.get(SIGNATURE_SETTINGS))
        try:
            accepted = self._validator.validate(address, sent, signature, algorithm)
        except ValueError:  # an address that cannot be parsed
            return False
        return bool(accepted)

    def sign(self, address: str, form: Mapping[str, str]) -> str:
        """As the carrier signs: for the simulated carrier."""
        if self._validator is None:
            raise ValueError("There is no token to sign with.")
        return str(self._validator.compute_signature(address, form))
