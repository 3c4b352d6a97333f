"""Sealed columns: AES-256-GCM under a data key of the contact, person or thing they belong to.

    master key (settings) ──wraps──▶ data key (one per subject, table data_keys) ──seals──▶ value

A sealed value is bound to its table, column and row: moved elsewhere it does not open. Destroying a
subject's data key erases all that was sealed under it, and nothing can be sealed there again. The first master key
wraps, all of them open.
Lookup hashes (a phone number) have a key of their own, derived from the *last* (oldest) master key, so
that adding a new first key does not change them.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import secrets
from collections import OrderedDict
from pathlib import Path
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hotline.errors import HotlineError, SettingError

_NONCE_BYTES = 12
_KEY_BYTES = 32
_KEPT_KEYS = 20_000  # open data keys in memory: about 10 MB, more contacts than a city has open in a day


class Erased(HotlineError):
    """The data key is gone: the content was erased on purpose."""

    code = "erased"


class Unreadable(HotlineError):
    """A sealed value does not open: wrong master key, or it was moved or altered."""

    code = "unreadable"


def new_master_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(_KEY_BYTES)).decode()


def read_or_make_master_key(path: Path) -> str:
    """The key file in the data folder, mode 600; made at the first start. It stands on the disk whole before anything
    is sealed with it, and where two start at once both have the same."""
    if not path.exists():
        part = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
        try:
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as raw:
                raw.write(new_master_key().encode() + b"\n")
                raw.flush()
                os.fsync(raw.fileno())
            _take_place(part, path)
            _names_to_disk(path.parent)
        finally:
            part.unlink(missing_ok=True)
    key = path.read_text(encoding="ascii").strip()
    if not key:
        raise SettingError(f"The key file {path} is empty: put back the copy of it that was kept.")
    return key


def _take_place(part: Path, path: Path) -> None:
    """Never over a key that is there."""
    try:
        os.link(part, path)
    except FileExistsError:
        return
    except OSError:  # a file system without links
        part.rename(path)


def _names_to_disk(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _decoded(key: str) -> bytes:
    try:
        raw = base64.urlsafe_b64decode(key.encode("ascii"))
    except (binascii.Error, UnicodeEncodeError):
        raw = b""
    if len(raw) != _KEY_BYTES:
        raise SettingError("HOTLINE_SECRET_KEYS: each key is 32 bytes in URL-safe base 64.")
    return raw


def _derived(master: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=_KEY_BYTES, salt=None, info=purpose.encode()).derive(master)


class Sealer:
    """Seals and opens values. Holds the master keys and the open data keys; knows no database."""

    def __init__(self, master_keys: list[str]) -> None:
        if not master_keys:
            raise SettingError("HOTLINE_SECRET_KEYS: at least one key is needed.")
        masters = [_decoded(each) for each in master_keys]
        self._wrapping = [AESGCM(_derived(each, "hotline wrap data keys")) for each in masters]
        self._lookup_key = _derived(masters[-1], "hotline lookup hashes")
        self.journal_key = _derived(masters[-1], "hotline journal chain")
        self._open: OrderedDict[str, AESGCM] = OrderedDict()

    def lookup_hash(self, value: str) -> str:
        """The keyed hash by which a phone number is found again."""
        return hmac.new(self._lookup_key, value.encode(), hashlib.sha256).hexdigest()

    def holds(self, subject: str) -> bool:
        return subject in self._open

    def make_data_key(self, subject: str) -> bytes:
        """A new data key for `subject`, wrapped, ready to be stored."""
        key = secrets.token_bytes(_KEY_BYTES)
        self._keep(subject, AESGCM(key))
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._wrapping[0].encrypt(nonce, key, subject.encode())

    def open_data_key(self, subject: str, wrapped: bytes) -> None:
        for wrapping in self._wrapping:
            try:
                key = wrapping.decrypt(wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], subject.encode())
            except InvalidTag:
                continue
            self._keep(subject, AESGCM(key))
            return
        raise Unreadable("A data key does not open: HOTLINE_SECRET_KEYS lacks the key that wrapped it.")

    def forget(self, subject: str) -> None:
        self._open.pop(subject, None)

    def forget_all(self) -> None:
        """After a rollback: a key that was made there is not stored, and the others are soon read again."""
        self._open.clear()

    def _keep(self, subject: str, key: AESGCM) -> None:
        self._open[subject] = key
        self._open.move_to_end(subject)
        if len(self._open) > _KEPT_KEYS:
            self._open.popitem(last=False)

    def seal(self, subject: str, place: str, value: Any) -> bytes | None:
        """`place` is "table.column.row id". None stays None: that nothing was said is no secret."""
        if value is None:
            return None
        key = self._open.get(subject)
        if key is None:
            raise Erased("The content was erased; nothing is added to it.")
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + key.encrypt(nonce, orjson.dumps(value), place.encode())

    def open(self, subject: str, place: str, sealed: bytes | None) -> Any:
        if sealed is None:
            return None
        key = self._open.get(subject)
        if key is None:
            raise Erased("The content was erased.")
        try:
            return orjson.loads(key.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], place.encode()))
        except InvalidTag:
            raise Unreadable(f"A sealed value in {place.rsplit('.', 1)[0]} does not open.") from None
