"""README.md says what the product does."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

from vidcost_xl.hosts.formualizer import evaluate

HERE = Path(__file__).parent
README = (HERE.parent / "README.md").read_text(encoding="utf-8")
QUESTIONS = re.findall(r"^\| [^|]+ \| `(=[^`]+)` \| \$?([\d,.]+)(?: MB)? \|$", README, flags=re.MULTILINE)


def test_the_generated_tables_of_the_readme_are_those_of_the_code():
    spec = importlib.util.spec_from_file_location("readme_parts", HERE / "readme_parts.py")
    parts = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(parts)

    assert parts.filled(README) == README, "run: python tests/readme_parts.py"


def test_the_readme_answers_at_least_the_eight_headline_questions():
    assert len(QUESTIONS) >= 8


@pytest.mark.parametrize(("formula", "answer"), QUESTIONS)
def test_every_formula_of_the_readme_gives_the_answer_printed_beside_it(formula, answer):
    digits = len(answer.partition(".")[2])

    assert round(evaluate(formula), digits) == pytest.approx(float(answer.replace(",", "")), abs=1e-9)


def test_the_readme_has_exactly_two_set_up_commands():
    assert len(re.findall(r"^```sh$", README, flags=re.MULTILINE)) == 2
