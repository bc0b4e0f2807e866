"""The READMEs say what the product does."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

from vidcost_xl.hosts.formualizer import evaluate

HERE = Path(__file__).parent
README = (HERE.parent / "README.md").read_text(encoding="utf-8")
QUESTIONS = re.findall(r"^\| [^|]+ \| `(=[^`]+)` \| \$?([\d,.]+)(?: MB)? \|$", README, flags=re.MULTILINE)


_SPEC = importlib.util.spec_from_file_location("readme_parts", HERE / "readme_parts.py")
PARTS = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(PARTS)
TEXTS = {path.relative_to(PARTS.ROOT).as_posix(): path.read_text(encoding="utf-8") for path in PARTS.FILES}


@pytest.mark.parametrize("name", TEXTS)
def test_generated_tables_are_those_of_the_code(name):
    assert PARTS.filled(TEXTS[name]) == TEXTS[name], "run: python tests/readme_parts.py"


def test_every_generated_table_stands_in_one_readme():
    assert sorted(part for text in TEXTS.values() for part in PARTS.parts_of(text)) == sorted(PARTS.PARTS)


@pytest.mark.parametrize("name", TEXTS)
def test_links_and_pictures_point_at_files_that_are_there(name):
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", TEXTS[name]) if "://" not in link]
    assert [link for link in links if not (PARTS.ROOT / name).parent.joinpath(link).exists()] == []


def test_the_readme_answers_at_least_the_eight_headline_questions():
    assert len(QUESTIONS) >= 8


@pytest.mark.parametrize(("formula", "answer"), QUESTIONS)
def test_every_formula_of_the_readme_gives_the_answer_printed_beside_it(formula, answer):
    digits = len(answer.partition(".")[2])

    assert round(evaluate(formula), digits) == pytest.approx(float(answer.replace(",", "")), abs=1e-9)


def test_the_readme_has_exactly_two_set_up_commands():
    assert len(re.findall(r"^```sh$", README, flags=re.MULTILINE)) == 2
