"""What does it look like at work? An invented company, real AI output, and one case for the reader."""

from trustwright.demo.result import Result
from trustwright.demo.run import run

__all__ = ["Result", "run"]
