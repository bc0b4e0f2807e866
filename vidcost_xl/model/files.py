"""Plans as files and tables: presets, TOML, YAML, and headed tables with a key and a value column."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from vidcost_xl.errors import BadArgumentError, unknown_name
from vidcost_xl.model.catalogue import PRESETS, REPRESENTATION, catalogue, data_text, spec_key
from vidcost_xl.model.plan import MONTH_MARK, Plan, make_plan, refuse_repeats
from vidcost_xl.model.rate_keys import RATE_PREFIX
from vidcost_xl.model.typed import as_typed
from vidcost_xl.model.values import Value

HEADER: Final = ("key", "value", "unit", "low", "high", "label")

#: The key of a file that names the preset from which it takes what it leaves out.
BASE: Final = "base"

#: What an entry of the list `month` says.
MONTH_KEYS: Final = ("key", "month", "value")

#: The table of a file with the accounts of single lines.
LINE_ACCOUNT: Final = "line_account"

#: What a file without a base is told that leaves inputs out.
_NO_BASE: Final = f'Write {BASE} = "{PRESETS[0]}" above the tables, and what the file leaves out is the preset\'s.'

#: How the name of a plan file ends.
SUFFIXES: Final = (".toml", ".yaml", ".yml")


@cache
def preset(name: str) -> Plan:
    """A plan shipped with the product.

    Parameters
    ----------
    name : str
        "article" or "complete".

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
    if path.suffix.casefold() not in SUFFIXES:
        raise BadArgumentError(f"{path.name} is not a plan; its name ends in one of {', '.join(SUFFIXES)}.")
    return plan_from_mapping(_parsed(text, path))


def _parsed(text: str, path: Path) -> Mapping[str, Any]:
    if path.suffix.casefold() == ".toml":
        try:
            return tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise BadArgumentError(f"{path.name}: {error}.") from None
    import yaml

    from vidcost_xl.model.plain_yaml import load

    try:
        loaded = load(text)
    except yaml.YAMLError as error:
        raise BadArgumentError(f"{path.name}{_said(error)}.") from None
    if not isinstance(loaded, dict):
        raise BadArgumentError(f"{path.name} holds no inputs.")
    return loaded


def _said(error: Exception) -> str:
    # Where the parser stopped and why, without its drawing of the line.
    mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None)
    place = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
    return f"{place}: {problem or ' '.join(str(error).split())}"


def plan_from_mapping(tree: Mapping[str, Any]) -> Plan:
    """A plan from the tree of a file.

    Parameters
    ----------
    tree : mapping
        Tables of inputs, the list `representation`, and optionally `base` (the preset that says what the file leaves
        out), `month` (entries with key, month, value), `rate` (meter to price), `range` (key to low and high) and
        `line_account` (line to GL account and cost centre).

    Raises
    ------
    BadArgumentError
        Also for a file that leaves inputs out and names no base.
    """
    tree = dict(tree)
    base = _base(tree.pop(BASE, None))
    pairs: list[tuple[str, object]] = []
    ranges: dict[str, tuple[float, float]] = {}
    accounts: dict[str, tuple[str, str]] = {}
    for group, content in tree.items():
        if group == REPRESENTATION:
            entries = content if isinstance(content, list) else [content]
            for n, entry in enumerate(entries, start=1):
                pairs += [(f"{REPRESENTATION}.{n}.{key}", value) for key, value in _table(group, entry).items()]
        elif group == "month":
            for entry in content if isinstance(content, list) else [content]:
                absent = [key for key in MONTH_KEYS if key not in _table(group, entry)]
                if absent:
                    raise BadArgumentError(f"an entry of month needs {', '.join(MONTH_KEYS)}; {absent[0]} is missing.")
                pairs.append((f"{entry['key']}{MONTH_MARK}{entry['month']}", entry["value"]))
        elif group == "rate":
            pairs += [(RATE_PREFIX + meter, value) for meter, value in _table(group, content).items()]
        elif group == "range":
            for key, pair in _table(group, content).items():
                low, high = pair if isinstance(pair, list) and len(pair) == len(("low", "high")) else (pair, None)
                ranges[key] = _range(key, low, high) or (0.0, 0.0)
        elif group == LINE_ACCOUNT:
            accounts = {line: _account(line, pair) for line, pair in _table(group, content).items()}
        elif isinstance(content, Mapping):
            pairs += [(f"{group}.{key}", value) for key, value in content.items()]
        else:
            raise BadArgumentError(f"{group} stands outside a table; write it as [group] and key = value.")
    return replace(_on(base, [(key, as_typed(key, value)) for key, value in pairs], ranges), accounts=accounts)


def _on(base: Plan | None, pairs: list[tuple[str, object]], ranges: dict[str, tuple[float, float]]) -> Plan:
    if base is None:
        return make_plan(pairs, ranges, _NO_BASE)
    refuse_repeats([key for key, _ in pairs])
    return make_plan((dict(base.values) | dict(pairs)).items(), {**base.ranges, **ranges})


def _base(name: object) -> Plan | None:
    if name is None or isinstance(name, str):
        return None if name is None else preset(name)
    raise BadArgumentError(f'{BASE} is the name of a preset, such as {BASE} = "{PRESETS[0]}", not {name!r}.')


def _account(line: str, pair: object) -> tuple[str, str]:
    texts = pair if isinstance(pair, list) else [pair, ""]
    if len(texts) != len(("account", "cost centre")) or not all(isinstance(text, str) for text in texts):
        raise BadArgumentError(
            f'{LINE_ACCOUNT}: {line} is a GL account and a cost centre, such as ["6110", "video"], not {pair!r}.'
        )
    return str(texts[0]).strip(), str(texts[1]).strip()


def _table(group: str, content: object) -> Mapping[str, Any]:
    if not isinstance(content, Mapping):
        raise BadArgumentError(f"{group} holds tables of key and value, not {content!r}.")
    return content


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
    if plan.accounts:
        tree[LINE_ACCOUNT] = {line: list(pair) for line, pair in plan.accounts.items()}
    return tree


def plan_to_text(plan: Plan, form: str = "toml") -> str:
    """A plan as the text of a file; every input of TOML has its label and unit beside it.

    Parameters
    ----------
    form : {"toml", "yaml"}
    """
    tree = plan_to_mapping(plan)
    if form == "yaml":
        import yaml

        return str(yaml.safe_dump(tree, sort_keys=False, allow_unicode=True))
    import tomli_w

    return "".join(_explained(tomli_w.dumps(tree)))


def _explained(text: str) -> Iterator[str]:
    group = ""
    for line in text.splitlines(keepends=True):
        if line.startswith("["):
            group = line.strip("[]\n").replace(REPRESENTATION, f"{REPRESENTATION}.*")
        spec = catalogue().get(f"{group}.{line.partition(' = ')[0]}")
        yield line if spec is None else f"{line.rstrip()}  # {spec.label}, {spec.unit}\n"


def plan_to_table(plan: Plan) -> list[list[Any]]:
    """A plan as a headed table: key, value, unit, low, high, label.

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
        With key and value, and optionally unit, low and high; other columns are not read.
    """
    pairs: list[tuple[str, object]] = []
    ranges: dict[str, tuple[float, float]] = {}
    for line in lines:
        key = line["key"]
        if not isinstance(key, str):
            raise BadArgumentError(f"row {line.get('row', '?')}: the key is a text, not {key!r}.")
        pairs.append((key.strip(), line["value"]))
        spec = catalogue().get(spec_key(key.strip()))
        unit = line.get("unit")
        if spec is not None and spec.is_numeric and unit not in {None, "", spec.unit}:  # what a choice allows may grow
            raise BadArgumentError(f"{key} is in {spec.unit}, not in {unit!r}: convert the value and restore the unit.")
        pair = _range(key, line.get("low"), line.get("high"))
        if pair and spec is not None and pair != (spec.low, spec.high):
            ranges[key.strip()] = pair
    return make_plan(pairs, ranges)


def _range(key: str, low: object, high: object) -> tuple[float, float] | None:
    given = [value for value in (low, high) if value not in {None, ""}]
    if not given:
        return None
    numbers = [float(value) for value in given if isinstance(value, (int, float)) and not isinstance(value, bool)]
    if len(numbers) != len((low, high)):
        raise BadArgumentError(f"{key}: low and high are two numbers, not {low!r} and {high!r}.")
    if numbers[0] > numbers[1]:
        raise BadArgumentError(f"{key}: low {numbers[0]:g} is above high {numbers[1]:g}.")
    return numbers[0], numbers[1]


def _plain(key: str, value: Value) -> Any:
    if value is None:
        return ""
    spec = catalogue()[spec_key(key)]
    return int(value) if spec.kind == "integer" and isinstance(value, float) else value
