"""What a video autoencoder, a text encoder and a diffusion transformer make of one clip: bytes and tokens."""

from __future__ import annotations

from typing import Final

from vidcost_xl.functions.arguments import read_number, read_text
from vidcost_xl.functions.registry import excel_function
from vidcost_xl.functions.size import RESULT_UNIT
from vidcost_xl.functions.steps import explain_step
from vidcost_xl.functions.values import default_number, default_text, explaining, is_stated
from vidcost_xl.units import bytes_per

VAE_HELP: Final = 'Video autoencoder, such as "wan2.1" or "hunyuanvideo-1.5"; =VIDEO_LIST("vae") shows all.'
PICTURE_HELP: Final = {
    "vae": VAE_HELP,
    "width": "Width of the clip in pixels.",
    "height": "Height of the clip in pixels.",
    "frames": "Frames in the clip.",
    "dtype": 'Number format of a stored value: "bf16", "fp16", "fp32", "fp8", "uint8"; =VIDEO_LIST("dtype").',
    "unit": RESULT_UNIT,
}


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


def _picture(width: object, height: object, frames: object) -> tuple[int, int, int]:
    return (
        int(read_number(width, "width", 1, whole=True)),
        int(read_number(height, "height", 1, whole=True)),
        int(read_number(frames, "frames", 1, whole=True)),
    )
