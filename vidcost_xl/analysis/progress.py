"""What long work says it is doing, to whoever listens: a command on a screen; nobody in a cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar


def _nobody(text: str) -> None:
    """Listen to nothing."""


_LISTENER: ContextVar[Callable[[str], None]] = ContextVar("listener", default=_nobody)


def tell(text: str) -> None:
    """Say what is being worked out now."""
    _LISTENER.get()(text)


@contextmanager
def told_to(listener: Callable[[str], None]) -> Iterator[None]:
    """While it lasts, `listener` hears what is told."""
    token = _LISTENER.set(listener)
    try:
        yield
    finally:
        _LISTENER.reset(token)
