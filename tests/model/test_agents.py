"""What an accepted second costs: worked out by hand, and against productions that published theirs."""

from __future__ import annotations

import numpy as np
import pytest

from vidcost_xl.facts.book import fact_book
from vidcost_xl.model import agents
from vidcost_xl.model.agents import Way, rewriting_cost
from vidcost_xl.model.offers import find_offer


def way(**changed):
    given = {
        "seconds": 60.0,
        "usd_per_second": 0.10,
        "clip_yield": 0.5,
        "second_yield": 0.4,
        "rewrite": 0.02,
        "edit": 0.001,
        "clip_seconds": 10.0,
        "reject": 0.0005,
    }
    return Way(**(given | changed))


def value(name):
    low, high = fact_book().acceptance(name).bounds
    assert low == high
    return low


def test_by_hand():
    # 60 s at 4 s kept of each 10 s clip: 15 clips kept, 30 tried, 300 s generated.
    # 300 x 0.10 = 30; 30 x 0.02 = 0.60; 300 x 0.001 = 0.30; 240 rejected x 0.0005 = 0.12.
    made = way()
    assert (made.clips_kept, made.clips_tried, made.generated) == pytest.approx((15, 30, 300))
    assert (made.generation, made.rewriting, made.editing, made.rejects) == pytest.approx((30, 0.6, 0.3, 0.12))
    assert made.total == pytest.approx(31.02)
    assert made.per_second == pytest.approx(31.02 / 60)
    # The article's form: generation / (clip yield x second yield) + rewriting + FFmpeg + storage, for a second.
    assert made.per_second == pytest.approx(0.10 / (0.5 * 0.4) + 0.6 / 60 + 0.3 / 60 + 0.12 / 60)


def test_at_the_break_even_clip_yield_prompts_as_written_cost_the_same():
    made = way()
    plain = way(rewrite=0.0, clip_yield=made.break_even_clip_yield)
    assert plain.per_second == pytest.approx(made.per_second, rel=1e-12)
    assert made.break_even_clip_yield < made.clip_yield


def test_at_the_tipping_point_a_second_costs_what_advertising_costs():
    made = way()
    share = made.tipping_acceptance(66.0)
    assert way(clip_yield=share, second_yield=1.0).per_second == pytest.approx(66.0, rel=1e-12)


def test_what_accepting_everything_cannot_reach_is_above_1():
    assert way().tipping_acceptance(0.05) > 1


def test_acceptance_may_be_an_array():
    shares = np.array([0.05, 0.25, 1.0])
    costs = way(clip_yield=shares).per_second
    assert costs.shape == (3,)
    assert costs == pytest.approx([way(clip_yield=share).per_second for share in shares])
    assert np.all(np.diff(costs) < 0)


def test_rewriting_costs_what_the_article_says():
    # A 300-token prompt in, 500 out: $0.0002 to $0.011 by model.
    costs = [rewriting_cost(model, 300, 500) for model in fact_book().language_models.values()]
    assert min(costs) == pytest.approx(0.0002, abs=0.00005)
    assert max(costs) == pytest.approx(0.011, abs=0.0005)
    default = fact_book().language_model(agents.DEFAULT_MODEL)
    assert rewriting_cost(default, 300, 500) == pytest.approx(float(np.median(costs)))


def test_the_published_episode_is_reproduced_within_15_percent():
    # invideo, a three-minute episode: 41 of 164 clips, 5 of each 15 s, $950, $315 a finished minute at the low end.
    length = value("invideo-episode-seconds")
    made = way(
        seconds=length,
        usd_per_second=find_offer(agents.DEFAULT_GENERATOR).usd_per_second,
        clip_yield=agents.default_clip_yield(),
        second_yield=agents.default_second_yield(),
        rewrite=rewriting_cost(fact_book().language_model(agents.DEFAULT_MODEL), 300, 500),
        edit=agents.edit_per_second(),
        clip_seconds=agents.fact_value(agents.CLIP_SECONDS),
        reject=agents.reject_per_second(),
    )
    assert made.clips_tried == pytest.approx(value("invideo-episode-generations"), rel=0.15)
    assert made.clips_kept == pytest.approx(value("invideo-episode-usable-clips"), rel=0.15)
    assert made.total == pytest.approx(value("invideo-episode-cost"), rel=0.15)
    assert 60 * made.per_second == pytest.approx(fact_book().acceptance("invideo-cost-per-minute").bounds[0], rel=0.15)
    assert made.acceptance == pytest.approx(0.083, abs=0.0005)  # "8.3% of seconds"


def test_a_finished_minute_follows_from_the_price_of_a_generation():
    # The same production by its own average price: $950 for 164 generations of 15 s.
    price = value("invideo-episode-cost") / (
        value("invideo-episode-generations") * value("invideo-episode-seconds-generated")
    )
    made = way(
        usd_per_second=price,
        clip_yield=value("invideo-episode-clip-yield"),
        second_yield=5 / 15,
        rewrite=0.0,
        edit=0.0,
        reject=0.0,
    )
    published = value("invideo-episode-cost") / value("invideo-episode-seconds")
    assert made.per_second == pytest.approx(published, rel=0.15)


def test_the_generated_spot_costs_more_to_generate_than_half_and_less_than_all_of_its_budget():
    # Kalshi: 300 to 400 clips of Veo 3 for 15 used, 30 s; $2,000 all in, work included. Veo makes clips of 8 s.
    low, high = fact_book().acceptance("kalshi-clip-yield").bounds
    made = way(
        seconds=value("kalshi-seconds"),
        usd_per_second=find_offer("veo-3.0").usd_per_second,
        clip_yield=np.array([low, high]),
        second_yield=value("kalshi-seconds") / value("kalshi-usable-clips") / 8,
        rewrite=0.0,
        edit=0.0,
        clip_seconds=8.0,
        reject=0.0,
    )
    assert made.clips_tried == pytest.approx([400, 300])
    assert np.all(made.total < value("kalshi-cost"))
    assert made.total == pytest.approx([1280.0, 960.0])


def test_ffmpeg_and_rejects_from_their_sources():
    # 24 frames at 514 a second on 96 CPUs; a CPU hour from $8.16 for 12 h of 16 cores.
    assert agents.edit_per_second() == pytest.approx(24 / 514 * 96 * (8.16 / 192) / 3600)
    # 0.5 MB a second, 12 months at $0.023 for 2^30 bytes.
    assert agents.reject_per_second() == pytest.approx(0.5e6 / 2**30 * 12 * 0.023)
    assert agents.advert_per_second() == pytest.approx(2000 / 30)
