"""One tree of refusals. Each has a code that programs can rely on and a sentence that holds no content.

The HTTP status of each class has its one home in `web_console/problems.py`.
"""

from __future__ import annotations

from dataclasses import dataclass


class HotlineError(Exception):
    """A refusal: nothing was changed. `detail` must never hold what a person said or is called."""

    code = "refused"

    def __init__(self, detail: str = "", *, code: str | None = None) -> None:
        super().__init__(detail or code or self.code)
        self.detail = detail
        if code is not None:
            self.code = code


class NotSignedIn(HotlineError):
    code = "not_signed_in"


class Forbidden(HotlineError):
    code = "forbidden"


class NotFound(HotlineError):
    code = "not_found"


class WrongState(HotlineError):
    """The thing is not in a state in which this can happen."""

    code = "wrong_state"


class Taken(HotlineError):
    """Somebody else won. `by` is a staff id."""

    code = "taken"

    def __init__(self, detail: str = "", *, by: str | None = None, code: str | None = None) -> None:
        super().__init__(detail, code=code)
        self.by = by


class StaleVersion(HotlineError):
    """The caller looked at an older version than the stored one."""

    code = "stale_version"


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """`path` is the field's JSON path; `problem` says what is wrong without repeating the value."""

    path: str
    problem: str


class Invalid(HotlineError):
    """Bad input. `fields` says where."""

    code = "invalid"

    def __init__(
        self, detail: str = "", *, fields: tuple[FieldProblem, ...] = (), code: str | None = None
    ) -> None:
        super().__init__(detail, code=code)
        self.fields = fields


class SlowDown(HotlineError):
    """Too many requests; `retry_after` in seconds."""

    code = "slow_down"

    def __init__(self, retry_after: float, detail: str = "Too many requests.") -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class Unavailable(HotlineError):
    """The database or another part we depend on does not answer; nothing was acknowledged."""

    code = "unavailable"


class SettingError(HotlineError):
    """A setting is wrong; the sentence names it and stops the start."""

    code = "setting"
