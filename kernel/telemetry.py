"""Logs, traces and metrics: events with fields, none of them personal."""

import logging
from collections.abc import Sequence
from pathlib import Path

import structlog
from fastapi.telemetry import TelemetryConfig
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.propagate import extract, inject
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Tracer
from prometheus_client import Counter, Histogram

from kernel.settings import ServiceSettings

tracer: Tracer = trace.get_tracer("anyam")

# Without local variables: they hold tokens, and rows of persons.
TRACEBACKS = structlog.processors.ExceptionRenderer(
    structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
)

# FastAPI's own spans hold the path and the query, its logs the values that it refused: a NIK among
# them. What the edge writes is enough, and is not written twice.
FASTAPI_IS_SILENT: TelemetryConfig = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
}

REQUESTS = Counter(
    "http_requests_total", "Requests answered.", ["service", "method", "route", "status"]
)
REQUEST_SECONDS = Histogram(
    "http_request_seconds", "Time to answer.", ["service", "method", "route"]
)


class LinesExporter(SpanExporter):
    """Appends finished spans to a file, one JSON document a line."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("a", encoding="utf-8")

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Write the spans; never fails the traced work."""
        for span in spans:
            self._file.write(span.to_json(indent=None) + "\n")
        self._file.flush()
        return SpanExportResult.SUCCESS

    def shutdown(self) -> None:
        """Close the file."""
        self._file.close()


def configure(*, service: str, settings: ServiceSettings) -> None:
    """Begin to write logs and traces as the settings ask."""
    configure_logs(level=settings.log_level)
    configure_traces(service=service, trace_file=settings.trace_file)


def configure_logs(*, level: str) -> None:
    """Write every log as one JSON object a line on standard output."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            TRACEBACKS,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
    )
    logging.basicConfig(
        format='{"level":"%(levelname)s","logger":"%(name)s","event":"%(message)s"}',
        level=logging.WARNING,
    )


def configure_traces(*, service: str, trace_file: str) -> None:
    """Collect spans and append them to `trace_file`; without one, spans only carry ids."""
    provider = TracerProvider(resource=Resource.create({"service.name": service}))
    if trace_file:
        provider.add_span_processor(BatchSpanProcessor(LinesExporter(Path(trace_file))))
    trace.set_tracer_provider(provider)


def traceparent() -> str | None:
    """Return the current trace context as a W3C `traceparent`, if there is one."""
    carrier: dict[str, str] = {}
    inject(carrier)
    return carrier.get("traceparent")


def context_of(parent: str | None) -> Context | None:
    """Return the trace context that a `traceparent` names."""
    return extract({"traceparent": parent}) if parent else None
