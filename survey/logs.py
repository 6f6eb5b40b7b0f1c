"""How the service writes what happened to it."""

from __future__ import annotations

import sys

import structlog


def configure_logging() -> None:
    """JSON lines on standard error, without addresses of people."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
