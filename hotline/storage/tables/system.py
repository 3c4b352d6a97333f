"""Tables that belong to the store itself: data keys, deadlines, outbox, journal and its seals, node epochs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, LargeBinary, String
from sqlmodel import Field, SQLModel


class DataKeyRow(SQLModel, table=True):
    """One data key per subject. Emptying `wrapped` erases what was sealed under it, for ever."""

    __tablename__ = "data_keys"

    subject: str = Field(primary_key=True)
    wrapped: bytes = Field(sa_type=LargeBinary)


class DeadlineRow(SQLModel, table=True):
    """When the worker must look at a thing again. One row per thing; `due_at` may be early, never late."""

    __tablename__ = "deadlines"

    subject: str = Field(primary_key=True)
    noun: str
    due_at: datetime = Field(index=True)


class OutboxRow(SQLModel, table=True):
    """An effect that is owed. state: pending → sending → sent | failed. `payload` holds ids and codes."""

    __tablename__ = "outbox"
    __table_args__ = (Index("outbox_by_state", "state", "next_at"),)

    key: str = Field(primary_key=True)
    kind: str
    subject: str
    payload: dict[str, Any] = Field(sa_type=JSON)
    state: str = "pending"
    attempts: int = 0
    next_at: datetime
    made_at: datetime


class JournalRow(SQLModel, table=True):
    """What happened: ids, facts, actor, time; never content. `entry` is canonical JSON, the text that is sealed."""

    __tablename__ = "journal"
    __table_args__ = (Index("journal_by_subject", "subject", "epoch", "seq"),)

    epoch: str = Field(primary_key=True)
    seq: int = Field(primary_key=True, sa_type=BigInteger)
    at: datetime
    noun: str
    what: str
    subject: str
    actor: str
    entry: str


class JournalSealRow(SQLModel, table=True):
    """A link of the HMAC chain: covers the entries of its epoch after the previous link, up to `upto_seq`."""

    __tablename__ = "journal_seals"

    epoch: str = Field(primary_key=True)
    upto_seq: int = Field(primary_key=True, sa_type=BigInteger)
    at: datetime
    mac: str = Field(sa_type=String)


class NodeRow(SQLModel, table=True):
    """One start of one node: the epoch of its journal entries."""

    __tablename__ = "nodes"

    epoch: str = Field(primary_key=True)
    started_at: datetime
    number: int = Field(unique=True)


class WebhookAnswerRow(SQLModel, table=True):
    """What was answered to a webhook of the carrier, by the token that it repeats with the same webhook. Scripts hold
    ids and our own words, nothing of the person's."""

    __tablename__ = "webhook_answers"

    token: str = Field(primary_key=True)
    at: datetime = Field(index=True)
    status: int
    body: str
