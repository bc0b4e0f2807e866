"""Whether what training reads ends where the GPUs are, and what fills the copy beside them where that is."""

from __future__ import annotations

from collections.abc import Sequence

from vidcost_xl.errors import BadArgumentError
from vidcost_xl.model.blocks.reading import FILL_WAY, TRAIN_WAY, way_of
from vidcost_xl.model.placing import GPU_REGION, place_of_region
from vidcost_xl.model.plan import Plan
from vidcost_xl.prices.book import price_book
from vidcost_xl.prices.located import split_place


def check_ends(plan: Plan, read: Sequence[int]) -> None:
    """Check that the routes of what is read end where the GPUs are, and those that fill the copy where that is.

    A route that leads out of its provider ends wherever the GPUs are.

    Raises
    ------
    BadArgumentError
        Names both inputs: reading between the two places would be free of charge here.
    """
    gpus = (GPU_REGION, place_of_region(plan.text(GPU_REGION))) if plan.text(GPU_REGION) else None
    for n in read:
        key, end = _end(plan, n, TRAIN_WAY)
        if end and gpus and end != gpus[1]:
            raise _apart(plan, key, end, f"the GPUs are in {gpus[1]} ({gpus[0]})")
        gpus = gpus or ((key, end) if end else None)
    if not plan.is_on("staging.on"):
        return
    copy = price_book().place_of(plan.text("staging.class"))
    where = f"the copy is in {copy} (staging.class is {plan.text('staging.class')})"
    for key, end in [_end(plan, n, FILL_WAY) for n in read] + ([gpus] if gpus and read else []):
        if end and end != copy and split_place(end)[0] == split_place(copy)[0]:
            raise _apart(plan, key, end, where)


def _end(plan: Plan, n: int, key: str) -> tuple[str, str | None]:
    own, route = way_of(plan, n, key)
    return own, price_book().end_of(price_book().route("egress", route))


def _apart(plan: Plan, key: str, end: str, where: str) -> BadArgumentError:
    said = f"{key} {plan.text(key)!r} {'is' if key == GPU_REGION else 'ends in'} {end}"
    return BadArgumentError(f"{said}, and {where}: moving between the two is not priced. Change both together.")
