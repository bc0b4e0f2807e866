"""Sizes of encoded clips: sums done by hand, published data sets, and rules that hold for every VAE.

The hand-made sizes are channels x latent frames x (height // factor) x (width // factor) x 2 bytes,
from the factors in each VAE's source, for 832 x 480 x 81 frames and 1280 x 720 x 121 frames.
"""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from vidcost_xl.errors import BadArgumentError, NotInBookError, OutOfDomainError
from vidcost_xl.facts.book import fact_book
from vidcost_xl.facts.latents import (
    DTYPE_BYTES,
    STEP_GROUP_FRAMES,
    latent_bytes,
    latent_frames,
    latent_shape,
    latent_tokens,
    text_feature_bytes,
)

#: VAE: bytes in bf16 of 832 x 480 x 81 frames, of 1280 x 720 x 121 frames.
BYTES_BF16 = {
    "cosmos-cv4x8x8": (4_193_280, 14_284_800),
    "cosmos-cv8x8x8": (2_196_480, 7_372_800),
    "cosmos-cv8x16x16": (549_120, 1_843_200),
    "wan2.1": (4_193_280, 14_284_800),
    "wan2.2-ti2v-5b": (3_144_960, 10_713_600),
    "hunyuanvideo-1.0": (4_193_280, 14_284_800),
    "hunyuanvideo-1.5": (2_096_640, 7_142_400),
    "cogvideox": (4_193_280, 14_284_800),
    "ltx-video": (1_098_240, 3_604_480),
    "mochi-1": (2_096_640, 7_257_600),
    "open-sora-2": (4_193_280, 14_284_800),
    "open-sora-2-dc-ae": (2_096_640, 6_983_680),
    "step-video-t2v": (2_396_160, 9_676_800),
    "sd-vae": (4_043_520, 13_939_200),
    "sd3-vae": (16_174_080, 55_756_800),
    "allegro": (1_048_320, 3_571_200),
}
#: VAE: Mbit/s of video in bf16, at 832 x 480 and 16 frames/s, at 1280 x 720 and 24 frames/s,
#: over the seconds between the first and the last frame: 5 s both times.
MBPS_BF16 = {
    "cosmos-cv4x8x8": (6.709, 22.856),
    "cosmos-cv8x8x8": (3.514, 11.796),
    "cosmos-cv8x16x16": (0.879, 2.949),
    "wan2.1": (6.709, 22.856),
    "wan2.2-ti2v-5b": (5.032, 17.142),
    "hunyuanvideo-1.0": (6.709, 22.856),
    "hunyuanvideo-1.5": (3.355, 11.428),
    "cogvideox": (6.709, 22.856),
    "ltx-video": (1.757, 5.767),
    "mochi-1": (3.355, 11.612),
    "open-sora-2-dc-ae": (3.355, 11.174),
    "step-video-t2v": (3.834, 15.483),
    "sd-vae": (6.470, 22.303),
    "sd3-vae": (25.879, 89.211),
    "allegro": (1.677, 5.714),
}
VAES = sorted(fact_book().vaes)
CAUSAL = sorted(row.id for row in fact_book().vaes.values() if row.frame_rule == "causal")
#: Allegro counts an odd clip's first frame apart: 87 frames make more latent frames than 88.
MONOTONE = sorted(row.id for row in fact_book().vaes.values() if row.frame_rule != "allegro")
FRAMES = st.integers(STEP_GROUP_FRAMES, 5_000)
SIDES = st.integers(64, 8_192)


@pytest.mark.parametrize("vae", BYTES_BF16)
def test_a_latent_is_channels_times_latent_frames_times_cells_times_bytes(vae):
    assert (latent_bytes(vae, 832, 480, 81, "bf16"), latent_bytes(vae, 1280, 720, 121, "bf16")) == BYTES_BF16[vae]


@pytest.mark.parametrize("vae", MBPS_BF16)
def test_the_bit_rate_of_latents_is_that_of_their_bytes_over_five_seconds(vae):
    small = latent_bytes(vae, 832, 480, 81) * 8 / ((81 - 1) / 16) / 1e6
    large = latent_bytes(vae, 1280, 720, 121) * 8 / ((121 - 1) / 24) / 1e6
    assert (small, large) == pytest.approx(MBPS_BF16[vae], abs=6e-4)


def test_the_design_figures_hold_for_wan_2_1_at_720p():
    assert latent_shape("wan2.1", 1280, 720, 121) == (16, 31, 90, 160)
    assert latent_bytes("wan2.1", 1280, 720, 121, "bf16") == 14_284_800
    assert latent_tokens("wan2.1", 1280, 720, 121, 2) == 31 * 45 * 80


def test_a_discrete_tokenizer_stores_one_code_a_cell_in_two_bytes():
    assert latent_bytes("cosmos-dv8x16x16", 1280, 720, 121, "uint16") == 115_200
    with pytest.raises(OutOfDomainError, match="uint16"):
        latent_bytes("cosmos-dv8x16x16", 1280, 720, 121, "uint8")


@pytest.mark.parametrize(("rows", "published"), [(20_000, 9_326_901_169), (30_000, 13_991_156_151)])
def test_published_data_sets_of_features_are_within_one_percent_of_the_formula(rows, published):
    # Hugging Face Min-Jaewon/coco-filtered and Min-Jaewon/pickapic-filtered: a row is the moments of one
    # 768 x 768 image, fp16 [2, 4, 96, 96], and a prompt, fp32 [1, 77, 1024]; num_bytes of the data set cards.
    moments = fact_book().practice("stored-moments").value
    size = rows * (moments * latent_bytes("sd-vae", 768, 768, 1, "fp16") + text_feature_bytes("sd2-clip", None, "fp32"))
    assert size == rows * 462_848
    assert size == pytest.approx(published, rel=0.01)


def test_cogvideox_1_5_pads_latent_frames_to_an_even_count_and_takes_two_to_a_token():
    assert [latent_frames("cogvideox-1.5", frames) for frames in (1, 5, 81, 121, 125)] == [2, 2, 22, 32, 32]
    assert latent_tokens("cogvideox-1.5", 1280, 720, 121, 2) == 16 * 45 * 80


def test_step_video_makes_three_latent_frames_of_each_whole_group_of_17():
    assert [latent_frames("step-video-t2v", frames) for frames in (17, 33, 34, 81, 121, 204)] == [3, 3, 6, 12, 21, 36]


@pytest.mark.parametrize("frames", [1, 2, 16])
def test_too_few_frames_for_a_group_are_an_error_and_not_a_silent_zero(frames):
    with pytest.raises(OutOfDomainError, match="17 frames or more"):
        latent_bytes("step-video-t2v", 1280, 720, frames)


def test_allegro_counts_the_first_frame_apart_only_in_an_odd_clip():
    assert [latent_frames("allegro", frames) for frames in (1, 2, 81, 87, 88, 121)] == [1, 1, 21, 23, 22, 31]


@given(vae=st.sampled_from(MONOTONE), frames=FRAMES)
def test_a_longer_clip_is_never_smaller(vae, frames):
    assert latent_frames(vae, frames + 1) >= latent_frames(vae, frames)


@given(vae=st.sampled_from(VAES), width=SIDES, height=SIDES, frames=FRAMES)
def test_twice_the_bytes_a_value_are_twice_the_bytes_a_clip(vae, width, height, frames):
    assert latent_bytes(vae, width, height, frames, "fp32") == 2 * latent_bytes(vae, width, height, frames, "bf16")


@given(vae=st.sampled_from(CAUSAL), frames=FRAMES)
def test_a_causal_vae_makes_its_share_of_frames_rounded_up_and_padded(vae, frames):
    row = fact_book().vae(vae)
    share = math.ceil(frames / row.temporal_factor)
    assert share <= latent_frames(vae, frames) < share + row.latent_frame_multiple
    assert latent_frames(vae, frames) % row.latent_frame_multiple == 0


@given(vae=st.sampled_from(VAES), width=SIDES, height=SIDES, frames=FRAMES)
def test_a_size_is_a_positive_whole_number_and_turning_the_picture_keeps_it(vae, width, height, frames):
    size = latent_bytes(vae, width, height, frames)
    assert isinstance(size, int)
    assert size > 0
    assert size == latent_bytes(vae, height, width, frames)


@given(vae=st.sampled_from(VAES), width=SIDES, height=SIDES, frames=FRAMES, patch=st.integers(1, 4))
def test_tokens_never_outnumber_the_cells_they_are_made_of(vae, width, height, frames, patch):
    _, deep, rows, columns = latent_shape(vae, width, height, frames)
    assume(patch <= min(rows, columns))
    assert 0 < latent_tokens(vae, width, height, frames, patch) * patch**2 <= deep * rows * columns


@pytest.mark.parametrize("frames", [0, -1, 80.5, math.nan, math.inf])
def test_frames_are_a_whole_number_of_at_least_one(frames):
    with pytest.raises(OutOfDomainError, match="frames"):
        latent_bytes("wan2.1", 1280, 720, frames)


def test_a_whole_number_may_come_as_a_float_as_cells_hold_them():
    assert latent_bytes("wan2.1", 1280.0, 720.0, 121.0) == 14_284_800


def test_true_is_not_a_number_of_frames():
    with pytest.raises(BadArgumentError, match="frames"):
        latent_frames("wan2.1", True)


@pytest.mark.parametrize(("width", "height", "side"), [(31, 720, "width"), (1280, 31, "height"), (0, 720, "width")])
def test_a_side_smaller_than_a_latent_cell_is_outside_the_domain(width, height, side):
    with pytest.raises(OutOfDomainError, match=side):
        latent_shape("ltx-video", width, height, 121)


def test_a_patch_larger_than_the_latent_is_outside_the_domain():
    with pytest.raises(OutOfDomainError, match="patch"):
        latent_tokens("ltx-video", 32, 32, 9, 2)


def test_an_unknown_dtype_names_the_nearest():
    with pytest.raises(BadArgumentError, match="bf16"):
        latent_bytes("wan2.1", 1280, 720, 121, "bf-16")


def test_dtype_names_ignore_case_and_surrounding_spaces():
    assert latent_bytes("wan2.1", 1280, 720, 121, " BF16 ") == 14_284_800


def test_dtypes_have_the_width_of_their_format():
    assert dict(DTYPE_BYTES) == {"fp32": 4, "fp16": 2, "bf16": 2, "fp8": 1, "uint8": 1, "int8": 1, "uint16": 2}


#: Text encoder: padded bytes in bf16, tokens x dim x 2 by hand from each encoder's source.
PADDED_BF16 = {
    "umt5-xxl": 4_194_304,
    "llava-llama": 2_097_152,
    "clip-pooled": 1_536,
    "qwen2.5-vl": 7_168_000,
    "byt5-glyph": 753_664,
    "t5-xxl-cogvideox": 1_851_392,
    "t5-xxl-ltx-video": 1_048_576,
    "t5-xxl-mochi": 2_097_152,
    "t5-xxl-open-sora-2": 4_194_304,
    "gemma3-ltx-2-raw": 385_351_680,
    "gemma3-ltx-2": 7_864_320,
    "step-llm": 3_932_160,
    "t5-11b-cosmos": 1_048_576,
    "reason1-cosmos-predict2.5": 102_760_448,
    "sd2-clip": 157_696,
}


@pytest.mark.parametrize("encoder", PADDED_BF16)
def test_a_padded_prompt_is_tokens_times_values_times_bytes(encoder):
    assert text_feature_bytes(encoder) == PADDED_BF16[encoder]


@given(encoder=st.sampled_from(sorted(fact_book().text_encoders)), tokens=st.integers(1, 4_096))
def test_a_prompt_costs_the_same_for_every_token(encoder, tokens):
    row = fact_book().text_encoder(encoder)
    assume(not row.pooled)
    assert text_feature_bytes(row, tokens, "fp8") == tokens * row.dim


@pytest.mark.parametrize("tokens", [0, 1.5, -4])
def test_stored_tokens_are_a_whole_number_of_at_least_one(tokens):
    with pytest.raises(OutOfDomainError, match="tokens"):
        text_feature_bytes("umt5-xxl", tokens)


def test_a_pooled_encoder_gives_one_vector():
    assert text_feature_bytes("clip-pooled", 1) == 1_536
    with pytest.raises(OutOfDomainError, match="one vector"):
        text_feature_bytes("clip-pooled", 77)


def test_unknown_vaes_and_encoders_show_as_not_available_with_the_nearest_name():
    with pytest.raises(NotInBookError, match=r"Nearest: wan2\.1"):
        latent_bytes("wan2.0", 1280, 720, 121)
    with pytest.raises(NotInBookError, match="Nearest: umt5-xxl"):
        text_feature_bytes("umt5-xl")
