"""Colours, formats and locks of cells, resolved from a workbook's styles and theme."""

from __future__ import annotations

import colorsys
from dataclasses import dataclass
from typing import Any, Final

from openpyxl.styles.colors import COLOR_INDEX
from openpyxl.styles.numbers import BUILTIN_FORMATS

from vidcost_xl.sheets.package.parts import parse_xml

#: Number of Excel's own cell style "Input".
INPUT_STYLE: Final = "20"

#: The theme counts light before dark, colours of text before those of background.
_THEME_ORDER: Final = (1, 0, 3, 2, 4, 5, 6, 7, 8, 9, 10, 11)


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell looks.

    Parameters
    ----------
    ink, fill : str
        RRGGBB; black and white where nothing is set.
    format : str
        Number format code.
    is_input_style : bool
        Whether Excel's own cell style "Input" is used.
    """

    ink: str = "000000"
    fill: str = "FFFFFF"
    filled: bool = False
    format: str = "General"
    locked: bool = True
    is_input_style: bool = False


def read_looks(styles: bytes, theme: bytes) -> list[Look]:
    """The look of every cell style, by the number that cells carry.

    Parameters
    ----------
    styles, theme : bytes
        The parts; empty for none.
    """
    if not styles:
        return [Look()]
    root = parse_xml(styles)
    palette = _palette(theme) if theme else ()
    formats = dict(BUILTIN_FORMATS) | {
        int(node.get("numFmtId", "0")): node.get("formatCode", "General")
        for node in root.iterfind("{*}numFmts/{*}numFmt")
    }
    inks = [_ink(font, palette) for font in _children(root, "fonts")]
    fills = [_fill(fill, palette) for fill in _children(root, "fills")]
    inputs = {style.get("xfId") for style in _children(root, "cellStyles") if style.get("builtinId") == INPUT_STYLE}
    found = []
    for style in _children(root, "cellXfs"):
        protection = style.find("{*}protection")
        filled, fill = _at(fills, style.get("fillId"), (False, "FFFFFF"))
        found.append(
            Look(
                ink=_at(inks, style.get("fontId"), "000000"),
                fill=fill,
                filled=filled,
                format=formats.get(int(style.get("numFmtId", "0")), "General"),
                locked=protection is None or protection.get("locked", "1") in {"1", "true"},
                is_input_style=style.get("xfId") in inputs,
            )
        )
    return found or [Look()]


def alike(one: str, other: str, tolerance: int = 10) -> bool:
    """Whether two colours cannot be told apart.

    Examples
    --------
    >>> alike("FFFFFF", "FEFEFE"), alike("FFFFFF", "595959")
    (True, False)
    """
    return all(abs(int(one[at : at + 2], 16) - int(other[at : at + 2], 16)) <= tolerance for at in (0, 2, 4))


def _children(root: Any, tag: str) -> list[Any]:
    parent = root.find(f"{{*}}{tag}")
    return [] if parent is None else [node for node in parent if isinstance(node.tag, str)]


def _at(values: list[Any], number: str | None, default: Any) -> Any:
    at = int(number or 0)
    return values[at] if at < len(values) else default


def _palette(content: bytes) -> tuple[str, ...]:
    scheme = next(parse_xml(content).iter("{*}clrScheme"), None)
    if scheme is None:
        return ()
    colours = []
    for node in scheme:
        colour = next(iter(node), None)
        value = "000000" if colour is None else colour.get("lastClr") or colour.get("val") or "000000"
        colours.append(value if len(value) == 6 else "000000")
    if len(colours) < len(_THEME_ORDER):
        return ()
    return tuple(colours[at] for at in _THEME_ORDER)


def _ink(font: Any, palette: tuple[str, ...]) -> str:
    node = font.find("{*}color")
    return "000000" if node is None else _colour(node, palette, "000000")


def _fill(fill: Any, palette: tuple[str, ...]) -> tuple[bool, str]:
    pattern = fill.find("{*}patternFill")
    if pattern is None or pattern.get("patternType") != "solid":
        # A pattern or gradient: some background, whose colour is not compared with the text's.
        has_pattern = pattern is None or pattern.get("patternType") not in {None, "none"}
        return has_pattern, "808080" if has_pattern else "FFFFFF"
    node = pattern.find("{*}fgColor")
    return True, "FFFFFF" if node is None else _colour(node, palette, "FFFFFF")


def _colour(node: Any, palette: tuple[str, ...], default: str) -> str:
    rgb, theme, indexed = node.get("rgb"), node.get("theme"), node.get("indexed")
    colour = default
    if rgb:
        colour = rgb[-6:].upper()
    elif theme is not None and int(theme) < len(palette):
        colour = palette[int(theme)].upper()
    elif indexed is not None and int(indexed) < len(COLOR_INDEX):
        colour = COLOR_INDEX[int(indexed)][-6:].upper()
    try:
        return _tinted(colour, float(node.get("tint", "0")))
    except ValueError:
        return default


def _tinted(colour: str, tint: float) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4))
    if not tint:
        return colour
    hue, light, saturation = colorsys.rgb_to_hls(red, green, blue)
    light = light * (1 + tint) if tint < 0 else light * (1 - tint) + tint
    return "".join(f"{round(part * 255):02X}" for part in colorsys.hls_to_rgb(hue, min(1.0, light), saturation))
