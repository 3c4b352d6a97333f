"""The simulated carrier by itself: it obeys scripts, and reports as the real one does."""

from datetime import UTC, datetime, timedelta

import pytest
from twilio.request_validator import RequestValidator

from hotline.telephony.carrier import CallStatus
from hotline.telephony.simulated_line import ScriptError, parse_script
from hotline.telephony.simulated_post import Faults, Webhook
from hotline.telephony.simulator import Numbers, SimulatedCarrier

BASE = "https://h.example"
TOKEN = "token"


class Service:
    """Answers webhooks by address; the time moves by what is due."""

    def __init__(self, scripts: dict[str, str], faults: Faults | None = None, seed: int = 1) -> None:
        numbers = Numbers(
            "+861012356000", f"{BASE}/voice", f"{BASE}/status", f"{BASE}/messages", f"{BASE}/fallback"
        )
        self.carrier = SimulatedCarrier(
            account_sid="AC1", auth_token=TOKEN, numbers=numbers, faults=faults, seed=seed
        )
        self.scripts = scripts
        self.now = datetime(2026, 3, 2, tzinfo=UTC)
        self.got: list[tuple[str, dict[str, str]]] = []

    def run(self, seconds: float = 0) -> None:
        until = self.now + timedelta(seconds=seconds)
        while True:
            for webhook in self.carrier.due(self.now):
                self._answer(webhook)
            if (at := self.carrier.next_at()) is None or at > until:
                break
            self.now = max(self.now, at)
        self.now = until

    def _answer(self, webhook: Webhook) -> None:
        path = webhook.address.removeprefix(BASE)
        self.got.append((path, webhook.form))
        assert RequestValidator(TOKEN).validate(
            webhook.address, webhook.form, webhook.headers["X-Twilio-Signature"]
        )
        answer = self.scripts.get(path)
        if answer is None:
            self.carrier.answered(webhook.number, 204, "", self.now)
        else:
            body = "" if answer == "500" else f"<Response>{answer}</Response>"
            self.carrier.answered(webhook.number, 500 if answer == "500" else 200, body, self.now)

    def paths(self) -> list[str]:
        return [path for path, _ in self.got]

    def reports(self, path: str, field: str) -> list[str]:
        return [form.get(field, "") for got, form in self.got if got == path]


def test_a_call_is_greeted_and_ends_with_its_script() -> None:
    service = Service({"/voice": '<Say>Hello there.</Say><Pause length="2"/>'})
    sid = service.carrier.call_in("+8613912341234", service.now)
    service.run(1)
    assert service.carrier.lines[sid].status is CallStatus.IN_PROGRESS
    service.run(5)
    assert service.carrier.lines[sid].heard == ["Hello there."]
    assert service.reports("/status", "CallStatus") == ["completed"]


def test_the_queue_asks_again_and_tells_the_place() -> None:
    enqueue = f'<Enqueue waitUrl="{BASE}/wait" action="{BASE}/left">q</Enqueue>'
    service = Service({"/voice": enqueue, "/wait": '<Pause length="10"/>'})
    service.carrier.call_in("+8613912341234", service.now)
    second = service.carrier.call_in("+8613912341235", service.now)
    service.run(25)
    assert service.reports("/wait", "QueuePosition") == ["1", "2", "1", "2", "1", "2"]
    service.carrier.hang_up(second, service.now)
    service.run(1)
    assert service.reports("/left", "QueueResult") == ["hangup"]
    assert service.reports("/status", "CallSid") == [second]


def test_two_lines_meet_in_a_room_and_the_callers_going_ends_it() -> None:
    room = (
        f'<Dial action="{BASE}/left"><Conference endConferenceOnExit="{{}}" statusCallback="{BASE}/events">r'
        "</Conference></Dial>"
    )
    service = Service(
        {"/voice": room.format("true"), "/leg": room.format("false").replace(f' action="{BASE}/left"', "")}
    )
    caller = service.carrier.call_in("+8613912341234", service.now)
    leg = service.carrier.ring(
        "stf_1", f"{BASE}/leg", f"{BASE}/leg-status", timedelta(seconds=20), service.now
    )
    service.run(3)
    assert service.reports("/events", "StatusCallbackEvent") == [
        "participant-join", "conference-start", "participant-join",
    ]  # fmt: skip
    service.carrier.hang_up(caller, service.now)
    service.run(1)
    assert leg.is_over
    assert service.reports("/leg-status", "CallStatus") == ["completed"]


def test_the_counselors_going_leaves_the_caller_on_the_line() -> None:
    service = Service({
        "/voice": f'<Dial action="{BASE}/left"><Conference endConferenceOnExit="true">r</Conference></Dial>',
        "/leg": '<Dial><Conference endConferenceOnExit="true">r</Conference></Dial>',
        "/left": '<Pause length="60"/>',
    })  # fmt: skip
    caller = service.carrier.call_in("+8613912341234", service.now)
    leg = service.carrier.ring("stf_1", f"{BASE}/leg", "", timedelta(seconds=20), service.now)
    service.run(3)
    service.carrier.end(leg, CallStatus.COMPLETED, service.now)
    service.run(1)
    assert "/left" in service.paths()
    assert not service.carrier.lines[caller].is_over


def test_a_phone_that_nobody_answers() -> None:
    service = Service({})
    service.carrier.never_answers.add("stf_1")
    service.carrier.ring("stf_1", f"{BASE}/leg", f"{BASE}/leg-status", timedelta(seconds=20), service.now)
    service.run(30)
    assert service.reports("/leg-status", "CallStatus") == ["no-answer"]
    assert "/leg" not in service.paths()


def test_what_is_said_is_written_down_in_order() -> None:
    start = f'<Start><Transcription statusCallbackUrl="{BASE}/transcription" languageCode="en-US"/></Start>'
    service = Service({"/voice": start + '<Pause length="60"/>'})
    sid = service.carrier.call_in("+447700900123", service.now)
    assert not service.carrier.speak(sid, "nobody writes this down yet", service.now)
    service.run(1)
    assert service.carrier.speak(sid, "I cannot sleep", service.now)
    service.run(1)
    assert service.reports("/transcription", "TranscriptionEvent") == [
        "transcription-started",
        "transcription-content",
    ]
    assert service.reports("/transcription", "SequenceId") == ["1", "2"]
    assert '"transcript": "I cannot sleep"' in service.reports("/transcription", "TranscriptionData")[1]


def test_a_broken_answer_leads_to_the_fallback_once() -> None:
    service = Service({"/voice": "500", "/fallback": "<Say>One moment.</Say>"})
    sid = service.carrier.call_in("+8613912341234", service.now)
    service.run(5)
    assert service.paths()[:2] == ["/voice", "/fallback"]
    assert service.carrier.lines[sid].heard == ["One moment."]
    broken = Service({"/voice": "<Sing/>", "/fallback": "500"})
    sid = broken.carrier.call_in("+8613912341234", broken.now)
    broken.run(5)
    assert broken.carrier.lines[sid].status is CallStatus.FAILED
    assert broken.carrier.problems == ["Sing in Response", f"{BASE}/fallback answered 500"]


@pytest.mark.parametrize(
    "document",
    ["", "<Say/>", "<Response><Sing/></Response>", "<Response><Dial><Say/></Dial></Response>", "<Response>"],
)
def test_scripts_that_the_carrier_would_refuse(document: str) -> None:
    with pytest.raises(ScriptError):
        parse_script(document)


def test_faults_are_the_same_for_the_same_seed() -> None:
    def played(seed: int) -> list[str]:
        faults = Faults(twice=0.5, late=0.5, lost=0.3)
        service = Service({"/voice": '<Pause length="1"/>'}, faults, seed)
        for number in range(20):
            service.carrier.call_in(f"+8613912341{number:03}", service.now)
            service.run(1)
        service.run(30)
        return service.paths()

    assert played(1) == played(1)
    assert played(1) != played(2)
    assert played(1).count("/voice") > 20  # asked for scripts come twice, but are never lost
    assert 0 < played(1).count("/status") < 40


def test_a_text_comes_in_and_goes_out() -> None:
    service = Service({"/messages": ""})
    service.carrier.text_in("+447700900123", "hello", service.now)
    service.carrier.send_text("+447700900123", "hello to you", f"{BASE}/texts", service.now)
    service.run(1)
    assert service.reports("/messages", "Body") == ["hello"]
    assert service.reports("/texts", "MessageStatus") == ["sent", "delivered"]
