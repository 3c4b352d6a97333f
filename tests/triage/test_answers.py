"""Short answers read by the counselor's question: every class of question, both languages, and that no lowers."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.assessment import Level, Turn
from triage.conversation import ConversationState, fold
from triage.pipeline import Pipeline, load
from triage.pipeline.answers import answer_kind, questions


def asked(question: str) -> list[Turn]:
    return [Turn("counselor", question)]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_question_knows_its_example_and_not_its_counter_example(
    language: str, pipeline: Pipeline
) -> None:
    for question in questions():
        text, other = question.raw["examples"][language], question.raw["not"][language]
        assert question.asked_in(pipeline.normalise(text).text), (question.id, text)
        assert not question.asked_in(pipeline.normalise(other).text), (question.id, other)


def test_answers_name_classes_that_some_frame_knows(pipeline: Pipeline) -> None:
    known = {want.cue_class for frame in pipeline._frames.frames for slot in frame.slots for want in slot}
    for question in questions():
        for meanings in question.means.values():
            assert {meaning.partition("@")[0] for meaning in meanings} <= known, question.id


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("有", "yes"),
        ("嗯", "yes"),
        ("嗯。。。", "yes"),
        ("对", "yes"),
        ("是的", "yes"),
        ("可能吧", "yes"),
        ("没有", "no"),
        ("不会", "no"),
        ("嗯，没有", "no"),
        ("yeah, no", "no"),
        ("以前有", "past"),
        ("现在没有了", "past"),
        ("不知道", "unsure"),
        ("不想说", "unsure"),
        ("应该不会", "hedged"),
        ("还没", "not_yet"),
        ("十几颗", "amount"),
        ("大概三十片", "amount"),
        ("整瓶都吃了", "amount"),
        ("今晚", "time"),
        ("等他们睡了", "time"),
        ("下周", "later"),
        ("半小时前", "ago"),
        ("yes", "yes"),
        ("yeah", "yes"),
        ("i guess so", "yes"),
        ("maybe", "yes"),
        ("no", "no"),
        ("i haven't", "no"),
        ("not anymore", "past"),
        ("no not really", "hedged"),
        ("i don't think so", "hedged"),
        ("not yet", "not_yet"),
        ("idk", "unsure"),
        ("i can't promise that", "unsure"),
        ("right now", "time"),
        ("about 30", "amount"),
        ("the whole bottle", "amount"),
        ("an hour ago", "ago"),
        ("twice", "amount"),
        ("好几次", "amount"),
        ("my stepdad", "person"),
        ("是我爸", "person"),
        ("on the bridge", "place"),
        ("在楼顶", "place"),
        ("in the kitchen", "near"),
        ("就在门外", "near"),
        ("nah not really", "hedged"),
        ("my dad is picking me up", None),
        ("at the library", None),
        ("我们老师今天讲了很多关于历史的事情", None),
        ("my sister is coming to visit on her way back", None),
        ("嗯，今天老板又在会上骂了我一顿", None),
    ],
)
def test_kinds_of_answers(answer: str, kind: str | None, pipeline: Pipeline) -> None:
    assert answer_kind(pipeline.normalise(answer).text) == kind


@pytest.mark.parametrize(
    ("question", "answer", "least", "most"),
    [
        ("你有自杀的想法吗？", "嗯", Level.MODERATE, Level.HIGH),
        ("Are you thinking of killing yourself?", "yeah", Level.MODERATE, Level.HIGH),
        ("Are you thinking of killing yourself?", "not anymore", Level.LOW, Level.LOW),
        ("Are you thinking of killing yourself?", "no not really", Level.LOW, Level.LOW),
        ("你想过自杀吗", "没有", Level.NONE, Level.LOW),
        ("你想过自杀吗", "不想说", Level.MODERATE, Level.MODERATE),
        ("你会真的去做吗？", "会", Level.HIGH, Level.HIGH),
        ("你想好怎么做了吗？", "想好了", Level.HIGH, Level.HIGH),
        ("Do you have a plan?", "yes", Level.HIGH, Level.HIGH),
        ("你打算什么时候？", "今晚", Level.IMMINENT, Level.IMMINENT),
        ("When are you going to do it?", "right now", Level.IMMINENT, Level.IMMINENT),
        ("什么时候开始睡不着的？", "今天", Level.NONE, Level.NONE),
        ("药现在在你手边吗？", "在", Level.HIGH, Level.HIGH),
        ("Do you have the pills with you?", "yes", Level.HIGH, Level.HIGH),
        ("你吃了多少？", "十几颗", Level.IMMINENT, Level.IMMINENT),
        ("How many did you take?", "30", Level.IMMINENT, Level.IMMINENT),
        ("Have you taken something?", "not yet", Level.HIGH, Level.HIGH),
        ("Did you take your usual medication on time?", "yes", Level.NONE, Level.LOW),
        ("按时吃药了吗？", "吃了", Level.NONE, Level.LOW),
        ("你伤害自己了吗？", "嗯", Level.MODERATE, Level.IMMINENT),
        ("Did you hurt yourself?", "yes", Level.MODERATE, Level.IMMINENT),
        ("今晚能保证自己安全吗？", "不能", Level.HIGH, Level.IMMINENT),
        ("Can you keep yourself safe tonight?", "no", Level.HIGH, Level.IMMINENT),
        ("Can you keep yourself safe tonight?", "i don't know", Level.HIGH, Level.HIGH),
        ("Can you keep yourself safe tonight?", "yes i can", Level.NONE, Level.NONE),
        ("能把刀放下吗？", "不", Level.HIGH, Level.IMMINENT),
        ("Is she breathing?", "no", Level.IMMINENT, Level.IMMINENT),
        ("他现在在家吗？", "在", Level.MODERATE, Level.HIGH),
        ("Is he there now?", "yes", Level.MODERATE, Level.HIGH),
        ("你现在是一个人吗？", "嗯", Level.NONE, Level.NONE),
        ("Are you alone?", "yes", Level.NONE, Level.NONE),
        ("你以前尝试过自杀吗？", "有", Level.MODERATE, Level.MODERATE),
        ("Have you ever tried to kill yourself?", "once", Level.MODERATE, Level.MODERATE),
        ("如果想自杀，可以随时打110。", "嗯", Level.NONE, Level.NONE),
        ("You are not thinking of suicide, are you?", "yes", Level.MODERATE, Level.MODERATE),
        ("你晚饭吃了吗？", "吃了", Level.NONE, Level.NONE),
        ("Are you safe right now?", "no", Level.HIGH, Level.HIGH),
        ("你现在安全吗？", "不安全", Level.HIGH, Level.HIGH),
        ("Have you written a note?", "yes", Level.HIGH, Level.HIGH),
        ("你写遗书了吗？", "写了", Level.HIGH, Level.IMMINENT),
        ("are you on the bridge now?", "yeah", Level.HIGH, Level.IMMINENT),
        ("有人在打你吗？", "有", Level.HIGH, Level.HIGH),
        ("他有没有摸你？", "有", Level.HIGH, Level.HIGH),
        ("What did you take?", "tylenol, like 40", Level.IMMINENT, Level.IMMINENT),
        ("多久前吃的？", "半小时前", Level.IMMINENT, Level.IMMINENT),
        ("你多大了？", "14", Level.NONE, Level.NONE),
        ("On a scale from 1 to 10, how bad is it?", "9", Level.NONE, Level.LOW),
        ("From 0 to 10, how likely are you to act on it tonight?", "i'd say an 8", Level.HIGH, Level.HIGH),
        ("From 0 to 10, how likely are you to act on it tonight?", "2", Level.LOW, Level.LOW),
        ("How likely are you to kill yourself, in percent?", "80%", Level.HIGH, Level.HIGH),
        ("0到10分，今晚去做的可能性有几分？", "八分", Level.HIGH, Level.HIGH),
        ("0到10分，你觉得现在有多安全？", "2", Level.HIGH, Level.HIGH),
        ("From 0 to 10, how safe do you feel?", "9", Level.NONE, Level.NONE),
        ("Is anyone hurting you at home?", "my dad", Level.HIGH, Level.IMMINENT),
        ("家里有人打你吗？", "我爸", Level.HIGH, Level.IMMINENT),
        ("Who is at home with you?", "my dad", Level.NONE, Level.NONE),
        ("Who did this to you?", "my boyfriend", Level.HIGH, Level.HIGH),
        ("Has he hit you?", "many times", Level.HIGH, Level.HIGH),
        ("谁摸了你？", "教练", Level.HIGH, Level.HIGH),
        ("Where are you right now?", "on the bridge", Level.HIGH, Level.HIGH),
        ("你现在在哪里？", "楼顶", Level.HIGH, Level.HIGH),
        ("你现在在哪里？", "家里", Level.NONE, Level.NONE),
        ("Where is he now?", "outside my door", Level.MODERATE, Level.IMMINENT),
        ("Have you ever tried to end your life?", "twice", Level.MODERATE, Level.MODERATE),
        ("以前自杀过吗？", "两次", Level.MODERATE, Level.MODERATE),
        ("要不要我帮你联系家人？", "不要", Level.NONE, Level.MODERATE),
    ],
)
def test_an_answer_is_read_by_its_question(
    question: str, answer: str, least: Level, most: Level, pipeline: Pipeline
) -> None:
    found = pipeline.assess(answer, asked(question))
    assert least.rank <= found.level.rank <= most.rank


def test_a_question_before_words_of_comfort_is_still_answered(pipeline: Pipeline) -> None:
    turns = [Turn("counselor", "你有自杀的想法吗？"), Turn("counselor", "慢慢说，我在这里。")]
    assert pipeline.assess("有", turns).level is Level.MODERATE


@pytest.mark.parametrize(
    ("question", "comfort", "answer"),
    [
        ("你已经吃药了吗？", "我在听，慢慢说", "吃了"),
        ("Have you taken anything?", "Take your time", "yes"),
    ],
)
def test_a_silence_and_words_of_comfort_leave_the_question_open(
    question: str, comfort: str, answer: str, pipeline: Pipeline
) -> None:
    silence = [*asked(question), Turn("help_seeker", "……"), Turn("counselor", comfort)]
    assert pipeline.assess(answer, silence).level is Level.IMMINENT
    again = [*silence, Turn("help_seeker", "..."), Turn("counselor", comfort)]
    assert pipeline.assess(answer, again).level is Level.IMMINENT
    said = [*asked(question), Turn("help_seeker", "no"), Turn("counselor", comfort)]
    assert pipeline.assess("嗯", said).level is Level.NONE, "that question was answered"
    other = [*asked(question), Turn("help_seeker", "……"), Turn("counselor", "你有自杀的想法吗？")]
    assert pipeline.assess("嗯", other).level is Level.MODERATE, "the newer question is the one"


@pytest.mark.parametrize(
    ("question", "evasion", "comfort", "answer"),
    [
        ("Have you taken anything?", "my head hurts", "I'm here with you.", "yes i took them"),
        ("你吃药了吗？", "我头好晕", "我在听你说。", "吃了"),
    ],
)
def test_an_evaded_question_stays_open_through_words_of_comfort(
    question: str, evasion: str, comfort: str, answer: str, pipeline: Pipeline
) -> None:
    turns = [*asked(question), Turn("help_seeker", evasion), Turn("counselor", comfort)]
    assert pipeline.assess(answer, turns).level is Level.IMMINENT
    assert pipeline.assess("嗯", turns).level.queue_rank < Level.HIGH.rank, "a hum answers the comfort"


@pytest.mark.parametrize(
    ("plan", "question", "answer"),
    [("我有自杀的计划", "会是今天吗？", "今天不会"), ("i have a plan", "Is that for today?", "not today")],
)
def test_a_time_that_is_denied_is_none(plan: str, question: str, answer: str, pipeline: Pipeline) -> None:
    found = pipeline.assess(answer, [Turn("help_seeker", plan), Turn("counselor", question)])
    assert found.level.rank <= Level.HIGH.rank


def test_a_question_of_two_words_asks_of_the_sentence_before_it(pipeline: Pipeline) -> None:
    assert (
        pipeline.assess("my uncle", asked("You said someone hurts you. Who is it?")).level.rank
        >= Level.HIGH.rank
    )
    assert pipeline.assess("my uncle", asked("Somebody drives you home. Who is it?")).level is Level.NONE


@pytest.mark.parametrize("answer", ["唔", "唔。", "唔唔"])
def test_a_cantonese_hum_is_no_denial(answer: str, pipeline: Pipeline) -> None:
    """It was read as "不": having swallowed something was nothing, and being safe was imminent."""
    assert pipeline.assess(answer, asked("你已经吃药了吗？")).level is Level.IMMINENT
    assert pipeline.assess(answer, asked("你能保证今晚安全吗？")).level is Level.NONE
    assert pipeline.assess("唔系", asked("你已经吃药了吗？")).level is Level.NONE


@pytest.mark.parametrize("answer", ["要看情况", "看情况吧", "it depends", "depends on the night"])
def test_it_depends_is_no_promise(answer: str, pipeline: Pipeline) -> None:
    assert pipeline.assess(answer, asked("你能保证今晚安全吗？")).level is Level.HIGH


def test_what_was_answered_earlier_composes_with_the_answer_now(pipeline: Pipeline) -> None:
    turns = [
        Turn("counselor", "你打算去做吗？"),
        Turn("help_seeker", "嗯"),
        Turn("counselor", "药在手边吗？"),
    ]
    found = pipeline.assess("在", turns)
    assert found.level is Level.IMMINENT
    assert all(0 <= each.start < each.end <= 1 for each in found.evidence)
    assert any("药物" in each.why_zh for each in found.evidence)


QUESTIONS = [question.raw["examples"][language] for question in questions() for language in ("zh", "en")]
DENIALS = ["没有", "不会", "no", "not anymore", "no not really", "应该不会", "以前有", "没"]
OPENINGS = ["我不想活了", "i want to die", "今天好累", "我手里拿着刀", "i wrote a goodbye letter", "他打我"]


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from(OPENINGS),
    st.lists(st.tuples(st.sampled_from(QUESTIONS), st.sampled_from(DENIALS)), max_size=4),
)
def test_no_denial_lowers_a_conversation(opening: str, exchanges: list[tuple[str, str]]) -> None:
    pipeline = load()
    state = fold(ConversationState(), pipeline.assess(opening))
    history = [Turn("help_seeker", opening)]
    for question, answer in exchanges:
        history.append(Turn("counselor", question))
        after = fold(state, pipeline.assess(answer, history))
        assert after.peak.rank >= state.peak.rank
        assert after.level.queue_rank >= state.level.queue_rank
        assert set(state.tags) <= set(after.tags)
        history.append(Turn("help_seeker", answer))
        state = after


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(QUESTIONS), st.text(max_size=30))
def test_any_answer_gets_an_assessment_with_evidence_inside_it(question: str, answer: str) -> None:
    found = load().assess(answer, asked(question))
    assert all(0 <= each.start < each.end <= len(answer) for each in found.evidence)


@pytest.mark.parametrize(
    "question",
    [
        "你现在安全吗？",
        "你能告诉我你现在安全吗？",
        "我知道你可能不方便大声说话，你现在安全吗？",
        "如果你不能打电话就在这里打字告诉我，你现在安全吗？",
    ],
)
def test_who_is_not_safe_is_threatened_however_gently_it_was_asked(question: str, pipeline: Pipeline) -> None:
    given = pipeline.assess("不", [Turn("counselor", question)])
    assert {item.frame for item in given.evidence} == {"threatened_life"}


def test_who_cannot_keep_themselves_safe_is_not_called_threatened(pipeline: Pipeline) -> None:
    given = pipeline.assess("不能", [Turn("counselor", "今晚安全吗？能保证不伤害自己吗？")])
    assert given.level is Level.IMMINENT
    given = pipeline.assess("不能", [Turn("counselor", "今晚能保证自己安全吗？")])
    assert "threatened_life" not in {item.frame for item in given.evidence}


@pytest.mark.parametrize(
    ("said", "question", "then"),
    [
        ("i have the tablets here", "Which shop is nearest to you?", "ok"),
        ("i want to die tonight", "Which town do you live in?", "leeds"),
        ("药在我手上，今晚都吃下去", "你住在哪个区？", "甘井子"),
    ],
)
def test_an_answer_of_no_weight_raises_nothing_again(
    said: str, question: str, then: str, pipeline: Pipeline
) -> None:
    assert pipeline.assess(said).level.rank >= Level.HIGH.rank
    given = pipeline.assess(then, [Turn("help_seeker", said), Turn("counselor", question)])
    assert given.level.rank <= Level.LOW.rank
