"""Made-up referrals of the demo, so that the boards of the county worker and the institution are not empty.

Filed through the very actions that people use; nobody in them exists.
"""

from __future__ import annotations

from typing import Any

from hotline.actions import referrals
from hotline.domain.access import Actor
from hotline.domain.referral_codes import Stage
from hotline.domain.referral_forms import Application, MoveForm
from hotline.service import Hotline
from web_console.demo_organisations import DISTRICT

_CONSENT = {
    "given": True,
    "by": "person",
    "how": "in_person",
    "scope": ["identity", "needs", "summary"],
    "receivers": ["本区转介服务（演示）"],
}
_PEOPLE: tuple[tuple[str, str, tuple[str, ...], str], ...] = (
    ("演示一", "10000000001", ("life_skills", "social_skills"), "出院三个月，想重新安排日常生活。"),
    ("演示二", "10000000002", ("vocational",), "想重新开始工作，希望有人陪着准备。"),
    ("演示三", "10000000003", ("family_support", "medication"), "家里人想知道怎么帮忙。"),
)


def _application(name: str, phone: str, needs: tuple[str, ...], note: str) -> Application:
    fields: dict[str, Any] = {
        "channel": "self",
        "person": {"name": name, "phone": phone},
        "needs": list(needs),
        "district": DISTRICT,
        "note": note,
        "consent": _CONSENT,
    }
    return Application.model_validate(fields)


async def seed_cases(hotline: Hotline, worker: Actor) -> None:
    """Once: the same key files the same referral. The later ones are a step further."""
    for number, person in enumerate(_PEOPLE):
        key = f"demo-referral-{number + 1}"
        filed = await referrals.file(hotline, worker, _application(*person), idempotency_key=key)
        if filed.stage is Stage.SUBMITTED and number > 0:
            form = MoveForm.model_validate({"version": filed.version})
            await referrals.move(hotline, worker, filed.id, "verify", form)
