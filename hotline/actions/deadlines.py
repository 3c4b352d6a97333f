"""The deadline of a thing has come: what happens to it then, or, where it came early, nothing but a new deadline."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

from hotline.domain.change import Change, Value
from hotline.storage.working_set import Loaded, Need

if TYPE_CHECKING:
    from hotline.service import Hotline

T = TypeVar("T", bound=Value)


def when_due(
    model: type[T], happens: Callable[[Loaded, T], Change]
) -> Callable[[Hotline, str], Coroutine[Any, Any, None]]:
    """What the worker calls for a noun. `happens` answers without anything to save if it is not time yet; the thing is
    then saved as it is, and the writer notes its deadline anew."""

    async def on_deadline(hotline: Hotline, key: str) -> None:
        def decide(loaded: Loaded) -> Change:
            value = loaded.get(model, key)
            change = happens(loaded, value)
            return change if change.save or change.remove else Change(save=(value,))

        await hotline.writer.run(decide, Need(model, key))

    return on_deadline
