"""Answers that take seconds, kept for the next call with the same plan, price book and question."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Final, TypeVar

from vidcost_xl.model.plan import Plan
from vidcost_xl.prices.book import price_book

Answer = TypeVar("Answer")

#: Answers kept: a sheet asks a handful of questions of a handful of plans.
KEPT: Final = 16

_ANSWERS: OrderedDict[str, Any] = OrderedDict()


def remembered(make: Callable[[], Answer], plan: Plan, *asked: object) -> Answer:
    """The answer to a question about a plan, made where it is not known.

    Parameters
    ----------
    asked : object
        What it depends on besides the plan and the price book; told apart by `repr`.
    """
    key = repr((price_book().digest, plan, *asked))
    if key in _ANSWERS:
        _ANSWERS.move_to_end(key)
    else:
        _ANSWERS[key] = make()
        while len(_ANSWERS) > KEPT:
            _ANSWERS.popitem(last=False)
    answer: Answer = _ANSWERS[key]
    return answer


def forget() -> None:
    """Keep no answer."""
    _ANSWERS.clear()
