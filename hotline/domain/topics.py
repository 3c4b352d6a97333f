"""What somebody may say beforehand that it is about: optional, in their words rather than in ours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

AgeBand = Literal["under14", "14to17", "18to25", "26to59", "60plus"]
AGE_BANDS: tuple[AgeBand, ...] = get_args(AgeBand)
MINORS = ("under14", "14to17")


@dataclass(frozen=True, slots=True)
class Topic:
    code: str
    zh: str
    en: str


TOPICS = (
    Topic("mood", "情绪低落或焦虑", "Low mood or worry"),
    Topic("not_wanting_to_live", "不想活了", "Not wanting to live"),
    Topic("someone_else", "担心别人", "Worried about somebody"),
    Topic("family", "家庭", "Family"),
    Topic("relationship", "感情或婚姻", "Love or marriage"),
    Topic("child", "孩子", "A child of mine"),
    Topic("school", "学习或学校", "School or study"),
    Topic("work_money", "工作或经济", "Work or money"),
    Topic("violence", "受到伤害或暴力", "Being hurt or violence"),
    Topic("loss", "失去亲人", "Losing somebody"),
    Topic("sleep", "睡不好", "Not sleeping"),
    Topic("illness", "身体疾病", "Illness"),
    Topic("other", "其他", "Something else"),
)
