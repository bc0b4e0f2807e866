"""Formula texts: the form in which Excel saves our functions, and arguments left out.

Excel writes an add-in's function as `[1]!VIDEO_EGRESS(...)` with an external link, or as
`'C:/folder/vidcost.xlam'!VIDEO_EGRESS(...)` (with backslashes) once the path differs; openpyxl users see
`_xll.` or `@` in front, and people type `vidcost.xlam!`. A function of xlwings Lite is saved as
`_xldudf_VIDEO_EGRESS(...)`, one of LibreOffice's extension as
`ORG.VIDCOST.FUNCTIONS.VIDEO_EGRESS(...)`. All of them mean the bare name.
"""

from __future__ import annotations

import re
from typing import Any, Final, NamedTuple

import formualizer
from formualizer import TokenSubType, TokenType

from vidcost_xl.errors import BadArgumentError

#: Stands for an argument left out, in engines that would deliver 0 instead.
OMITTED_MARK: Final = "\x01omitted"

PREFIX: Final = "VIDEO_"


def _named(numbered: Any) -> list[tuple[str, Any]]:
    return [(name, each) for name, each in vars(numbered).items() if isinstance(each, numbered)]


#: Names of what the engine numbers.
_KINDS: Final = {int(each): name for name, each in _named(TokenType)}
_ROLES: Final = {int(each): name for name, each in _named(TokenSubType)}

_OURS = re.compile(
    r"(?:@|_xll\.|_xldudf_|ORG\.VIDCOST\.FUNCTIONS\.|'[^']*(?:''[^']*)*'!|[^\s'@!(),;:&=<>^*/+-]+!)*"
    r"(VIDEO_[A-Z0-9]+\()",
    re.IGNORECASE,
)
_MARKED: Final = f'"{OMITTED_MARK}"'


class Token(NamedTuple):
    """A piece of a formula, and what the engine's tokenizer calls it: Operand and Range, Func and Open, Whitespace."""

    text: str
    kind: str
    role: str


def canonical_formula(formula: str) -> str:
    """The formula with our functions under their bare names, texts untouched.

    Parameters
    ----------
    formula : str
        With its equals sign, in any of the forms that Excel saves.

    Raises
    ------
    ValueError
        For a text that is not a formula.

    Examples
    --------
    >>> canonical_formula('=SUM([1]!VIDEO_EGRESS(5,"PB"),1)')
    '=SUM(VIDEO_EGRESS(5,"PB"),1)'
    """
    if PREFIX not in formula.upper():
        return formula
    return "=" + "".join(_bare(text) if kind == "Func" else text for text, kind, _ in _tokens(formula))


def with_omitted_marked(formula: str) -> str:
    """The canonical formula with a mark in place of every argument left out of our functions.

    Examples
    --------
    >>> with_omitted_marked("=VIDEO_EGRESS(5,,A1)+IF(1,,2)").replace(OMITTED_MARK, "?")
    '=VIDEO_EGRESS(5,"?",A1)+IF(1,,2)'
    """
    if PREFIX not in formula.upper():
        return formula
    parts: list[str] = ["="]
    ours: list[bool] = []
    nothing_yet = False  # since the last bracket or separator
    first_argument = False
    for text, kind, role in _tokens(formula):
        inside = bool(ours) and ours[-1]
        if kind == "Whitespace":
            parts.append(text)
            continue
        if kind == "Sep" and role == "Arg" and inside and nothing_yet:
            parts.append(_MARKED)
        if kind in {"Func", "Array", "Paren"} and role == "Close":
            if inside and nothing_yet and not first_argument:
                parts.append(_MARKED)
            ours.pop()
            nothing_yet = first_argument = False
        elif kind in {"Func", "Array", "Paren"} and role == "Open":
            ours.append(kind == "Func" and _bare(text).upper().startswith(PREFIX))
            nothing_yet = first_argument = True
        elif kind == "Sep":
            nothing_yet, first_argument = True, False
        else:
            nothing_yet = False
        parts.append(_bare(text) if kind == "Func" else text)
    return "".join(parts)


def explaining_formula(formula: str) -> str:
    """The formula that explains `formula`, which must be one call of one of our functions.

    Raises
    ------
    BadArgumentError
        For anything but one call.

    Examples
    --------
    >>> explaining_formula('=VIDEO_EGRESS(5,"PB")')
    '=VIDEO_EXPLAIN("VIDEO_EGRESS",5,"PB")'
    """
    try:
        tokens = [token for token in _tokens(formula) if token[1] != "Whitespace"]
    except ValueError as error:
        raise BadArgumentError(str(error)) from None
    name = _bare(tokens[0][0])[:-1].upper() if tokens else ""
    depth, closed_early = 0, False
    for position, (_, kind, role) in enumerate(tokens):
        if kind in {"Func", "Paren", "Array"}:
            depth += 1 if role == "Open" else -1
        closed_early |= depth == 0 and position < len(tokens) - 1
    if not name.startswith(PREFIX) or closed_early:
        raise BadArgumentError(f'explain takes one call, such as =VIDEO_EGRESS(5,"PB"), not {formula!r}.')
    rest = "".join(_bare(text) if kind == "Func" else text for text, kind, _ in tokens[1:])
    return f'=VIDEO_EXPLAIN("{name}"' + ("" if rest == ")" else ",") + rest


def function_names(formula: str) -> list[str]:
    """The functions a formula calls, ours under their bare names, in upper case.

    Returns
    -------
    list of str
        In order, with repetition.
    """
    return [_bare(text)[:-1].upper() for text, kind, role in _tokens(formula) if kind == "Func" and role == "Open"]


def bare_name(name: str) -> str:
    """The name of a function as a parser gives it, without what Excel or a file puts in front of ours.

    Examples
    --------
    >>> bare_name("[1]!VIDEO_EGRESS"), bare_name("SUM")
    ('VIDEO_EGRESS', 'SUM')
    """
    return _bare(f"{name}(")[:-1]


def _bare(text: str) -> str:
    match = _OURS.fullmatch(text.lstrip())
    return match.group(1) if match else text


def tokens(formula: str) -> list[Token]:
    """A formula cut into tokens; joined again behind an equals sign they are the formula.

    Raises
    ------
    ValueError
        For a text that is not a formula.
    """
    read, texts = _read(formula)
    return [
        Token(text, _KINDS[int(token.token_type)], _ROLES[int(token.subtype)])
        for token, text in zip(read, texts, strict=True)
    ]


def operands(formula: str) -> list[str]:
    """A formula in pieces: every second one is a reference or a name.

    Raises
    ------
    ValueError
        For a text that is not a formula.
    """
    found = ["=" if formula.startswith("=") else ""]
    for token, text in zip(*_read(formula), strict=True):
        if token.subtype == TokenSubType.Range:
            found += [text, ""]
        else:
            found[-1] += text
    return found


def _read(formula: str) -> tuple[list[Any], list[str]]:
    # The engine's tokens and their texts.
    text = formula if formula.startswith("=") else f"={formula}"
    try:
        read: list[Any] = list(formualizer.tokenize(text))
    except Exception as error:
        # The engine's name of its error, and the place, say nothing to a user.
        said = str(error).rpartition(": ")[2]
        raise ValueError(f"{formula!r} is not a formula: {said[:1].lower()}{said[1:]}") from None
    texts = [token.value for token in read]
    if sum(map(len, texts)) < len(text) - 1:
        # Of a deleted cell the tokenizer passes over the sheet: Plan!#REF!
        written = text.encode()
        starts = [1, *(token.end for token in read[:-1])]
        texts = [written[start : token.end].decode() for start, token in zip(starts, read, strict=True)]
    return read, texts


def _tokens(formula: str) -> list[Token]:
    read = tokens(formula)
    following = [token.text for token in read[1:]] + [""]
    return [
        token
        for token, after in zip(read, following, strict=True)
        if not (token.text == "@" and _OURS.fullmatch(after.lstrip()))
    ]
