"""Which rows of a bill count: `column=value`, `column!=value`, `tag:key=value`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from vidcost_xl.bills.fields import first
from vidcost_xl.bills.forms import TAGS, TEXTS
from vidcost_xl.bills.sources import Part, quoted
from vidcost_xl.errors import BadArgumentError, unknown_name

_TAG: Final = "tag:"

#: How exports name the column of a tag, before its key.
_TAG_COLUMNS: Final = ("resourcetags/user:", "resourcetags/aws:", "resource_tags_user_", "tags/")


def condition(where: Sequence[str], part: Part, found: Mapping[str, Sequence[int]]) -> str:
    """The conditions on a file as SQL; a value is compared in any case, and `*` stands for any text.

    Raises
    ------
    BadArgumentError
        For a condition of another form, or on a column that the file does not have.
    """
    return " AND ".join(_one(each, part, found) for each in where) or "TRUE"


def _one(text: str, part: Part, found: Mapping[str, Sequence[int]]) -> str:
    name, mark, values = text.partition("=")
    if not mark or not name.strip("! "):
        raise BadArgumentError(f"--where {text!r} is not of the form account=1234, service!=NAME or tag:KEY=VALUE.")
    negated = name.endswith("!")
    column = _column(name.rstrip("!").strip(), part, found)
    tests = []
    # A name may hold a comma: the whole text is a value, too.
    for value in dict.fromkeys([values.strip(), *(each.strip() for each in values.split(","))]):
        if "*" in value:
            escaped = value.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_").replace("*", "%")
            tests.append(f"coalesce({column}, '') ILIKE {quoted(escaped)} ESCAPE '\\'")
        else:
            tests.append(f"lower(coalesce({column}, '')) = lower({quoted(value)})")
    any_of = f"({' OR '.join(tests)})"
    return f"NOT {any_of}" if negated else any_of


def _column(name: str, part: Part, found: Mapping[str, Sequence[int]]) -> str:
    header = {each.strip().casefold(): at for at, each in enumerate(part.header)}
    if name.casefold().startswith(_TAG):
        return _tag(name[len(_TAG) :], header, part, found)
    places = [header[name.casefold()]] if name.casefold() in header else list(found.get(name.casefold(), []))
    if not places:
        allowed = [*(each for each in TEXTS if each in found), *(each.strip() for each in part.header)]
        raise BadArgumentError(f"--where, {part.name}: {unknown_name('column', name, allowed)}")
    return first(part, places)


def _tag(key: str, header: Mapping[str, int], part: Part, found: Mapping[str, Sequence[int]]) -> str:
    at = next(
        (header[f"{before}{key}".casefold()] for before in _TAG_COLUMNS if f"{before}{key}".casefold() in header), None
    )
    if at is not None:
        return f"CAST({part.columns[at]} AS VARCHAR)"
    if TAGS not in found:
        raise BadArgumentError(f"--where tag:{key}: {part.name} has no column of tags.")
    place = found[TAGS][0]
    held = part.columns[place] if part.types[place] == "VARCHAR" else f"to_json({part.columns[place]})"
    # Some exports leave the braces out, or write single quotes.
    double = f"replace({held}, chr(39), chr(34))"
    ways = (held, double, f"'{{' || {double} || '}}'")
    tags = f"CASE {' '.join(f'WHEN json_valid({way}) THEN {way}' for way in ways)} END"
    paths = [quoted('$."' + name.replace('"', '\\"') + '"') for name in (key, f"user_{key}", f"user:{key}")]
    values = ", ".join(f"json_extract_string({tags}, {path})" for path in paths)
    return f"coalesce({values})"
