"""Trustwright: the working system for trust in AI. Trust but verify, made routine."""

__version__ = "0.1.0"
