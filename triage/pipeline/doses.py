"""Whether a number counts or measures more of a medicine than people take at once.

Everyday talk of medicines is full of other numbers: "38 degrees", "at 11", "I'm 27", "20 minutes ago", "400 mg". What
is usual is a default of this project, wide enough for prescribed doses of most medicines, not a medical limit.
"""

from collections.abc import Sequence

# From here on a count of tablets is not a usual dose.
MANY = 8
# And of what is measured: milligrams and so on.
MANY_OF = {
    "mg": 1_200, "mgs": 1_200, "milligrams": 1_200, "毫克": 1_200, "g": 5, "gram": 5, "grams": 5, "克": 5,
    "ml": 40, "mls": 40, "毫升": 40, "units": 60, "unit": 60, "单位": 60, "个单位": 60, "drops": 40, "滴": 40,
    "puffs": 20, "oz": 20,
}  # fmt: skip
# Of medicines that are strong by weight, or of insulin, where they are named nearby.
MANY_OF_STRONG = {
    "mg": 100, "mgs": 100, "milligrams": 100, "毫克": 100, "mcg": 200, "ug": 200, "微克": 200, "ml": 30, "毫升": 30,
    "iu": 60,
}  # fmt: skip
STRONG = (
    "diazepam valium lorazepam ativan alprazolam xanax clonazepam temazepam midazolam benzos zolpidem ambien zopiclone "
    "morphine oramorph oxycodone oxycontin oxy fentanyl methadone heroin codeine hydrocodone percocet ketamine "
    "adderall ritalin digoxin warfarin insulin "
    "安定 地西泮 劳拉西泮 阿普唑仑 氯硝西泮 艾司唑仑 舒乐安定 安眠药 唑吡坦 佐匹克隆 "
    "吗啡 羟考酮 芬太尼 美沙酮 可待因 氯胺酮 地高辛 华法林 "
    "胰岛素"
).split()
# How far from the number a strong medicine may stand.
NEARBY = 5
# What counts no dose.
OTHER_UNITS = frozenset(
    "degrees degree ° c f am pm oclock o'clock minutes minute mins min hours hour hrs hr h days day nights night weeks "
    "week wks months month years year yrs yr yo yos times th st nd rd percent % km kms miles mile m kg kilos lbs "
    "stone quid dollars euros bucks usd rmb yuan people students floors floor storeys mcg ug iu calories kcal "
    "steps pages seconds secs".split()
) | frozenset(
    "度 ° 岁 点 时 分钟 小时 个小时 天 周 个周 星期 个星期 号 日 月 个月 年 块 元 楼 层 斤 公斤 公里 里 米 级 页 "
    "路 班 床 栋 室 单元 届 分 % 厘米 微克 千卡 卡 步 秒 后 中 平".split()
)
# After a unit of time these make it an amount again: "14 days worth of", 「十天的药」, "24 day and night tablets".
SPANS = frozenset("day days night nights week weeks wks month months 天 周 星期 个星期 月 个月".split())
AMOUNT_OF = frozenset("worth of supply 's and nurse 的 份 量".split())
# Before a number that names or dates something, and before an age.
NAMES = frozenset(
    "at @ room ward bus route number no flat gate page chapter line question platform unit season episode 第".split()
)
HEATS = frozenset({"fever", "temperature", "temp"})
AGES = frozenset({"'m", "im", "am", "aged", "age", "turned", "turning"})
PIECES = frozenset(
    "tablet tablets tabs pill pills capsule capsules caps of x more sleeping 片 粒 颗 瓶 盒 板 包 支".split()
)


def is_many(value: float, words: Sequence[str], start: int, end: int) -> bool:
    """Whether the number that tokens start:end say may be a count of tablets, or a measure, beyond a usual dose."""
    if ":" in words[start]:
        return False
    unit, after = _unit(words, end)
    measured = MANY_OF_STRONG if _strong_nearby(words, start, end) else MANY_OF
    least = measured.get(unit, MANY_OF.get(unit))
    if least is not None:
        return value >= least
    if unit in OTHER_UNITS:
        return value >= MANY and unit in SPANS and after < len(words) and words[after] in AMOUNT_OF
    before = words[start - 1] if start else ""
    heat = before == "of" and start > 1 and words[start - 2] in HEATS
    named = heat or before in NAMES or before in AGES
    return value >= MANY and (not named or unit in PIECES)


def _unit(words: Sequence[str], end: int) -> tuple[str, int]:
    """What follows the number, the longest unit of Chinese characters or one word; and where it ends."""
    if end >= len(words):
        return "", end
    if words[end].isascii():
        return words[end], end + 1
    for length in (4, 3, 2):
        found = "".join(words[end : end + length])
        if found in MANY_OF or found in OTHER_UNITS or found in MANY_OF_STRONG:
            return found, end + length
    return words[end], end + 1


def _strong_nearby(words: Sequence[str], start: int, end: int) -> bool:
    nearby = words[max(0, start - NEARBY) : end + NEARBY]
    together = "".join(word for word in nearby if not word.isascii())
    return any(name in nearby or (not name.isascii() and name in together) for name in STRONG)
