"""PostgreSQL's databases are used by one test after the other; the next one must not notice."""

from __future__ import annotations

import pytest

from tests.databases import POSTGRESQL, empty_postgresql, first_value

pytestmark = pytest.mark.skipif(not POSTGRESQL, reason="HOTLINE_TEST_POSTGRESQL_URL names no database")

_SOMEBODY = (
    "INSERT INTO staff (id, username, name, roles, skills, totp_confirmed, disabled, created_at, version)"
    " VALUES ('stf_1', 'li', 'Li', '[]', '{}', false, false, '2026-03-02 03:00:00+00:00', 1)"
)


async def test_no_row_is_left_for_the_next_test() -> None:
    async with empty_postgresql() as used:
        await first_value(used, _SOMEBODY)
        assert await first_value(used, "SELECT count(*) FROM staff") == 1
    async with empty_postgresql() as again:
        assert again == used
        assert await first_value(again, "SELECT count(*) FROM staff") == 0


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE messages RENAME TO messages_lost",
        "ALTER TABLE staff ALTER COLUMN name DROP NOT NULL",
        "CREATE TABLE more (id int)",
        "UPDATE alembic_version SET version_num = '0001'",
    ],
)
async def test_a_changed_schema_is_nobody_elses(change: str) -> None:
    async with empty_postgresql() as used:
        await first_value(used, change)
    async with empty_postgresql() as another:
        assert another != used
