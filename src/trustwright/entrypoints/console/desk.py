"""The desk of the console: the queue, a case and what a person does with it."""

from fastapi import FastAPI

from trustwright.app import App


def mount(web: FastAPI, app: App) -> None:
    """Put the queue, the cases and the duties on the web."""
