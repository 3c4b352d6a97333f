"""Counters for operators: routes, codes and times, never anything that a person said or is called."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

# Seconds. A healthy answer takes some milliseconds; above a second somebody notices.
_BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)

Gauges = Callable[[], Mapping[tuple[str, str], float]]


class _Event(Protocol):
    @property
    def noun(self) -> str: ...
    @property
    def what(self) -> str: ...
    @property
    def subject(self) -> str: ...


class _Committed(Protocol):
    @property
    def events(self) -> Iterable[_Event]: ...
    def after(self, noun: str, key: str) -> Any: ...


class Metrics:
    """One per server: tests start several in one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "hotline_http_requests",
            "Answers by route and status.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "hotline_http_seconds", "Time to answer.", ("route",), registry=self.registry, buckets=_BUCKETS
        )
        self._events = Counter(
            "hotline_events", "Committed events.", ("noun", "what"), registry=self.registry
        )
        self._triaged = Counter(
            "hotline_triage_messages",
            "Messages by level; a late answer counts once more, under its level.",
            ("level", "language", "channel"),
            registry=self.registry,
        )
        self._cues = Counter(
            "hotline_triage_cues", "Messages with a cue of the class.", ("cue",), registry=self.registry
        )
        self._triage_seconds = Histogram(
            "hotline_triage_seconds",
            "Time from asking triage to its answer.",
            registry=self.registry,
            buckets=_BUCKETS,
        )

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def hear(self, committed: _Committed) -> None:
        """A listener of the writer."""
        for event in committed.events:
            self._events.labels(event.noun, event.what).inc()
            if event.noun == "message":
                message = committed.after("message", event.subject)
                if message is not None and message.level is not None:
                    self._judged(message, committed.after("contact", message.contact_id))

    def _judged(self, message: Any, contact: Any) -> None:
        channel = contact.channel if contact is not None else "unknown"
        self._triaged.labels(message.level, message.lang or "unknown", channel).inc()
        for cue in {each["cue"] for each in message.evidence}:
            self._cues.labels(cue).inc()
        if message.triage_seconds is not None:
            self._triage_seconds.observe(message.triage_seconds)

    def watch(self, gauges: Gauges) -> None:
        """`gauges` is asked at each reading: (name, what it is) → value."""
        self.registry.register(_Now(gauges))

    def text(self) -> bytes:
        return generate_latest(self.registry)


class _Now:
    def __init__(self, gauges: Gauges) -> None:
        self._gauges = gauges

    def collect(self) -> Iterable[Metric]:
        for (name, words), value in self._gauges().items():
            yield GaugeMetricFamily(name, words, value=value)

    def describe(self) -> Iterable[Any]:
        return ()
