"""Plans as files and tables: presets, TOML, YAML, and headed tables with a key and a value column."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from vidcost_xl.errors import BadArgumentError, unknown_name
from vidcost_xl.model.catalogue import PRESETS, REPRESENTATION, catalogue, data_text, spec_key
from vidcost_xl.model.plan import MONTH_MARK, RATE_PREFIX, Plan, Value, make_plan

HEADER: Final = ("key", "value", "unit", "low", "high", "label")

_SUFFIXES: Final = (".toml", ".yaml", ".yml")


@cache
def preset(name: str) -> Plan:
    """A plan shipped with the product.

    Parameters
    ----------
    name : str
        "article" or "complete".

    Returns
    -------
    Plan

    Raises
    ------
    BadArgumentError
        Names the presets.
    """
    wanted = name.strip().casefold()
    if wanted not in PRESETS:
        raise BadArgumentError(unknown_name("preset", name, PRESETS))
    return plan_from_mapping(tomllib.loads(data_text(f"{wanted}.toml")))


def read_plan(path: Path) -> Plan:
    """Read a plan from a TOML or YAML file.

    Parameters
    ----------
    path : Path

    Returns
    -------
    Plan

    Raises
    ------
    BadArgumentError
        For a file that cannot be read or is neither, naming the file and the line where there is one.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadArgumentError(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise BadArgumentError(f"{path.name} is not a text file in UTF-8.") from None
    if path.suffix.casefold() not in _SUFFIXES:
        raise BadArgumentError(f"{path.name} is not a plan; its name ends in one of {', '.join(_SUFFIXES)}.")
    return plan_from_mapping(_parsed(text, path))


def _parsed(text: str, path: Path) -> Mapping[str, Any]:
    if path.suffix.casefold() == ".toml":
        try:
            return tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise BadArgumentError(f"{path.name}: {error}.") from None
    import yaml

    try:
        loaded = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise BadArgumentError(f"{path.name}: {' '.join(str(error).split())}.") from None
    if not isinstance(loaded, dict):
        raise BadArgumentError(f"{path.name} holds no inputs.")
    return loaded


def plan_from_mapping(tree: Mapping[str, Any]) -> Plan:
    """A plan from the tree of a file.

    Parameters
    ----------
    tree : mapping
        Tables of inputs, the list `representation`, and optionally `month` (entries with key,
        month, value), `rate` (meter to price) and `range` (key to low and high).

    Returns
    -------
    Plan
    """
    pairs: list[tuple[str, object]] = []
    ranges: dict[str, tuple[float, float]] = {}
    for group, content in tree.items():
        if group == REPRESENTATION:
            entries = content if isinstance(content, list) else [content]
            pairs += [
                (f"{REPRESENTATION}.{n}.{key}", value)
                for n, entry in enumerate(entries, start=1)
                for key, value in entry.items()
            ]
        elif group == "month":
            pairs += [(f"{entry['key']}{MONTH_MARK}{entry['month']}", entry["value"]) for entry in content]
        elif group == "rate":
            pairs += [(RATE_PREFIX + meter, value) for meter, value in content.items()]
        elif group == "range":
            ranges |= {key: (float(low), float(high)) for key, (low, high) in content.items()}
        elif isinstance(content, Mapping):
            pairs += [(f"{group}.{key}", value) for key, value in content.items()]
        else:
            raise BadArgumentError(f"{group} stands outside a table; write it as [group] and key = value.")
    return make_plan(pairs, ranges)


def plan_to_mapping(plan: Plan) -> dict[str, Any]:
    """The tree that `plan_from_mapping` reads back as an equal plan."""
    tree: dict[str, Any] = {}
    entries: list[dict[str, Any]] = [{} for _ in range(plan.representations)]
    for key, value in plan.values.items():
        group, _, rest = key.partition(".")
        plain = _plain(key, value)
        if group == REPRESENTATION:
            number, _, name = rest.partition(".")
            entries[int(number) - 1][name] = plain
        else:
            tree.setdefault(group, {})[rest] = plain
    tree[REPRESENTATION] = entries
    labels = plan.calendar.labels
    if plan.monthly:
        tree["month"] = [{"key": key, "month": labels[at], "value": value} for (key, at), value in plan.monthly.items()]
    if plan.rates:
        tree["rate"] = dict(plan.rates)
    if plan.ranges:
        tree["range"] = {key: list(pair) for key, pair in plan.ranges.items()}
    return tree


def plan_to_text(plan: Plan, form: str = "toml") -> str:
    """A plan as the text of a file.

    Parameters
    ----------
    plan : Plan
    form : {"toml", "yaml"}

    Returns
    -------
    str
    """
    tree = plan_to_mapping(plan)
    if form == "yaml":
        import yaml

        return str(yaml.safe_dump(tree, sort_keys=False, allow_unicode=True))
    import tomli_w

    return tomli_w.dumps(tree)


def plan_to_table(plan: Plan) -> list[list[Any]]:
    """A plan as a headed table: key, value, unit, low, high, label.

    Parameters
    ----------
    plan : Plan

    Returns
    -------
    list of rows
        Monthly overrides and private rates follow the inputs. Dates are ISO text.
    """
    rows: list[list[Any]] = [list(HEADER)]
    for key, value in plan.values.items():
        spec = catalogue()[spec_key(key)]
        low, high = plan.range_of(key) or ("", "")
        shown = value.isoformat() if isinstance(value, date) else "" if value is None else value
        rows.append([key, shown, spec.unit, low, high, spec.label])
    rows += [
        [RATE_PREFIX + meter, rate, "per billing unit", "", "", "Private rate"] for meter, rate in plan.rates.items()
    ]
    labels = plan.calendar.labels
    rows += [
        [f"{key}{MONTH_MARK}{labels[at]}", value, "", "", "", "One month"] for (key, at), value in plan.monthly.items()
    ]
    return rows


def plan_from_table(lines: Iterable[Mapping[str, Any]]) -> Plan:
    """A plan from the lines of a headed table.

    Parameters
    ----------
    lines : iterable of mapping
        With key and value, and optionally low and high; other columns are not read.

    Returns
    -------
    Plan
    """
    pairs: list[tuple[str, object]] = []
    ranges: dict[str, tuple[float, float]] = {}
    for line in lines:
        key = line["key"]
        if not isinstance(key, str):
            raise BadArgumentError(f"row {line.get('row', '?')}: the key is a text, not {key!r}.")
        pairs.append((key.strip(), line["value"]))
        low, high = line.get("low"), line.get("high")
        spec = catalogue().get(spec_key(key.strip()))
        if isinstance(low, (int, float)) and isinstance(high, (int, float)) and spec is not None:
            if low > high:
                raise BadArgumentError(f"{key}: low {low:g} is above high {high:g}.")
            if (low, high) != (spec.low, spec.high):
                ranges[key.strip()] = (float(low), float(high))
        elif (low is not None and not isinstance(low, (int, float))) or (
            high is not None and not isinstance(high, (int, float))
        ):
            raise BadArgumentError(f"{key}: low and high are numbers, not {low!r} and {high!r}.")
    return make_plan(pairs, ranges)


def _plain(key: str, value: Value) -> Any:
    if value is None:
        return ""
    spec = catalogue()[spec_key(key)]
    return int(value) if spec.kind == "integer" and isinstance(value, float) else value
