"""The sheet Lists: allowed values, the rules of every class and route, encoders, constants, the add-in."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Final

from vidcost_xl.facts.book import fact_book
from vidcost_xl.facts.latents import DTYPE_BYTES
from vidcost_xl.model.catalogue import catalogue
from vidcost_xl.model.input_names import LOCATED, REFERENCES, kinds, names_of
from vidcost_xl.model.ledger import ACCOUNTS
from vidcost_xl.model.offers import Offer, offers
from vidcost_xl.model.placing import REGION, place_of_region
from vidcost_xl.model.rate_keys import RATE_PREFIX
from vidcost_xl.names import spelled
from vidcost_xl.prices.book import PriceBook
from vidcost_xl.prices.located import END_MARK, PLACE_MARK, in_place, split_place
from vidcost_xl.prices.schema import Route
from vidcost_xl.sheets.layout.sheet_layout import Column, Entry, Formula, Row, SheetLayout, Value
from vidcost_xl.sheets.plan.changes import CHANGE_FAULTS
from vidcost_xl.sheets.plan.constants import CONSTANTS, NEVER_DAYS, TEXTS
from vidcost_xl.sheets.plan.guard_rows import choices_name, name_key
from vidcost_xl.sheets.plan.guards import IMPOSSIBLE
from vidcost_xl.sheets.plan.inputs import ENGINE_CHOICES
from vidcost_xl.sheets.plan.place_rules import (
    BY_SPEED,
    CLASS_COLUMNS,
    GATEWAY_COLUMNS,
    ROUTE_COLUMNS,
    SPEEDS,
    class_row,
    gateway_row,
    route_row,
)
from vidcost_xl.sheets.plan.results.summary_rows import STAGE_TEXTS
from vidcost_xl.sheets.plan.row_names import INPUT_LINK, MASTER, TITLE, value_of
from vidcost_xl.sheets.plan.scenarios_sheet import SCENARIO_FAULTS

SHEET: Final = "Lists"

#: Columns of the sheet; every list uses them from the left, and the classes have most.
COLUMN_COUNT: Final = len(CLASS_COLUMNS)

#: Characters of the columns.
_NARROWEST: Final = 9
_WIDEST: Final = 60


def _rates(book: PriceBook) -> list[str]:
    # A rate is one in every region.
    meters = dict.fromkeys(split_place(meter)[0] for meter in book.meters if not meter.startswith(REFERENCES))
    return [f"{RATE_PREFIX}{meter}" for meter in meters]


class ListsSheet:
    """Collects the lists, their rows and workbook names."""

    def __init__(
        self, book: PriceBook, gpus: Sequence[str] = (), monthly: Sequence[str] = (), *, scenarios: bool = False
    ) -> None:
        self.rows: list[Row] = [
            Row(
                "lists_title",
                {
                    "c1": Entry("Lists, rules and constants", "title"),
                    "c5": Entry("Checks of the workbook", "label_right"),
                    "c6": Entry(Formula(f"={MASTER}"), "flag", "flags"),
                },
                height=24,
            ),
            Row(
                "lists_about",
                {"c1": Entry("What the inputs accept, and what the native formulas look up.", "subtitle")},
            ),
        ]
        self.names: dict[str, str] = {}
        classes, egress, ingest = book.classes, _routes(book, "egress"), _routes(book, "ingest")
        self._table("class", "Storage classes", CLASS_COLUMNS, [class_row(item) for item in classes.values()])
        for rule in BY_SPEED:  # its columns side by side, to look up by row and speed
            first, last = (CLASS_COLUMNS.index(f"{rule}_{speed}") + 1 for speed in (SPEEDS[0], SPEEDS[-1]))
            self.names[f"class_{rule}"] = f"{{class_1.c{first}:class_{len(classes)}.c{last}}}"
        self._table("egress", "Egress routes", ROUTE_COLUMNS, [route_row(book, item) for item in egress])
        ways_in = [(*route_row(book, item), *gateway_row(item)) for item in ingest]
        self._table("ingest", "Ingest routes", (*ROUTE_COLUMNS, *GATEWAY_COLUMNS), ways_in)
        self._facts()
        providers = [(item.id, item.name, item.hours_per_month) for item in book.providers.values()]
        self._table("provider", "Providers", ("id", "label", "hours"), [("all", "every provider", 0.0), *providers])
        self._simple("yes_no", "Yes or no", ("yes", "no"))
        self._simple("truth", "Truth values", ("FALSE", "TRUE"))
        for key, spec in catalogue().items():
            if spec.choices:
                self._simple(choices_name(key), spec.label, spec.choices)
        self._simple("slips", "What can be wrong with a line of Changes", CHANGE_FAULTS)
        self._simple("change_keys", "What a line of Changes may name", [*monthly, *_rates(book)])
        self._simple("engines", "What can feed Costs", ENGINE_CHOICES)
        stages = [
            (stage, Formula(f"={value_of(ACCOUNTS[stage])}"), text, text[0].lower() + text[1:])
            for stage, text in STAGE_TEXTS.items()
        ]
        self._table("stage", "Stages and their accounts", ("id", "account", "text", "said"), stages)
        self._constants()
        if scenarios:
            self._simple("scn_slips", "What can be wrong with a line of Scenarios", SCENARIO_FAULTS)
        self._engine(f"&{TITLE}" if scenarios else "")
        taken = [*_names(), *_located_names(book), *_regions(book, gpus)]
        self._table("name", "Names that inputs take", ("key", "written", "id"), taken)

    @property
    def sheet(self) -> SheetLayout:
        """The sheet."""
        widths = [max(self._longest(at), _NARROWEST) + 2.0 for at in range(1, COLUMN_COUNT + 1)]
        return SheetLayout(
            name=SHEET,
            columns=tuple(Column(f"c{at}", width) for at, width in enumerate(widths, start=1)),
            rows=tuple(self.rows),
            last_frozen="lists_about",
            title_columns=1,
            large_paper=True,
            pages_wide=3,
            flags=("{lists_title.c6:lists_title.c6}",),
        )

    def _longest(self, at: int) -> int:
        rows = (row for row in self.rows if row.id not in {"lists_title", "lists_about"})
        values = (row.entries[f"c{at}"].value for row in rows if f"c{at}" in row.entries)
        # A longer text runs on over the empty cells beside it.
        lengths = (len(value) for value in values if isinstance(value, str))
        return max((length for length in lengths if length <= _WIDEST), default=0)

    def _facts(self) -> None:
        facts = fact_book()
        vaes = [
            (
                *(item.id, item.label, item.temporal_factor, item.spatial_factor, item.latent_channels),
                *(item.frame_rule, item.latent_frame_multiple, item.codebook_size or 0),
            )
            for item in facts.vaes.values()
        ]
        columns = ("id", "label", "temporal", "spatial", "channels", "rule", "multiple", "codes")
        self._table("vae", "Video autoencoders", columns, vaes)
        encoders = [
            (item.id, item.label, item.tokens, item.dim, int(item.pooled)) for item in facts.text_encoders.values()
        ]
        self._table("encoder", "Text encoders", ("id", "label", "tokens", "dim", "pooled"), encoders)
        self._table("dtype", "Stored number formats", ("id", "bytes"), list(DTYPE_BYTES.items()))
        sold = [(item.name, item.label, item.usd_per_second, _until(item), item.source) for item in offers()]
        self._table("generator", "Video generators", ("name", "label", "usd", "sold", "source"), sold)
        models = [
            (item.id, item.label, item.usd_per_million_input, item.usd_per_million_output, item.source)
            for item in facts.language_models.values()
        ]
        self._table("model", "Language models", ("id", "label", "in", "out", "source"), models)

    def _table(self, key: str, title: str, columns: Sequence[str], rows: Sequence[Sequence[Value]]) -> None:
        if len(columns) > COLUMN_COUNT:
            raise ValueError(f"the list {key} has {len(columns)} columns; the sheet has {COLUMN_COUNT}")
        self.rows.append(Row(f"{key}_space", height=8))
        headings = {f"c{at}": Entry("", "heading") for at in range(1, COLUMN_COUNT + 1)}
        for at, column in enumerate(columns, start=1):
            text = title if at == 1 else column.replace("_", " ")
            headings[f"c{at}"] = Entry(text, "heading" if at == 1 else "heading_indent")
        self.rows.append(Row(f"{key}_heading", headings))
        for number, row in enumerate(rows, start=1):
            entries = {
                f"c{at}": Entry(value, "text" if at == 1 else _look(value), _shown(value))
                for at, value in enumerate(row, start=1)
            }
            self.rows.append(Row(f"{key}_{number}", entries))
        for at, column in enumerate(columns, start=1):
            self.names[f"{key}_{column}"] = f"{{{key}_1.c{at}:{key}_{len(rows)}.c{at}}}"

    def _simple(self, key: str, title: str, values: Sequence[str]) -> None:
        self._table(key, title, ("id",), [(value,) for value in values])
        self.names[key] = self.names.pop(f"{key}_id")

    def _constants(self) -> None:
        rows: list[tuple[Value, ...]] = [(name, text, value) for name, (value, text) in CONSTANTS.items()]
        rows += [(name, text, value) for name, (value, text) in TEXTS.items()]
        self._table("fixed", "Constants", ("id", "meaning", "value"), rows)
        for number, row in enumerate(rows, start=1):
            self.names[str(row[0])] = f"{{fixed_{number}.c3}}"

    def _engine(self, further: str) -> None:
        switch = "{$inputs_switch.value}"
        rows: list[tuple[Value, ...]] = [
            ("engine_version", "what the add-in answers; #NAME? without it", Formula("=VIDEO_VERSION()", engine=True)),
            ("engine_loaded", "whether the add-in answers", Formula("=ISTEXT({engine_1.c3})")),
            (
                "use_engine",
                "whether the functions feed Costs; no value, and none of what reads it, while an input is impossible",
                Formula(f"=IF({IMPOSSIBLE}=0,{{engine_6.c3}},NA())"),
            ),
            (
                "source_text",
                "what the headers say",
                Formula(f'=IF({{engine_6.c3}},"Functions (add-in)",{{engine_5.c3}}){further}'),
            ),
            (
                "native_text",
                "why native formulas feed Costs",
                Formula('=IF({engine_2.c3},"Native formulas (chosen)","Native formulas: add-in not loaded")'),
            ),
            (
                "engine_wanted",
                "whether the functions are wanted on Inputs, and the add-in answers",
                Formula(f'=AND({switch}="functions",{{engine_2.c3}})'),
            ),
        ]
        self._table("engine", "The add-in", ("id", "meaning", "value"), rows)
        for number, name in ((2, "engine_loaded"), (3, "use_engine"), (4, "source_text")):
            self.names[name] = f"{{engine_{number}.c3}}"


def _names() -> list[tuple[Value, ...]]:
    return [
        (name_key(kind, called), name, identifier)
        for kind in kinds()
        for called, (name, identifier) in names_of(kind).items()
    ]


def _located_names(book: PriceBook) -> list[tuple[Value, ...]]:
    # What the book has in a region, by every name of it and of the region.
    ids = {
        "class": list(book.classes),
        "route": [name for way, name in book.routes if way == "egress"],
        "ingest-route": [name for way, name in book.routes if way == "ingest"],
    }
    return [
        (name_key(kind, f"{called}{PLACE_MARK}{place}"), f"{written}{PLACE_MARK}{behind}", identifier)
        for kind in LOCATED
        for identifier in ids[kind]
        if (behind := split_place(identifier)[1])
        for called, (written, plain) in names_of(kind).items()
        if plain == split_place(identifier)[0]
        for place in _places(book, identifier, behind)
    ]


def _regions(book: PriceBook, gpus: Sequence[str]) -> list[tuple[Value, ...]]:
    # The default region of every provider, those behind what the book has, and that of the GPUs, each by every name.
    ids = [*book.classes, *(name for _, name in book.routes)]
    located = [
        in_place(name.split(".", 1)[0], end)
        for name in ids
        if (behind := split_place(name)[1])
        for end in behind.split(END_MARK)
    ]
    defaults = [in_place(provider.id, provider.default_region) for provider in book.providers.values()]
    return [
        (name_key(REGION, f"{spelled(provider)}{PLACE_MARK}{called}"), place, place_of_region(place))
        for place in dict.fromkeys([*defaults, *located, *filter(None, gpus)])
        for provider, region in [place.split(PLACE_MARK)]
        for called in _called(book, provider, region)
    ]


def _called(book: PriceBook, provider: str, region: str) -> list[str]:
    # The written names of a region, as names are compared.
    names = {row.id: row.names for row in book.named_regions(book.providers[provider])}
    return list(dict.fromkeys(map(spelled, (region, *names[region]))))


def _places(book: PriceBook, identifier: str, behind: str) -> list[str]:
    # The written names of a region, or of both ends, as names are compared.
    provider = book.provider_of(identifier).id
    ends = [_called(book, provider, end) for end in behind.split(END_MARK)]
    return [END_MARK.join(each) for each in product(*ends)]


def _until(item: Offer) -> str:
    return "offered" if item.withdrawn is None else f"withdrawn {item.withdrawn:%Y-%m-%d}"


def _look(value: Value) -> str:
    if isinstance(value, Formula):
        return "link_text" if value.text.startswith(INPUT_LINK) else "text"
    return "text_indent" if isinstance(value, str) else "constant"


def _shown(value: Value) -> str | None:
    if isinstance(value, (Formula, str)):
        return None
    return "general" if isinstance(value, float) and not 0.001 < abs(value) < NEVER_DAYS and value else "number"


def _routes(book: PriceBook, direction: str) -> list[Route]:
    return [item for (way, _), item in book.routes.items() if way == direction]
