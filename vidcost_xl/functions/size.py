"""Size functions: how much data there is, in any unit, and how long it takes to move."""

from __future__ import annotations

from typing import Final

import numpy as np

from vidcost_xl.functions.arguments import read_number, read_numbers, read_text, read_volume
from vidcost_xl.functions.registry import excel_function
from vidcost_xl.functions.steps import explain_step
from vidcost_xl.functions.values import default_number, default_text, explaining, is_stated
from vidcost_xl.prices.quote import Quantity
from vidcost_xl.units import BITS_PER_BYTE, BITS_PER_GBIT, BITS_PER_MBIT, SECONDS_PER_DAY, bytes_per, convert

BYTES_PER_MB: Final = 1e6

RESULT_UNIT: Final = "Unit of the result: B, kB, MB, GB, TB, PB, EB (powers of 1000) or KiB to EiB (powers of 1024)."
VAE_HELP: Final = 'Video autoencoder, such as "wan2.1" or "hunyuanvideo-1.5"; =VIDEO_LIST("vae") shows all.'
PICTURE_HELP: Final = {
    "vae": VAE_HELP,
    "width": "Width of the clip in pixels.",
    "height": "Height of the clip in pixels.",
    "frames": "Frames in the clip.",
    "dtype": 'Number format of a stored value: "bf16", "fp16", "fp32", "fp8", "uint8"; =VIDEO_LIST("dtype").',
    "unit": RESULT_UNIT,
}


@excel_function(
    "Size",
    "Size of a video data set: how many videos times the size of one.",
    helps={"videos": "How many videos.", "mb_per_video": "Size of one in MB (10^6 bytes).", "unit": RESULT_UNIT},
)
def VIDEO_DATASET(
    videos: object = default_number(1e9),
    mb_per_video: object = default_number(5),
    unit: object = default_text("PB"),
) -> float:
    """Size of a data set.

    Parameters
    ----------
    videos : float
        How many.
    mb_per_video : float
        MB (10^6 bytes) each.
    unit : str
        Of the result.

    Returns
    -------
    float
        In `unit`.

    Examples
    --------
    >>> VIDEO_DATASET(1e9, 5, "PB")
    5.0
    """
    size = read_number(videos, "videos") * read_number(mb_per_video, "mb_per_video") * BYTES_PER_MB
    explain_step("size", size, "bytes", "videos x MB per video x 10^6")
    return size / bytes_per(read_text(unit, "unit"))


@excel_function(
    "Size",
    "Size of one clip from its length and bit rate.",
    helps={"seconds": "Length in seconds.", "mbps": "Bit rate in Mbit/s (10^6 bits a second).", "unit": RESULT_UNIT},
)
def VIDEO_CLIPSIZE(
    seconds: object = default_number(10), mbps: object = default_number(4), unit: object = default_text("MB")
) -> float:
    """Size of one clip.

    Parameters
    ----------
    seconds : float
        Length.
    mbps : float
        Mbit/s.
    unit : str
        Of the result.

    Returns
    -------
    float
        In `unit`.

    Examples
    --------
    >>> VIDEO_CLIPSIZE(10, 4)
    5.0
    """
    bits = read_number(seconds, "seconds") * read_number(mbps, "mbps") * BITS_PER_MBIT
    explain_step("size", bits / BITS_PER_BYTE, "bytes", "seconds x Mbit/s x 10^6 / 8")
    return bits / BITS_PER_BYTE / bytes_per(read_text(unit, "unit"))


@excel_function("Size", "Size of the latents that a video autoencoder makes of one clip.", helps=PICTURE_HELP)
def VIDEO_LATENT(
    vae: object = default_text("wan2.1"),
    width: object = default_number(1280),
    height: object = default_number(720),
    frames: object = default_number(121),
    dtype: object = default_text("bf16"),
    unit: object = default_text("MB"),
) -> float:
    """Size of one clip's latents.

    Parameters
    ----------
    vae : str
        Autoencoder of the fact book.
    width, height : float
        Pixels, whole.
    frames : float
        Frames, whole.
    dtype : str
        Format of a stored value.
    unit : str
        Of the result.

    Returns
    -------
    float
        In `unit`. Container overhead is not counted.

    Examples
    --------
    >>> VIDEO_LATENT("wan2.1", 1280, 720, 121)
    14.2848
    """
    from vidcost_xl.facts.book import fact_book
    from vidcost_xl.facts.latents import latent_bytes, latent_shape

    model = fact_book().vae(read_text(vae, "vae"))
    picture = _picture(width, height, frames)
    name = read_text(dtype, "dtype")
    size = float(latent_bytes(model, *picture, name))
    if explaining() is not None:
        shape = latent_shape(model, *picture)
        explain_step("vae", model.label, "", f"{model.frame_rule} frames; {model.source}")
        explain_step("latent shape", " x ".join(map(str, shape)), "", "channels x frames x rows x columns")
        explain_step("size", size, "bytes", f"values x bytes of {name}")
    return size / bytes_per(read_text(unit, "unit"))


@excel_function(
    "Size",
    "Size of the stored text embedding of one clip's caption.",
    helps={
        "encoder": 'Text encoder, such as "umt5-xxl"; =VIDEO_LIST("encoder") shows all.',
        "tokens": "Tokens stored for a caption; left out: the length that the model pads to.",
        "dtype": PICTURE_HELP["dtype"],
        "unit": RESULT_UNIT,
    },
)
def VIDEO_TEXTFEATURE(
    encoder: object = default_text("umt5-xxl"),
    tokens: object = None,
    dtype: object = default_text("bf16"),
    unit: object = default_text("MB"),
) -> float:
    """Size of one caption's text embedding.

    Parameters
    ----------
    encoder : str
        Text encoder of the fact book.
    tokens : float, optional
        Tokens stored, whole; the padded length when left out.
    dtype : str
        Format of a stored value.
    unit : str
        Of the result.

    Returns
    -------
    float
        In `unit`.

    Examples
    --------
    >>> VIDEO_TEXTFEATURE("umt5-xxl")
    4.194304
    """
    from vidcost_xl.facts.book import fact_book
    from vidcost_xl.facts.latents import text_feature_bytes

    model = fact_book().text_encoder(read_text(encoder, "encoder"))
    length = int(read_number(tokens, "tokens", 1, whole=True)) if is_stated(tokens) else None
    name = read_text(dtype, "dtype")
    size = float(text_feature_bytes(model, length, name))
    explain_step("encoder", model.label, "", model.source)
    explain_step("values", float((length or model.tokens) * model.dim), "values", "tokens x width of the embedding")
    explain_step("size", size, "bytes", f"values x bytes of {name}")
    return size / bytes_per(read_text(unit, "unit"))


@excel_function(
    "Size",
    "Tokens that a diffusion transformer sees for one clip.",
    helps={**PICTURE_HELP, "patch": "Latent cells along one side of a token's patch; left out: the model's own."},
)
def VIDEO_TOKENS(
    vae: object = default_text("wan2.1"),
    width: object = default_number(1280),
    height: object = default_number(720),
    frames: object = default_number(121),
    patch: object = None,
) -> float:
    """Visual tokens of one clip.

    Parameters
    ----------
    vae : str
    width, height, frames : float
        Whole.
    patch : float, optional
        Latent cells along one side of a patch, whole; the model's own when left out.

    Returns
    -------
    float
        Tokens.

    Examples
    --------
    >>> VIDEO_TOKENS("wan2.1", 1280, 720, 121)
    111600.0
    """
    from vidcost_xl.facts.book import fact_book
    from vidcost_xl.facts.latents import latent_shape, latent_tokens

    model = fact_book().vae(read_text(vae, "vae"))
    side = int(read_number(patch, "patch", 1, whole=True)) if is_stated(patch) else None
    picture = _picture(width, height, frames)
    explain_step(
        "latent shape", " x ".join(map(str, latent_shape(model, *picture))), "", "channels x frames x rows x columns"
    )
    if side is None and model.patch is not None:
        explain_step("patch", model.patch, "cells", f"{model.label}'s own; {model.patch_source}")
    return float(latent_tokens(model, *picture, side))


@excel_function(
    "Size",
    "Express an amount of data in another unit; decimal and binary units are kept apart.",
    helps={
        "amount": "The amount, a number or a range of numbers.",
        "from_unit": "Its unit: B, kB, MB, GB, TB, PB, EB (powers of 1000) or KiB to EiB (powers of 1024).",
        "to_unit": "The unit wanted.",
    },
)
def VIDEO_CONVERT(amount: object, from_unit: object, to_unit: object) -> Quantity:
    """Convert between units of data.

    Parameters
    ----------
    amount : float or range
        In `from_unit`.
    from_unit, to_unit : str

    Returns
    -------
    float or ndarray
        In `to_unit`.

    Examples
    --------
    >>> VIDEO_CONVERT(5, "PiB", "TiB")
    5120.0
    """
    start, end = read_text(from_unit, "from_unit"), read_text(to_unit, "to_unit")
    numbers = read_numbers(amount, "amount")
    return convert(numbers, start, end) if isinstance(numbers, float) else numbers * convert(1.0, start, end)


@excel_function(
    "Size",
    "Days that moving an amount of data takes over a link.",
    helps={
        "gbps": "Line rate of the link in Gbit/s (10^9 bits a second).",
        "utilisation": "Share of the line rate that carries data, above 0 to 1.",
    },
)
def VIDEO_TRANSFERDAYS(
    amount: object = default_number(5),
    unit: object = default_text("PB"),
    gbps: object = default_number(100),
    utilisation: object = default_number(0.8),
) -> Quantity:
    """Duration of a transfer.

    Parameters
    ----------
    amount, unit
        Data to move.
    gbps : float
        Gbit/s, above 0.
    utilisation : float
        Above 0, at most 1.

    Returns
    -------
    float or ndarray
        Days.

    Examples
    --------
    >>> round(VIDEO_TRANSFERDAYS(5, "PB", 100, 0.8), 3)
    5.787
    """
    share = read_number(utilisation, "utilisation", 0, 1, above=True)
    rate = read_number(gbps, "gbps", above=True) * BITS_PER_GBIT * share
    bits = np.multiply(read_volume(amount, unit), BITS_PER_BYTE)
    explain_step("payload rate", rate, "bit/s", "Gbit/s x 10^9 x utilisation")
    days = bits / rate / SECONDS_PER_DAY
    return days if isinstance(days, np.ndarray) else float(days)


def _picture(width: object, height: object, frames: object) -> tuple[int, int, int]:
    return (
        int(read_number(width, "width", 1, whole=True)),
        int(read_number(height, "height", 1, whole=True)),
        int(read_number(frames, "frames", 1, whole=True)),
    )
