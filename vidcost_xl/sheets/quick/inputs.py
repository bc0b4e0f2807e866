"""The inputs of the quick page and the volumes that follow from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from vidcost_xl.model.files import preset
from vidcost_xl.sheets.layout.sheet_layout import Entry, Formula, Row, Validation

#: The article's bill is an AWS bill, in the region of its prices.
PROVIDER: Final = "aws"
REGION: Final = "us-east-1"

#: The plan whose inputs the page starts from, and whose ledger it is checked against.
PLAN: Final = "article"


@dataclass(frozen=True)
class Input:
    """One input: its name in the workbook, the article's value, and how it is checked.

    Parameters
    ----------
    id : str
        Also the workbook name.
    keys : tuple of str
        The inputs of the model that it stands for; the first gives the article's value.
    format : str
        A key of `styles.FORMATS`.
    check : str
        Formula, 1 when the cell cannot be used.
    rule : str
        A key of `VALIDATIONS`.
    """

    id: str
    label: str
    keys: tuple[str, ...]
    unit: str
    format: str
    note: str
    check: str
    rule: str

    @property
    def article(self) -> float | str:
        """The value in the plan of the article."""
        value = preset(PLAN).values[self.keys[0]] if self.keys else REGION
        return value if isinstance(value, float) else str(value)


@dataclass(frozen=True)
class Volume:
    """One step of the volumes: its name in the workbook and its formula."""

    id: str
    label: str
    formula: str
    unit: str
    note: str
    format: str = "number"


#: In the plan 0 stands for one object a video, so the page shows the size of a video.
OBJECT_KEYS: Final = ("representation.1.object_mb", "representation.2.object_mb")

_NOT_NEGATIVE: Final = "=--NOT(AND(ISNUMBER({.quantity}),{.quantity}>=0))"
_POSITIVE: Final = "=--NOT(AND(ISNUMBER({.quantity}),{.quantity}>0))"
_SHARE: Final = "=--NOT(AND(ISNUMBER({.quantity}),{.quantity}>=0,{.quantity}<=1))"


def _listed(name: str) -> str:
    return f"=--ISNA(MATCH({{.quantity}},{name},0))"


INPUTS: Final = (
    Input(
        "videos",
        "Videos kept",
        ("dataset.videos",),
        "videos",
        "count",
        "Article: one billion videos",
        _POSITIVE,
        "count",
    ),
    Input(
        "mb_per_video",
        "Size of a video",
        ("dataset.mb_per_video",),
        "MB (10^6 B)",
        "number",
        "Article: 5 MB each",
        _POSITIVE,
        "size",
    ),
    Input(
        "feature_ratio",
        "Features per byte of video",
        ("representation.2.ratio",),
        "ratio",
        "number",
        "Article: features as large as the videos",
        _NOT_NEGATIVE,
        "amount",
    ),
    Input(
        "passes",
        "Passes over the features",
        ("train.experiments",),
        "a month",
        "number",
        "Solved from \u201cseveral million a month\u201d, not observed",
        _POSITIVE,
        "passes",
    ),
    Input(
        "route",
        "Route to the GPUs",
        ("train.route",),
        "route",
        "general",
        "Article: GPUs outside AWS",
        _listed("route_id"),
        "route",
    ),
    Input(
        "storage_class",
        "Storage class",
        ("representation.1.class", "representation.2.class"),
        "class",
        "general",
        "Article: S3 Standard",
        _listed("class_id"),
        "storage_class",
    ),
    Input(
        "region",
        "Region",
        (),
        "region",
        "general",
        "Where the book holds every price used",
        _listed("region_id"),
        "region",
    ),
    Input(
        "object_mb",
        "Size of a stored object",
        ("dataset.mb_per_video", *OBJECT_KEYS),
        "MB (10^6 B)",
        "number",
        "One GET an object; a video an object here",
        _POSITIVE,
        "size",
    ),
    Input(
        "discount",
        "Negotiated discount",
        ("commercial.discount",),
        "share of list",
        "share",
        "Article: list price; 0.1 is ten percent off",
        _SHARE,
        "discount",
    ),
)

VOLUMES: Final = (
    Volume("raw_pb", "Raw videos", "=videos*mb_per_video*bytes_per_mb/bytes_per_pb", "PB", "videos x size"),
    Volume("features_pb", "Features", "=raw_pb*feature_ratio", "PB", "raw videos x ratio"),
    Volume("stored_pb", "Stored, one pool", "=raw_pb+features_pb", "PB", "tiers apply once to the sum"),
    Volume(
        "objects_stored",
        "Objects stored",
        "=stored_pb*bytes_per_pb/(object_mb*bytes_per_mb)",
        "objects",
        "stored / size of an object",
        "count",
    ),
    Volume(
        "smallest_billed",
        "Smallest billed object",
        "=INDEX(class_min_bytes,MATCH(storage_class,class_id,0))",
        "bytes",
        "rule of the storage class",
        "count",
    ),
    Volume("read_pb", "Read by training", "=features_pb*passes", "PB a month", "features x passes"),
    Volume(
        "objects_read",
        "Objects read",
        "=read_pb*bytes_per_pb/(object_mb*bytes_per_mb)",
        "GETs a month",
        "read / size of an object",
        "count",
    ),
)

VALIDATIONS: Final = {
    "count": Validation("decimal", "Videos kept", "How many videos are stored, above 0.", low=0, above=True),
    "size": Validation("decimal", "Size in MB", "A size in MB of 1,000,000 bytes, above 0.", low=0, above=True),
    "amount": Validation(
        "decimal", "Features per byte", "Bytes of features kept for each byte of video, 0 or more.", low=0
    ),
    "passes": Validation(
        "decimal", "Passes a month", "How often a month training reads all features, above 0.", low=0, above=True
    ),
    "discount": Validation(
        "decimal",
        "Negotiated discount",
        "Share off the list price, 0 to 1: write 0.1 or 10% for ten percent.",
        low=0,
        high=1,
    ),
    "route": Validation(
        "list", "Route", "A route of the sheet Lists; its price follows by itself.", allowed="route_id"
    ),
    "storage_class": Validation(
        "list", "Storage class", "A class of the sheet Lists; its prices follow by themselves.", allowed="class_id"
    ),
    "region": Validation("list", "Region", "A region of the sheet Lists.", allowed="region_id"),
}

_STYLES: Final = {
    "stage": "heading",
    "line": "heading",
    "quantity": "heading_right",
    "unit": "heading_indent",
    "unit_price": "heading_right",
    "engine": "heading_indent",
    "native": "heading",
    "difference": "heading",
    "check": "heading_center",
}


def model_overrides() -> tuple[tuple[str, str], ...]:
    """Each input of the model that the page sets, with the workbook name that holds its value."""
    pairs = [(key, item.id) for item in INPUTS for key in item.keys if item.id != "object_mb" or key in OBJECT_KEYS]
    return tuple(pairs)


def input_rows() -> tuple[Row, ...]:
    """The block of inputs: value, unit, the article's value beside it, note, check."""
    texts = {
        "stage": "Inputs",
        "quantity": "Value",
        "unit": "Unit",
        "unit_price": "Article's value",
        "engine": "Source and note",
        "check": "Check",
    }
    return (_heading("in_heading", texts), *(_input_row(item) for item in INPUTS))


def volume_rows() -> tuple[Row, ...]:
    """The block of volumes: one native formula a step."""
    texts = {"stage": "Volumes", "quantity": "Value", "unit": "Unit", "engine": "How"}
    return (_heading("vol_heading", texts), *(_volume_row(item) for item in VOLUMES))


def _input_row(item: Input) -> Row:
    return Row(
        f"in_{item.id}",
        {
            "stage": Entry(item.label),
            "quantity": Entry(item.article, "input", item.format, item.rule),
            "unit": Entry(item.unit, "unit"),
            "unit_price": Entry(item.article, "constant", item.format),
            "engine": Entry(item.note, "note"),
            "check": Entry(Formula(item.check), "flag"),
        },
    )


def _volume_row(item: Volume) -> Row:
    return Row(
        f"vol_{item.id}",
        {
            "stage": Entry(item.label),
            "quantity": Entry(Formula(item.formula), "number", item.format),
            "unit": Entry(item.unit, "unit"),
            "engine": Entry(item.note, "note"),
        },
    )


def _heading(key: str, texts: Mapping[str, str]) -> Row:
    return Row(key, {column: Entry(texts.get(column, ""), style) for column, style in _STYLES.items()})
