"""The registry: names and argument order as they were frozen, and help that Excel's wizard can show."""

from __future__ import annotations

import inspect
import subprocess
import sys

import pytest

from vidcost_xl.errors import BadArgumentError, ExcelError
from vidcost_xl.functions.adapter import call
from vidcost_xl.functions.reference import reference
from vidcost_xl.functions.registry import SHARED_HELP, excel_function, function_spec, functions

TERMS = ["region", "discount", "rates", "as_of"]

# Copied from section 5 of the design: the public API, frozen.
FROZEN = {
    "VIDEO_DATASET": ["videos", "mb_per_video", "unit"],
    "VIDEO_CLIPSIZE": ["seconds", "mbps", "unit"],
    "VIDEO_LATENT": ["vae", "width", "height", "frames", "dtype", "unit"],
    "VIDEO_TEXTFEATURE": ["encoder", "tokens", "dtype", "unit"],
    "VIDEO_TOKENS": ["vae", "width", "height", "frames", "patch"],
    "VIDEO_CONVERT": ["amount", "from_unit", "to_unit"],
    "VIDEO_TRANSFERDAYS": ["amount", "unit", "gbps", "utilisation"],
    "VIDEO_STORAGE": ["amount", "unit", "class", "months", "objects", "prior", *TERMS, "access"],
    "VIDEO_EGRESS": ["amount", "unit", "route", "prior", *TERMS, "stored"],
    "VIDEO_INGEST": ["amount", "unit", "route", *TERMS],
    "VIDEO_REQUESTS": ["count", "operation", "class", *TERMS, "speed"],
    "VIDEO_RETRIEVAL": ["amount", "unit", "class", "speed", *TERMS],
    "VIDEO_EXPERIMENT": ["amount", "unit", "passes", "share", "route", "object_mb", "cached", *TERMS, "stored"],
    "VIDEO_RATE": ["meter", "amount", "unit", *TERMS],
    "VIDEO_INPUTS": ["preset"],
    "VIDEO_TOTAL": ["inputs", "what", "month", "overrides"],
    "VIDEO_FORECAST": ["inputs", "by", "overrides"],
    "VIDEO_LEDGER": ["inputs", "overrides"],
    "VIDEO_CHECK": ["inputs", "overrides"],
    "VIDEO_COMPARE": ["inputs", "providers", "overrides", "output", "show", "part"],
    "VIDEO_OWN": ["inputs", "view", "overrides"],
    "VIDEO_BREAKEVEN": ["inputs", "plans", "driver", "overrides", "first", "second"],
    "VIDEO_AFFORD": ["budget", "inputs", "driver", "overrides", "per"],
    "VIDEO_SENSITIVITY": [
        *("inputs", "output", "overrides", "rows", "row_values", "columns", "column_values"),
    ],
    "VIDEO_RISK": [
        *("inputs", "draws", "seed", "output", "overrides"),
        *("distributions", "correlations", "budget"),
    ],
    "VIDEO_SCENARIOS": ["inputs", "scenarios"],
    "VIDEO_VARIANCE": ["budget", "actual", "fx"],
    "VIDEO_CLAIMS": ["inputs"],
    "VIDEO_TEXTCORPUS": ["tokens", "bytes_per_token", "unit"],
    "VIDEO_BARRIER": ["inputs", "months", "overrides"],
    "VIDEO_REWRITE": ["tokens_in", "tokens_out", "model", "calls"],
    "VIDEO_AGENT": ["seconds", "generator", "clip_yield", "second_yield", "rewrite", "edit"],
    "VIDEO_SOURCE": ["meter", "region", "as_of"],
    "VIDEO_EXPLAIN": ["function", *(f"a{position}" for position in range(1, 15))],
    "VIDEO_LIST": ["what"],
    "VIDEO_VERSION": [],
}

# Defaults of the same list; an argument that is not here has none.
DEFAULTS = {
    "VIDEO_DATASET": {"videos": 1e9, "mb_per_video": 5, "unit": "PB"},
    "VIDEO_CLIPSIZE": {"seconds": 10, "mbps": 4, "unit": "MB"},
    "VIDEO_LATENT": {"vae": "wan2.1", "width": 1280, "height": 720, "frames": 121, "dtype": "bf16", "unit": "MB"},
    "VIDEO_TEXTFEATURE": {"encoder": "umt5-xxl", "dtype": "bf16", "unit": "MB"},
    "VIDEO_TOKENS": {"vae": "wan2.1", "width": 1280, "height": 720, "frames": 121},
    "VIDEO_TRANSFERDAYS": {"amount": 5, "unit": "PB", "gbps": 100, "utilisation": 0.8},
    "VIDEO_STORAGE": {"amount": 5, "unit": "PB", "class": "aws.s3.standard", "months": 1},
    "VIDEO_EGRESS": {"amount": 5, "unit": "PB", "route": "aws.internet"},
    "VIDEO_INGEST": {"amount": 5, "unit": "PB", "route": "aws.nat"},
    "VIDEO_REQUESTS": {"count": 1e9, "operation": "put", "class": "aws.s3.standard", "speed": "standard"},
    "VIDEO_RETRIEVAL": {"amount": 5, "unit": "PB", "class": "aws.s3.glacier-instant", "speed": "standard"},
    "VIDEO_EXPERIMENT": {
        **{"amount": 5, "unit": "PB", "passes": 1, "share": 1, "route": "aws.internet"},
        **{"object_mb": 5, "cached": 0},
    },
    "VIDEO_RATE": {"meter": "aws.s3.standard.storage"},
    "VIDEO_BREAKEVEN": {"plans": "cloud,own", "driver": "months"},
    "VIDEO_AFFORD": {"budget": 1e6, "driver": "passes"},
    "VIDEO_SENSITIVITY": {"output": "monthly"},
    "VIDEO_RISK": {"draws": 10_000, "seed": 1, "output": "monthly"},
    "VIDEO_EXPLAIN": {"function": "VIDEO_EGRESS"},
    "VIDEO_LIST": {"what": "route"},
}
REQUIRED = {"VIDEO_CONVERT", "VIDEO_VARIANCE"}
REGISTERED = sorted(functions())
every_function = pytest.mark.parametrize("name", REGISTERED)


def test_only_frozen_names_are_registered():
    assert set(REGISTERED) <= set(FROZEN)
    assert len(REGISTERED) >= 18


@every_function
def test_arguments_are_in_the_frozen_order(name):
    assert [parameter.name for parameter in functions()[name].parameters] == FROZEN[name]


@every_function
def test_defaults_are_the_frozen_ones(name):
    parameters = {parameter.name: parameter for parameter in functions()[name].parameters}
    for argument, default in DEFAULTS.get(name, {}).items():
        assert parameters[argument].default == default, argument


@every_function
def test_help_fits_the_function_wizard_and_covers_every_argument(name):
    spec = functions()[name]
    for text in (spec.help, *(parameter.help for parameter in spec.parameters)):
        assert 8 <= len(text) <= 255
    assert spec.category in {"Size", "Price", "Model", "Decide", "Article", "Audit"}


@every_function
def test_arguments_are_plain_and_positional(name):
    kinds = {parameter.kind for parameter in inspect.signature(functions()[name].function).parameters.values()}
    assert kinds <= {inspect.Parameter.POSITIONAL_OR_KEYWORD}


@every_function
def test_a_function_answers_without_any_argument_unless_it_needs_one(name):
    result = call(name, [])
    if name in REQUIRED:
        assert isinstance(result, ExcelError)
        assert result.code == "#VALUE!"
        assert f"{name} needs" in result.message
    else:
        assert not isinstance(result, ExcelError), result.message


@every_function
def test_the_reference_shows_each_function_and_its_arguments(name):
    text = reference(name.lower())
    assert text.startswith(f"{name}(")
    assert all(f"  {parameter.name}\n" in text for parameter in functions()[name].parameters)
    assert name in reference()
    assert f"`{name}(" in reference(markdown=True)


def test_a_signature_prints_as_a_cell_would_hold_it():
    assert function_spec("video_requests").signature == (
        'VIDEO_REQUESTS([count=1e9],[operation="put"],[class="aws.s3.standard"],[region],[discount=0],[rates],[as_of],'
        '[speed="standard"])'
    )


def test_an_unknown_function_names_the_nearest():
    with pytest.raises(BadArgumentError, match="Nearest: VIDEO_EGRESS"):
        function_spec("VIDEO_EGRES")


@pytest.mark.parametrize(
    ("helps", "reason"), [({}, "argument mood has no help"), ({"mood": "x" * 256}, "longer than 255")]
)
def test_a_function_without_help_or_with_too_much_cannot_be_registered(helps, reason):
    def VIDEO_MOOD(mood: object = None) -> float:
        return 1.0

    with pytest.raises(ValueError, match=reason):
        excel_function("Size", "Mood of a video.", helps=helps)(VIDEO_MOOD)
    assert "VIDEO_MOOD" not in functions()


@pytest.mark.parametrize("first", ["explain", "audit", "transfer", "size"])
def test_functions_stand_in_the_order_of_the_reference_whatever_was_imported_first(first):
    code = (
        f"import vidcost_xl.functions.{first}; "
        "from vidcost_xl.functions.registry import functions; print(*functions(), sep='\\n')"
    )
    names = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert names[0] == "VIDEO_DATASET"
    assert names[-1] == "VIDEO_EXPLAIN"
    assert names == list(functions())


def test_the_shared_help_fits_too():
    assert all(len(text) <= 255 for text in SHARED_HELP.values())
