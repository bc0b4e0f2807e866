"""The sheets Cover and Audit."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from vidcost_xl import __version__
from vidcost_xl.functions.audit import VIDEO_VERSION
from vidcost_xl.model.catalogue import data_text
from vidcost_xl.model.plan import Plan
from vidcost_xl.prices.book import PriceBook
from vidcost_xl.sheets.layout.sheet_layout import Column, Entry, Formula, Row, SheetLayout, Value
from vidcost_xl.sheets.layout.stamp import STAMP, STAMP_LABEL, VERDICT, VERDICT_LABEL
from vidcost_xl.sheets.plan.results.contents import CONTENTS
from vidcost_xl.sheets.plan.results.summary_rows import HEADLINE
from vidcost_xl.sheets.plan.row_names import MASTER, value_of
from vidcost_xl.sheets.plan.user_notes import Kept, LogLine

COVER: Final = "Cover"

#: Topic and text; a topic that is a sheet, too, is left out where the sheet is not there.
_GUIDE: Final = (
    (
        "Start",
        "Read Summary: what the plan costs, why, and what changes it. Then change the blue cells of Drivers, which "
        "decide the bill; Inputs holds all others.",
    ),
    (
        "Representation",
        "One stored form of the data set: the videos themselves (raw), texts, or features. Features, also called "
        "latents, are what an autoencoder makes of a video; a model trains on them in place of the video.",
    ),
    (
        "Class, route, meter",
        "A class is what a provider sells to keep data in, such as aws.s3.standard. A route is the way from there "
        "to the GPUs. A meter is one thing that a provider counts and bills.",
    ),
    (
        "Stage, pass",
        "A stage is a part of the work: acquire the videos, store, encode them into features, train, keep "
        "checkpoints, exit from the provider, support. A pass reads the data once; an experiment makes one pass or "
        "more.",
    ),
    (
        "Computed twice",
        "By native formulas, which are ordinary Excel formulas, and by the functions of the add-in. Checks compares "
        "the two line by line, whatever you change.",
    ),
    (
        "Without the add-in",
        "Inputs says what feeds Costs. Without the add-in native formulas do, and every header says so; only "
        "Functions then shows errors.",
    ),
    (
        "One month",
        "Write into the months of Drivers, or a line on Changes: input, first month, last month, value. March = 8 "
        "passes is train.passes, 2027-03-01, 2027-03-01, 8. Leave a month empty for an open end. Two lines must not "
        "name one input in one month.",
    ),
    (
        "Your own price",
        "Write rate. and the meter as the input of a line on Changes, such as rate.aws.transfer.internet-out, with "
        "your price of a billing unit. It replaces the list price, its tiers and its free units.",
    ),
    (
        "List prices",
        "Prices holds them with their sources. A price changed there changes the native formulas only, and shows as "
        "a difference in Checks: write a price of your own on Changes.",
    ),
    (
        "Accounts",
        "Inputs holds the GL account of each stage and the cost centre. A line on Accounts has its own; Costs and "
        "Ledger follow.",
    ),
    (
        "Impossible input",
        "An input that is empty, a text, outside its range or not on its list turns red. The first line of Checks "
        "names it, and every result is #N/A until it is mended.",
    ),
    (
        "No silent zero",
        "A price that is not known is #N/A, and so is every total that needs it. A line that the plan does not "
        "have, or that a provider says is free, is 0.",
    ),
    (
        "Months",
        "The number of months on the sheets is fixed. Fewer may be planned; more need a new file: vidcost new "
        "--months.",
    ),
    (
        "Fixed when made",
        "How many representations there are. Their names, kinds, classes and shapes may be changed; labels on "
        "Volumes keep the names of the day the file was made.",
    ),
    (
        "Names",
        "Classes, routes and autoencoders are written as Lists has them. Other spellings are refused and named.",
    ),
    (
        "Own",
        "Compares the plan with one that moves to a data centre of your own (inputs own.*). Nothing of it is in the "
        "bill of the plan.",
    ),
    (
        "Regions",
        "Prices are those of each provider's default region, and of regions that the plan names, such as "
        "aws.s3.standard@eu-central-1. To name another, make the file anew: vidcost new NEW --from THIS.",
    ),
    (
        "Of the day",
        "Ledger, and on Summary the list of what changes the bill most, are values of the day the file was made. "
        "Summary and Ledger say when the plan has changed since. Everything else recalculates.",
    ),
    ("Signs", "Costs are positive. Bytes are shown as TB (10^12 bytes) where they are many; the cells hold bytes."),
    (
        "Colours",
        "Blue: input or constant. Blue on a pale fill: yours to change. Black: formula. Green: read from another "
        "cell as it stands.",
    ),
)

_SHEETS: Final = frozenset(name for name, _, _ in CONTENTS)

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


#: Topics of the guide that only a workbook with a sheet has.
_OF_SHEET: Final = {"Own site": "Own"}

#: Characters of a line of the guide, and points of one.
_LINE_LENGTH: Final = 92
_LINE_HEIGHT: Final = 14.0


def cover_sheet(title: str, names: Iterable[str]) -> SheetLayout:
    """Title, status, headline, contents, and how to use the workbook.

    Parameters
    ----------
    names : iterable of str
        The sheets that there are.
    """
    columns = (("sheet", 30.0), ("class", 16.0), ("text", 90.0), ("status", 30.0), ("flag", 36.0))
    figures = (
        ("cover_average", "An average month", "={s_average.constant}", "money"),
        ("cover_whole", "The whole plan", "={s_whole.constant}", "money"),
        ("cover_peak", "The dearest month", "={s_peak.constant}", "money"),
        ("cover_tb", HEADLINE["tb"], "={s_tb.constant}", "cents"),
        ("cover_experiment", HEADLINE["experiment"], "={s_experiment.constant}", "money"),
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
    present = frozenset(names)
    for name, kind, text in CONTENTS:
        if name not in present:
            continue
        link = Formula(f'=HYPERLINK("#{name}!A1","{name}")')
        rows.append(
            Row(
                f"cover_{name.casefold()}",
                {"sheet": Entry(link, "hyperlink"), "class": Entry(kind, "unit"), "text": Entry(text)},
            )
        )
    rows += [Row("cover_space3", height=8), _heading("cover_guide", columns, sheet="How to use it")]
    rows += [
        Row(
            f"guide_{at}",
            {"sheet": Entry(topic, "total_text"), "class": Entry("", "total_text"), "text": Entry(text, "wrapped")},
            height=_LINE_HEIGHT * -(-len(text) // _LINE_LENGTH),
        )
        for at, (topic, text) in enumerate(_GUIDE, start=1)
        if topic in present or topic not in _SHEETS
        if _OF_SHEET.get(topic, COVER) in {COVER, *present}
    ]
    about = "Storing and moving the data that a video model learns from. Every amount is computed twice and compared."
    sheet = _sheet(COVER, title, about, rows, columns)
    return replace(sheet, prints=("{cover_title.sheet:cover_space3.flag}", f"{{cover_guide.sheet:{rows[-1].id}.flag}}"))


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
