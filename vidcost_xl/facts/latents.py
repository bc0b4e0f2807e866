"""How large a clip is once encoded: latents, transformer tokens, text features.

A latent has `channels x latent frames x rows x columns` values; rows and columns are
whole cells of the VAE. Nothing here is ever a silent 0: what makes none is an error.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from vidcost_xl.errors import BadArgumentError, OutOfDomainError, unknown_name
from vidcost_xl.facts.book import fact_book
from vidcost_xl.facts.schema import FrameRule, TextEncoder, Vae

#: Bytes in one stored value. Universal: the width of the format.
DTYPE_BYTES: Final[Mapping[str, int]] = MappingProxyType(
    {"fp32": 4, "fp16": 2, "bf16": 2, "fp8": 1, "uint8": 1, "int8": 1, "uint16": 2}
)

#: Step-Video-T2V turns each whole group of 17 frames into 3 latent frames:
#: stepfun-ai/Step-Video-T2V@675e08c stepvideo/diffusion/video_pipeline.py:123,146.
STEP_GROUP_FRAMES: Final = 17
STEP_GROUP_LATENT_FRAMES: Final = 3


def latent_frames(vae: str | Vae, frames: float) -> int:
    """How many latent frames a clip has, padding included.

    Parameters
    ----------
    vae : str or Vae
        A name in the book, or its row.
    frames : float
        Frames of the clip, a whole number.

    Returns
    -------
    int
        At least 1.

    Raises
    ------
    NotInBookError
        For an unknown VAE.
    OutOfDomainError
        For frames that are not a whole number of at least 1, or too few to make a latent frame.

    Notes
    -----
    With `T` frames and temporal factor `ct`: causal (T-1)//ct + 1; ceil T/ct rounded up (the same
    number, without a first frame of its own); per-frame T; step17 T//17*3; allegro T/ct rounded up
    for an even T and (T-1)/ct rounded up + 1 for an odd one, so it is not monotone. The count is
    then padded up to the VAE's `latent_frame_multiple`.

    Examples
    --------
    >>> latent_frames("wan2.1", 121), latent_frames("cogvideox-1.5", 121)
    (31, 32)
    """
    row = _vae(vae)
    count = _whole("frames", frames)
    made = _FRAME_RULES[row.frame_rule](count, row.temporal_factor)
    if made < 1:
        raise OutOfDomainError(
            f"{row.id} turns each {STEP_GROUP_FRAMES} frames into {STEP_GROUP_LATENT_FRAMES} latent frames, and "
            f"{count} frames make none. Write {STEP_GROUP_FRAMES} frames or more."
        )
    return _round_up(made, row.latent_frame_multiple) * row.latent_frame_multiple


def latent_shape(vae: str | Vae, width: float, height: float, frames: float) -> tuple[int, int, int, int]:
    """The shape of an encoded clip.

    Parameters
    ----------
    vae : str or Vae
        A name in the book, or its row.
    width, height : float
        Of the clip in pixels, whole numbers; what is left after the last whole cell is not encoded.
    frames : float
        Frames of the clip, a whole number.

    Returns
    -------
    tuple of int
        (channels, latent frames, rows, columns).

    Raises
    ------
    NotInBookError
        For an unknown VAE.
    OutOfDomainError
        For a number that is not whole, a side smaller than one cell, too few frames.

    Examples
    --------
    >>> latent_shape("wan2.1", 1280, 720, 121)
    (16, 31, 90, 160)
    """
    row = _vae(vae)
    columns = _cells(row, "width", width)
    rows = _cells(row, "height", height)
    return row.latent_channels, latent_frames(row, frames), rows, columns


def latent_bytes(vae: str | Vae, width: float, height: float, frames: float, dtype: str = "bf16") -> int:
    """The size of an encoded clip.

    Parameters
    ----------
    vae : str or Vae
        A name in the book, or its row.
    width, height : float
        Of the clip in pixels, whole numbers.
    frames : float
        Frames of the clip, a whole number.
    dtype : str
        One of `DTYPE_BYTES`.

    Returns
    -------
    int
        Bytes of one sampled latent; stored mean and log variance take twice as much.

    Raises
    ------
    NotInBookError
        For an unknown VAE.
    BadArgumentError
        For an unknown dtype.
    OutOfDomainError
        As `latent_shape`, and for a dtype too narrow for the codes of a discrete tokenizer.

    Examples
    --------
    >>> latent_bytes("wan2.1", 1280, 720, 121, "bf16")
    14284800
    """
    row = _vae(vae)
    size = _dtype_bytes(dtype)
    if row.codebook_size is not None and 256**size < row.codebook_size:
        raise OutOfDomainError(f'{row.id} stores one of {row.codebook_size} codes a cell. Write "uint16".')
    return math.prod(latent_shape(row, width, height, frames)) * size


def latent_tokens(vae: str | Vae, width: float, height: float, frames: float, patch: float | None = None) -> int:
    """How many tokens a transformer makes of an encoded clip.

    Parameters
    ----------
    vae : str or Vae
        A name in the book, or its row.
    width, height : float
        Of the clip in pixels, whole numbers.
    frames : float
        Frames of the clip, a whole number.
    patch : float, optional
        Cells of the latent along each side of a token, a whole number; the model's own when left out.

    Returns
    -------
    int
        Token layers x (rows // patch) x (columns // patch). A layer is one latent frame, or
        `latent_frame_multiple` of them. Whole patches only, as pipelines crop a clip to them
        (diffusers@58eb52c0 pipelines/wan/pipeline_wan.py:505-511).

    Raises
    ------
    NotInBookError
        For an unknown VAE.
    OutOfDomainError
        As `latent_shape`, and for a patch larger than the latent.
    BadArgumentError
        For no patch, where the book knows none of the model's own.

    Examples
    --------
    >>> latent_tokens("wan2.1", 1280, 720, 121) == 31 * 45 * 80
    True
    """
    row = _vae(vae)
    side = _own_patch(row) if patch is None else _whole("patch", patch)
    _, deep, rows, columns = latent_shape(row, width, height, frames)
    if side > min(rows, columns):
        raise OutOfDomainError(f"a patch of {side} does not fit a {row.id} latent of {rows} x {columns} cells.")
    return deep // row.latent_frame_multiple * (rows // side) * (columns // side)


def text_feature_bytes(encoder: str | TextEncoder, tokens: float | None = None, dtype: str = "bf16") -> int:
    """The size of an encoded prompt.

    Parameters
    ----------
    encoder : str or TextEncoder
        A name in the book, or its row.
    tokens : float, optional
        Tokens stored, a whole number; by default the padded length of the encoder's pipeline, which
        is a setting, so more is allowed.
    dtype : str
        One of `DTYPE_BYTES`.

    Returns
    -------
    int
        Bytes: tokens x values in a token x bytes in a value.

    Raises
    ------
    NotInBookError
        For an unknown encoder.
    BadArgumentError
        For an unknown dtype.
    OutOfDomainError
        For tokens that are not a whole number of at least 1, or more than the one vector of a pooled encoder.

    Examples
    --------
    >>> text_feature_bytes("umt5-xxl")
    4194304
    """
    row = encoder if isinstance(encoder, TextEncoder) else fact_book().text_encoder(encoder)
    stored = row.tokens if tokens is None else _whole("tokens", tokens)
    if row.pooled and stored > 1:
        raise OutOfDomainError(f"{row.id} gives one vector for a whole prompt, not {stored}.")
    return stored * row.dim * _dtype_bytes(dtype)


def _allegro(frames: int, factor: int) -> int:
    if frames % 2 == 0:
        return _round_up(frames, factor)
    return _round_up(frames - 1, factor) + 1


def _round_up(amount: int, step: int) -> int:
    return -(-amount // step)


_FRAME_RULES: Final[Mapping[FrameRule, Callable[[int, int], int]]] = MappingProxyType(
    {
        "causal": lambda frames, factor: (frames - 1) // factor + 1,
        "ceil": _round_up,
        "per-frame": lambda frames, _factor: frames,
        "step17": lambda frames, _factor: frames // STEP_GROUP_FRAMES * STEP_GROUP_LATENT_FRAMES,
        "allegro": _allegro,
    }
)


def _vae(vae: str | Vae) -> Vae:
    return vae if isinstance(vae, Vae) else fact_book().vae(vae)


def _own_patch(vae: Vae) -> int:
    if vae.patch is None:
        raise BadArgumentError(
            f"{vae.id} belongs to no transformer whose patch is known: "
            "write patch, the latent cells along one side of a token."
        )
    return vae.patch


def _cells(vae: Vae, side: str, pixels: float) -> int:
    cells = _whole(side, pixels) // vae.spatial_factor
    if cells < 1:
        raise OutOfDomainError(
            f"{side} {pixels:g} is smaller than one latent cell of {vae.id}, {vae.spatial_factor} pixels."
        )
    return cells


def _dtype_bytes(dtype: str) -> int:
    size = DTYPE_BYTES.get(str(dtype).strip().casefold())
    if size is None:
        raise BadArgumentError(unknown_name("dtype", str(dtype), DTYPE_BYTES))
    return size


def _whole(what: str, number: float) -> int:
    if isinstance(number, bool):
        raise BadArgumentError(f"{what} is a number, not {number}.")
    if not math.isfinite(number) or number < 1 or number != int(number):
        raise OutOfDomainError(f"{what} {number:g} is not a whole number of at least 1.")
    return int(number)
