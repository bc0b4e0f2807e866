"""The sheet Lists: allowed values, the rules of every class and route, encoders, constants, the add-in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from vidcost_xl import units
from vidcost_xl.analysis.claims import FAILS, HOLDS, UNMEASURED
from vidcost_xl.digits import TOLERANCE, TOLERANCE_MONEY
from vidcost_xl.errors import NotInBookError
from vidcost_xl.facts.book import fact_book
from vidcost_xl.facts.latents import DTYPE_BYTES, STEP_GROUP_FRAMES, STEP_GROUP_LATENT_FRAMES
from vidcost_xl.functions.article import NEVER
from vidcost_xl.model import own_money, own_rows
from vidcost_xl.model.blocks import common
from vidcost_xl.model.blocks.acquire import NAT_HOUR, NAT_ROUTE, NAT_ROUTE_TWICE
from vidcost_xl.model.blocks.allowance import free_times
from vidcost_xl.model.blocks.leave import EU_FREE_FROM
from vidcost_xl.model.blocks.objects import KMS_METER, KMS_PROVIDER
from vidcost_xl.model.blocks.reading import STANDARD
from vidcost_xl.model.blocks.store import AGES
from vidcost_xl.model.calendar import LAST_SERIAL, MONTHS_PER_QUARTER, MONTHS_PER_YEAR, serial_of
from vidcost_xl.model.catalogue import FIRST_DATE, LAST_DATE, catalogue
from vidcost_xl.model.input_names import kinds, names_of
from vidcost_xl.model.ledger import ACCOUNTS
from vidcost_xl.model.lines import STAGES
from vidcost_xl.model.offers import Offer, offers
from vidcost_xl.model.plan import MOVES_APART, MOVES_NOWHERE
from vidcost_xl.names import HARD_SPACE
from vidcost_xl.prices.book import PriceBook
from vidcost_xl.prices.located import beside, place_of, split_place
from vidcost_xl.prices.schema import Route, StorageClass
from vidcost_xl.prices.tariff import CONVERSION_DECIMALS
from vidcost_xl.sheets.layout.sheet_layout import Column, Entry, Formula, Row, SheetLayout, Value
from vidcost_xl.sheets.plan.guards import IMPOSSIBLE, NO_BOUND, choices_name, name_key
from vidcost_xl.sheets.plan.inputs import CHANGE_FAULTS, ENGINE_CHOICES
from vidcost_xl.sheets.plan.row_names import INPUT_LINK, MASTER, NO_METER, UNKNOWN_METER, value_of

SHEET: Final = "Lists"

#: Slots of the native formulas; data that need more are refused when the workbook is made.
LEGS: Final = 3
OVERHEADS: Final = 2

#: Days that never pass: the end of the last age tier, the life of what is never deleted.
NEVER_DAYS: Final = 1e6

#: Characters of the columns.
_NARROWEST: Final = 9
_WIDEST: Final = 60


#: Universal constants, by workbook name.
CONSTANTS: Final[dict[str, tuple[float, str]]] = {
    "bits_per_byte": (common.BITS_PER_BYTE, "bits in a byte"),
    "bits_per_mbit": (1e6, "bits in a Mbit, SI"),
    "bytes_per_mb": (common.BYTES_PER_MB, "bytes in a MB, SI"),
    "bytes_per_mib": (common.BYTES_PER_MIB, "bytes in a MiB"),
    "bytes_per_gib": (common.BYTES_PER_GIB, "bytes in a GiB, which providers call GB"),
    "bytes_per_gb": (1e9, "bytes in a GB, SI"),
    "bytes_per_tb": (1e12, "bytes in a TB, SI"),
    "bytes_per_pb": (1e15, "bytes in a PB, SI"),
    "bits_per_gbit": (1e9, "bits in a Gbit, SI"),
    "gb_per_tb": (own_rows.GB_PER_TB, "GB in a TB, SI"),
    "mbit_per_gbit": (own_rows.MBIT_PER_GBIT, "Mbit in a Gbit, SI"),
    "million": (1e6, "a million"),
    "seconds_per_hour": (common.SECONDS_PER_HOUR, "seconds in an hour"),
    "seconds_per_minute": (60, "seconds in a minute"),
    "seconds_per_day": (units.SECONDS_PER_DAY, "seconds in a day"),
    "hours_per_year": (own_rows.HOURS_PER_YEAR, "hours in a year"),
    "power_hours": (own_money.HOURS_PER_MONTH, "hours in a month of power"),
    "watts_per_kw": (own_rows.WATTS_PER_KW, "W in a kW"),
    "days_per_month": (common.DAYS_PER_MONTH, "days in a month, for storage rules"),
    "months_per_year": (MONTHS_PER_YEAR, "months in a year"),
    "months_per_quarter": (MONTHS_PER_QUARTER, "months in a quarter"),
    "multipart_requests": (common.MULTIPART_CONTROL_REQUESTS, "requests that begin and end an upload in parts"),
    "month_base": (100, "added to a month, so that it has two digits"),
    "two_digits": (2, "digits of a month"),
    "square": (2, "the exponent of a square"),
    "relative_address": (4, "ADDRESS without dollar signs"),
    "group_pair": (2, "frames in a pair"),
    "group_frames": (STEP_GROUP_FRAMES, "frames in a group of the rule step17"),
    "group_latents": (STEP_GROUP_LATENT_FRAMES, "latent frames it becomes"),
    "conversion_decimals": (CONVERSION_DECIMALS, "decimals before a quantity is rounded up to whole units"),
    "never_days": (NEVER_DAYS, "days that never pass"),
    "no_bound": (NO_BOUND, "above every quantity"),
    "first_date": (serial_of(FIRST_DATE), "first date of a plan"),
    "last_date": (serial_of(LAST_DATE), "last date of a plan"),
    "eu_free_from": (
        serial_of(EU_FREE_FROM),
        "the day from which leaving is free of egress charges in the EU: 2027-01-12",
    ),
    "last_day": (LAST_SERIAL, "the last date that a cell can hold"),
    "code_values": (256, "values that a byte can hold"),
    "tolerance": (TOLERANCE, "largest difference of functions and native formulas, as a share"),
    "tolerance_money": (TOLERANCE_MONEY, "and as money"),
}

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "no_meter": (NO_METER, "a meter that a class or route does not have, or that is documented as free"),
    "unknown_meter": (UNKNOWN_METER, "a price that the book does not have: looks up as #N/A, never as 0"),
    "route_nat": (NAT_ROUTE, "the way in that a gateway endpoint makes cheaper"),
    "route_nat_twice": (NAT_ROUTE_TWICE, "the same without the endpoint"),
    "meter_kms": (KMS_METER, "requests to the key service"),
    "provider_kms": (KMS_PROVIDER, "whose encrypted objects need them"),
    "verdict_holds": (HOLDS, "a claim whose test our figure passes"),
    "verdict_fails": (FAILS, "a claim whose test it passes nowhere"),
    "verdict_unmeasured": (UNMEASURED, "a claim that no figure confirms or refutes"),
    "turns_never": (NEVER, "a claim that no figure of its input would make hold"),
    "hard_space": (HARD_SPACE, "a space that does not break a line, as in a text copied from a page"),
    "payer_main": ("main", "who pays for everything but the double running"),
    "payer_new": ("new provider", "its bill has tiers of its own"),
}


class ListsSheet:
    """Collects the lists, their rows and workbook names."""

    def __init__(self, book: PriceBook) -> None:
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
        self._table("class", "Storage classes", CLASS_COLUMNS, [_class_row(item) for item in classes.values()])
        for rule in BY_SPEED:  # its columns side by side, to look up by row and speed
            first, last = (CLASS_COLUMNS.index(f"{rule}_{speed}") + 1 for speed in (SPEEDS[0], SPEEDS[-1]))
            self.names[f"class_{rule}"] = f"{{class_1.c{first}:class_{len(classes)}.c{last}}}"
        self._table("egress", "Egress routes", ROUTE_COLUMNS, [_route_row(book, item) for item in egress])
        ways_in = [(*_route_row(book, item), *_gateway_row(item)) for item in ingest]
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
        self._simple("engines", "What can feed Costs", ENGINE_CHOICES)
        accounts = [(stage, Formula(f"={value_of(ACCOUNTS[stage])}")) for stage in STAGES]
        self._table("stage", "Stages and their accounts", ("id", "account"), accounts)
        self._constants()
        self._engine()
        self._table("name", "Names that inputs take", ("key", "written", "id"), _names())

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

    def _engine(self) -> None:
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
                Formula('=IF({engine_6.c3},"Functions (add-in)",{engine_5.c3})'),
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


#: Speeds of restores, and the rules of a class that have a column for each.
SPEEDS: Final = catalogue()["requests.restore_speed"].choices
BY_SPEED: Final = ("retrieval", "restore")

CLASS_COLUMNS: Final = (
    *("id", "label", "provider", "storage", "min_object", "min_days", "by_access"),
    *(f"age{k}_{part}" for k in range(1, AGES + 1) for part in ("meter", "from", "to")),
    *(f"over{k}_{part}" for k in range(1, OVERHEADS + 1) for part in ("meter", "bytes")),
    *("watch", "watch_min", "transition", "put", "get", "upload", "restored"),
    *(f"{rule}_{speed}" for rule in BY_SPEED for speed in SPEEDS),
    *("moves_to", "keeps_age"),
)


#: Columns of the sheet; every list uses them from the left, and the classes have most.
COLUMN_COUNT: Final = len(CLASS_COLUMNS)


def _class_row(item: StorageClass) -> tuple[Value, ...]:
    if len(item.by_last_access) > AGES or len(item.per_object) > OVERHEADS:
        raise ValueError(f"{item.id} has more age tiers or overheads than the workbook has slots for")
    ages: list[Value] = []
    tiers = [(age.from_days, age.meter) for age in item.by_last_access] or [(0.0, item.storage)]
    ends = [start for start, _ in tiers[1:]] + [NEVER_DAYS]
    for (start, meter), end in zip(tiers, ends, strict=True):
        ages += [meter, start, end]
    ages += [NO_METER, NEVER_DAYS, NEVER_DAYS] * (AGES - len(tiers))
    overheads: list[Value] = []
    for extra in item.per_object:
        overheads += [extra.meter, extra.bytes]
    overheads += [NO_METER, 0.0] * (OVERHEADS - len(item.per_object))
    return (
        *(item.id, item.label, place_of(item.id), item.storage, item.minimum_object_bytes),
        *(item.minimum_days, int(bool(item.by_last_access)), *ages, *overheads),
        *(item.monitoring or NO_METER, item.monitoring_minimum_object_bytes),
        *_requests(item),
        *(MOVES_APART.join(item.moves_to) or MOVES_NOWHERE, int(item.keeps_age)),
    )


def _requests(item: StorageClass) -> tuple[str, ...]:
    # Free and unknown are told apart: the first is no line, the second is #N/A.
    def operation(name: str) -> str:
        try:
            return common.request_meter(item, name) or NO_METER
        except NotInBookError:
            return UNKNOWN_METER

    def at_speeds(meters: Mapping[str, str], free: bool) -> list[str]:
        # Only an archive is read at the speed chosen; everything else at once.
        read = [speed if item.restore_requests else STANDARD for speed in SPEEDS]
        return [NO_METER if free else meters.get(speed, UNKNOWN_METER) for speed in read]

    return (
        *(operation(name) for name in ("transition", "put", "get")),
        *(item.upload or NO_METER, item.restored or NO_METER),
        *at_speeds(item.retrieval, item.retrieval_free),
        *at_speeds(item.restore_requests, not item.restore_requests),
    )


ROUTE_COLUMNS: Final = (
    *("id", "label", "provider"),
    *(f"leg{k}_{part}" for k in range(1, LEGS + 1) for part in ("meter", "times")),
    *("request", "limited", "free_times"),
)


#: Of a way in: the same without a gateway endpoint, and the meter of its NAT gateways.
GATEWAY_COLUMNS: Final = ("without_endpoint", "gateway_hour")


def _gateway_row(item: Route) -> tuple[Value, ...]:
    is_nat = split_place(item.id)[0] == NAT_ROUTE
    return (beside(NAT_ROUTE_TWICE, item.id) if is_nat else item.id, beside(NAT_HOUR, item.id))


def _route_row(book: PriceBook, item: Route) -> tuple[Value, ...]:
    extra = common.extra_get_meters(item.id) if item.direction == "egress" else []
    if len(item.legs) > LEGS or len(extra) > 1:
        raise ValueError(f"{item.id} has more meters than the workbook has slots for")
    legs: list[Value] = []
    for leg in item.legs:
        legs += [leg.meter, leg.times]
    legs += [NO_METER, 0.0] * (LEGS - len(item.legs))
    times = free_times(item.id) if item.direction == "egress" else None
    return (
        *(item.id, item.label, place_of(item.id), *legs),
        *((extra or [NO_METER])[0], int(times is not None), times or 0.0),
    )
