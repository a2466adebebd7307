"""Is it sound?

A check looks at content and says what it found: values with a span, a severity and a remedy,
never an exception. One file in `library` is one check; `run` is all a caller needs.
"""

from trustwright.checks.model import (
    Compared,
    Evidence,
    Example,
    Finding,
    Promise,
    Report,
    Severity,
    Source,
    Subject,
    Undecided,
)
from trustwright.checks.run import run
from trustwright.checks.shelf import Check, explain, shelf

__all__ = [
    "Check",
    "Compared",
    "Evidence",
    "Example",
    "Finding",
    "Promise",
    "Report",
    "Severity",
    "Source",
    "Subject",
    "Undecided",
    "explain",
    "run",
    "shelf",
]
