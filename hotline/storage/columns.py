"""Column types that the tables share."""

from __future__ import annotations

from sqlalchemy import LargeBinary
from sqlalchemy.types import TypeDecorator


class Sealed(TypeDecorator[bytes]):
    """Bytes that only `sealing.Sealer` can open. The reading and writing sides seal and open; the database
    and its driver never see the value."""

    impl = LargeBinary
    cache_ok = True
