"""What a facts file may say: one TOML file per kind of row, checked by pydantic on loading.

Adding a VAE, a data set or a generator is editing data. A row says where its figures
were read and when; what follows from the figures is computed, never stored.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, PositiveFloat, PositiveInt, field_validator, model_validator

from vidcost_xl.errors import NotInBookError, unknown_name
from vidcost_xl.units import BITS_PER_BYTE, bytes_per, convert

Identifier = Annotated[str, Field(pattern=r"^[a-z0-9]+(?:[.-][a-z0-9]+)*$")]
#: A day, a month or a year, as exactly as the source gives it; two of them joined by a slash are a period (ISO 8601).
ReadingDate = Annotated[str, Field(pattern=r"^\d{4}(?:-\d{2}(?:-\d{2})?)?(?:/\d{4})?$")]
Confidence = Literal["high", "medium", "low"]
FrameRule = Literal["causal", "ceil", "per-frame", "step17", "allegro"]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
NonNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]

SECONDS_PER_HOUR: Final = 3600


class Row(BaseModel):
    """One reviewed row: its names, where its figures were read, when, how far to trust them."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    id: Identifier
    label: str = Field(min_length=2)
    aliases: tuple[str, ...] = ()
    source: str = Field(min_length=8)
    as_of: ReadingDate
    confidence: Confidence
    note: str = ""

    @field_validator("source")
    @classmethod
    def _a_source_was_read(cls, source: str) -> str:
        if "recalled" in source.casefold():
            raise ValueError("a figure from memory is not a fact: read its source or leave the row out")
        return source


class Vae(Row):
    """A video autoencoder: how far it shrinks a clip in time and space, into how many channels.

    `latent_frame_multiple` latent frames make one token deep; counts are padded up to it.
    `codebook_size` is set for a discrete tokenizer, whose cells are codes. `patch` is how many cells
    along a side its model's transformer takes as one token; None where no source says.
    """

    temporal_factor: PositiveInt
    spatial_factor: PositiveInt
    latent_channels: PositiveInt
    frame_rule: FrameRule
    latent_frame_multiple: PositiveInt = 1
    codebook_size: PositiveInt | None = None
    patch: PositiveInt | None = None
    patch_source: str = ""

    @model_validator(mode="after")
    def _a_patch_has_a_source(self) -> Self:
        if (self.patch is None) != (not self.patch_source):
            raise ValueError("a patch has a size and a source")
        return self

    @model_validator(mode="after")
    def _per_frame_means_no_temporal_factor(self) -> Self:
        if (self.frame_rule == "per-frame") != (self.temporal_factor == 1):
            raise ValueError("the rule 'per-frame' and a temporal factor of 1 go together")
        return self


class TextEncoder(Row):
    """A text encoder: the padded length a pipeline stores, in tokens, and the values in one token.

    `pooled` marks an encoder that gives one vector for a whole prompt.
    """

    tokens: PositiveInt
    dim: PositiveInt
    pooled: bool = False

    @model_validator(mode="after")
    def _pooled_is_one_vector(self) -> Self:
        if self.pooled and self.tokens != 1:
            raise ValueError("a pooled encoder gives one vector")
        return self


class Corpus(Row):
    """A video data set: as many of clips, hours and decimal terabytes as its source gives."""

    clips: PositiveInt | None = None
    hours: Positive | None = None
    terabytes: Positive | None = None
    resolution: str = ""

    @model_validator(mode="after")
    def _has_a_figure(self) -> Self:
        if self.clips is None and self.hours is None and self.terabytes is None:
            raise ValueError("a data set has at least one of clips, hours and terabytes")
        return self

    @property
    def megabytes_per_clip(self) -> float | None:
        """Mean size of a clip in MB; None where clips or terabytes are not published."""
        if self.clips is None or self.terabytes is None:
            return None
        return convert(self.terabytes, "TB", "MB") / self.clips

    @property
    def seconds_per_clip(self) -> float | None:
        """Mean length of a clip in seconds; None where clips or hours are not published."""
        if self.clips is None or self.hours is None:
            return None
        return self.hours * SECONDS_PER_HOUR / self.clips

    @property
    def megabits_per_second(self) -> float | None:
        """Mean bit rate in Mbit/s; None where hours or terabytes are not published."""
        if self.hours is None or self.terabytes is None:
            return None
        return convert(self.terabytes, "TB", "MB") * BITS_PER_BYTE / (self.hours * SECONDS_PER_HOUR)


class TextCorpus(Row):
    """A text data set: its tokens and its decimal terabytes as stored."""

    terabytes: Positive
    tokens: Positive | None = None

    @property
    def bytes_per_token(self) -> float | None:
        """Mean stored bytes a token; None where tokens are not published."""
        return None if self.tokens is None else self.terabytes * bytes_per("TB") / self.tokens


class Generator(Row):
    """A video generator sold by the second of output, in dollars.

    `usd_per_second` is the price when no resolution is named. `withdrawn` is the first day without it.
    """

    usd_per_second: PositiveFloat
    by_resolution: dict[str, Positive] = Field(default_factory=dict)
    withdrawn: date | None = None
    withdrawn_source: str = ""

    @model_validator(mode="after")
    def _withdrawal_has_a_source(self) -> Self:
        if (self.withdrawn is None) != (not self.withdrawn_source):
            raise ValueError("a withdrawal has a date and a source")
        return self

    def price(self, resolution: str | None = None) -> float:
        """The price of one generated second.

        Parameters
        ----------
        resolution : str, optional
            As the seller names it, such as "720p" or "4k"; without it, the seller's base price.

        Returns
        -------
        float
            USD per second.

        Raises
        ------
        NotInBookError
            For a resolution that has no price of its own.
        """
        if resolution is None:
            return self.usd_per_second
        price = self.by_resolution.get(resolution.strip().casefold())
        if price is None:
            hint = f"Leave the resolution out for the base price of {self.id}."
            raise NotInBookError(unknown_name(f"{self.id} resolution", resolution, self.by_resolution, hint))
        return price

    def offered_on(self, day: date) -> bool:
        """Whether it is not withdrawn on `day`."""
        return self.withdrawn is None or day < self.withdrawn


class LanguageModel(Row):
    """A language model, in dollars for a million tokens read and for a million written."""

    usd_per_million_input: NonNegative
    usd_per_million_output: NonNegative


class Quantity(Row):
    """One reported figure in `unit`: a value, or the two ends of a range."""

    value: Positive | None = None
    low: Positive | None = None
    high: Positive | None = None
    unit: str = Field(min_length=1)

    @model_validator(mode="after")
    def _value_or_range(self) -> Self:
        is_range = self.low is not None and self.high is not None
        if (self.low is None) != (self.high is None) or (self.value is not None) == is_range:
            raise ValueError("a quantity has either a value or both low and high")
        if self.low is not None and self.high is not None and self.low >= self.high:
            raise ValueError("low is below high")
        return self

    @property
    def bounds(self) -> tuple[float, float]:
        """The two ends in `unit`; equal where one value is reported."""
        low = self.value if self.low is None else self.low
        high = self.value if self.high is None else self.high
        if low is None or high is None:
            raise AssertionError("checked on loading")
        return low, high
