"""The sheets Cover, Guide and Audit."""

from __future__ import annotations

import hashlib
from typing import Final

from vidcost_xl import __version__
from vidcost_xl.functions.audit import VIDEO_VERSION
from vidcost_xl.model.catalogue import data_text
from vidcost_xl.model.plan import Plan
from vidcost_xl.prices.book import PriceBook
from vidcost_xl.sheets.layout.sheet_layout import Column, Entry, Formula, Row, SheetLayout, Value
from vidcost_xl.sheets.layout.stamp import STAMP, STAMP_LABEL, VERDICT, VERDICT_LABEL
from vidcost_xl.sheets.plan.results.contents import CONTENTS
from vidcost_xl.sheets.plan.row_names import MASTER, value_of
from vidcost_xl.sheets.plan.user_notes import Kept, LogLine

COVER: Final = "Cover"

_GUIDE: Final = (
    (
        "Start",
        "Change the blue cells of Drivers, then of Inputs. Classes, routes, autoencoders and switches may all be "
        "changed: the native formulas and the functions both follow, and Checks compares them line by line.",
    ),
    (
        "One month",
        "Write a line on Changes: input, first month, last month, value. March = 8 passes is train.passes, "
        "2027-03-01, 2027-03-01, 8. Leave a month empty for an open end.",
    ),
    (
        "Private price",
        "Write rate.<meter> as the input of a line on Changes, such as rate.aws.transfer.internet-out, with the "
        "price of a billing unit. It replaces the list price, its tiers and its free units.",
    ),
    (
        "Overlaps",
        "Two lines of Changes that hold for one input in one month are an error of the functions and a failed check.",
    ),
    (
        "Accounts",
        "Inputs holds the GL account of each stage and the cost centre. A line on Accounts has its own; Costs and the "
        "ledger follow.",
    ),
    (
        "Which engine",
        "Inputs says what feeds Costs. Without the add-in native formulas do, and every header says so; only "
        "Forecast, Engine, OwnForecast and OwnEngine then show errors.",
    ),
    (
        "No impossible input",
        "What an input may be stands on Guards. One that is empty, a text, outside its range or not on its list is red "
        "on Inputs, the first line of Checks, and #N/A in every result.",
    ),
    (
        "No silent zero",
        "A price that the book does not have is #N/A, and so is every total that needs it. A line that the plan "
        "does not have, or that a provider documents as free, is 0.",
    ),
    (
        "Prices",
        "Prices holds the book's list prices. A price changed there changes the native formulas only and shows as a "
        "difference: for a price of your own, use Changes.",
    ),
    (
        "Months",
        "The sheets have a fixed number of months. Fewer may be planned; more need a new file: vidcost new --months.",
    ),
    (
        "Representations",
        "Their number is fixed when the file is made. Their names, kinds, classes and shapes may be changed; the "
        "labels of the sheet Volumes keep the names of the day the file was made.",
    ),
    (
        "Names",
        "Classes, routes, autoencoders and encoders are written with their ids of the sheet Lists. The functions know "
        "aliases too; Guards refuses an alias.",
    ),
    (
        "Own site",
        "Own compares the plan with one that moves to an own data centre (inputs own.*). Its rows are native formulas "
        "on the chosen Costs; Checks compares every one with VIDEO_OWN. Nothing of it is in the bill of the plan.",
    ),
    (
        "Regions",
        "Prices are those of each provider's default region, and of the regions behind classes and routes, such as "
        "aws.s3.standard@eu-central-1, or beside classes. Lists and Prices hold those that the plan named when the "
        "file was made; another is an impossible input until vidcost new NEW --from THIS takes it up.",
    ),
    (
        "Stamped",
        "Ledger, and on Summary what changes the bill most and the version before, are values of the day the file was "
        "made; Summary says when the plan is another one by now. Everything else recalculates.",
    ),
    (
        "Not here",
        "Comparing plans, scenarios and ranges are not part of this workbook yet.",
    ),
    ("Signs", "Costs are positive. Bytes are shown as TB (10^12 bytes) where they are many; the cells hold bytes."),
    (
        "Colours",
        "Blue: input or constant. Blue on a pale fill: yours to change. Black: formula. Green: read from another cell "
        "as it stands.",
    ),
)

AUDIT: Final = "Audit"

#: Heading of each column of the change log.
AUDIT_LOG: Final = {"topic": "Change log: date", "text": "What was changed", "more": "Who"}

#: Lines of the change log, and those left empty however long it is.
LOG_LINES: Final = 20
EMPTY_LOG_LINES: Final = 10

#: What the sheet Audit calls what a file was made of.
PROGRAM, PRICES_DIGEST, INPUTS_DIGEST, CATALOGUE_DIGEST = (
    "Program",
    "Digest of prices",
    "Digest of inputs",
    "Digest of the catalogue",
)

_ABOUT: Final = (("topic", 24.0), ("text", 112.0), ("more", 24.0))


def _sheet(name: str, title: str, about: str, rows: list[Row], columns: tuple[tuple[str, float], ...]) -> SheetLayout:
    x, keys = name.casefold(), [key for key, _ in columns]
    head = (
        Row(
            f"{x}_title",
            {
                keys[0]: Entry(title, "title"),
                keys[-2]: Entry("Checks of the workbook", "label_right"),
                keys[-1]: Entry(Formula(f"={MASTER}"), "flag", "flags"),
            },
            height=26,
        ),
        Row(f"{x}_about", {keys[0]: Entry(about, "subtitle"), keys[-1]: Entry(Formula("=source_text"), "note")}),
    )
    return SheetLayout(
        name=name,
        columns=tuple(Column(key, width) for key, width in columns),
        rows=(*head, *rows),
        last_frozen=f"{x}_about",
        flags=(f"{{{x}_title.{keys[-1]}:{x}_title.{keys[-1]}}}",),
    )


def cover_sheet(title: str) -> SheetLayout:
    """Title, status, headline, contents."""
    columns = (("sheet", 26.0), ("class", 16.0), ("text", 78.0), ("status", 30.0), ("flag", 36.0))
    figures = (
        ("cover_average", "An average month", "={s_average.constant}", "money"),
        ("cover_whole", "The whole plan", "={s_whole.constant}", "money"),
        ("cover_peak", "The dearest month", "={s_peak.constant}", "money"),
        ("cover_tb", "A TB stored, a month", "={s_tb.constant}", "cents"),
        ("cover_experiment", "An experiment", "={s_experiment.constant}", "money"),
    )
    rows = [Row("cover_space", height=8), _heading("cover_headline", columns, sheet="Headline")]
    rows += [
        Row(
            key,
            {
                "sheet": Entry(label),
                "class": Entry(Formula(text), "link", form),
                "text": Entry(Formula(f"={value_of('money.currency')}"), "link_unit"),
            },
        )
        for key, label, text, form in figures
    ]
    rows += [Row("cover_space2", height=8), _heading("cover_contents", columns, sheet="Contents")]
    for name, kind, text in CONTENTS:
        link = Formula(f'=HYPERLINK("#{name}!A1","{name}")')
        rows.append(
            Row(
                f"cover_{name.casefold()}",
                {"sheet": Entry(link, "hyperlink"), "class": Entry(kind, "unit"), "text": Entry(text)},
            )
        )
    return _sheet(
        COVER,
        title,
        "Storage, transfer and everything beside them, priced twice: by functions and by native formulas.",
        rows,
        columns,
    )


def guide_sheet() -> SheetLayout:
    """How to use the workbook, and its limits."""
    rows = [
        Row(f"guide_{at}", {"topic": Entry(topic, "total_text"), "text": Entry(text, "wrapped_indent")}, height=30)
        for at, (topic, text) in enumerate(_GUIDE, start=1)
    ]
    return _sheet("Guide", "Guide", "What to change where, and what the workbook does not do.", rows, _ABOUT)


def catalogue_digest() -> str:
    """What identifies the catalogue of inputs: the first digits of the SHA-256 of its data."""
    return hashlib.sha256(data_text("catalogue.toml").encode()).hexdigest()[:12]


def inputs_digest(plan: Plan) -> str:
    """What identifies the inputs of a plan: the first digits of the SHA-256 of what was written and changed."""
    written = "\n".join(f"{key}={value}" for key, value in (*plan.values.items(), *sorted(plan.rates.items())))
    written += "\n".join(f"{key}@{at}={value}" for (key, at), value in sorted(plan.monthly.items()))
    return hashlib.sha256(written.encode()).hexdigest()[:12]


def audit_sheet(book: PriceBook, plan: Plan, kept: Kept | None = None) -> SheetLayout:
    """Versions, digests, and a log for people.

    Parameters
    ----------
    kept : Kept, optional
        Where the plan was taken from, and the log so far.
    """
    kept = kept or Kept()
    facts: tuple[tuple[str, Value, str], ...] = (
        (PROGRAM, f"vidcost-xl {__version__}", "that made the file"),
        ("Add-in", Formula("={$engine_1.c3}"), "that answers now"),
        ("Price book", f"{book.as_of:%Y-%m-%d}", "newest reading"),
        (PRICES_DIGEST, book.digest, "SHA-256 of the data, first 12 digits"),
        (INPUTS_DIGEST, inputs_digest(plan), "as the file was made"),
        (CATALOGUE_DIGEST, catalogue_digest(), "of inputs"),
        ("Carried over from", kept.source or "nothing: the file was made new", "by vidcost new --from"),
    )
    rows = [
        Row(f"audit_fact_{at}", {"topic": Entry(topic), "text": Entry(value), "more": Entry(note, "note")})
        for at, (topic, value, note) in enumerate(facts, start=1)
    ]
    rows += [
        Row("audit_stamp", {"topic": Entry(STAMP_LABEL), "text": Entry(VIDEO_VERSION()), "more": Entry(STAMP, "note")}),
        Row(
            "audit_verdict",
            {
                "topic": Entry(VERDICT_LABEL),
                "text": Entry(True, "input"),
                "more": Entry(VERDICT, "note"),
            },
        ),
    ]
    rows.append(_heading("audit_log", _ABOUT, **AUDIT_LOG))
    log = [*kept.log, *[LogLine("", "", "")] * max(LOG_LINES - len(kept.log), EMPTY_LOG_LINES)]
    rows += [
        Row(
            f"audit_log_{at}",
            {
                "topic": Entry(line.day, "input", "date"),
                "text": Entry(line.text, "input"),
                "more": Entry(line.who, "input"),
            },
        )
        for at, line in enumerate(log, start=1)
    ]
    return _sheet(AUDIT, "Audit", "What the file was made of, and what was done to it since.", rows, _ABOUT)


def _heading(key: str, columns: tuple[tuple[str, float], ...], **texts: str) -> Row:
    return Row(key, {column: Entry(texts.get(column, ""), "heading") for column, _ in columns})
