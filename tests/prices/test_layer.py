"""A folder of the user's own that cannot be read as one is refused, never left out."""

from __future__ import annotations

import pytest

from vidcost_xl.errors import BadArgumentError
from vidcost_xl.prices.book import layered


@pytest.mark.parametrize("stray", ["aws.toml", "aws/x/eu-west-1.toml"])
def test_a_price_file_where_none_is_read_is_refused_with_its_path(tmp_path, stray):
    path = tmp_path / stray
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("", encoding="utf-8")
    with pytest.raises(BadArgumentError) as refused:
        layered(tmp_path)
    assert str(path) in refused.value.message


def test_a_file_in_place_of_the_folder_is_refused_and_no_folder_is_no_layer(tmp_path):
    path = tmp_path / "prices"
    assert layered(path).layer is None
    path.write_text("", encoding="utf-8")
    with pytest.raises(BadArgumentError, match="is a file"):
        layered(path)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("region = 3\n[[price]]\n", r"region is a table"),
        ('[region]\nprovider = "aws"\nid = "eu-west-1"\n[price]\n', r"price is a list of tables"),
        ('price = [3]\n[region]\nid = "eu-west-1"\n', r"price is a list of tables"),
    ],
)
def test_a_file_of_another_form_is_told_in_plain_words(tmp_path, text, told):
    path = tmp_path / "aws" / "eu-west-1.toml"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadArgumentError, match=told) as refused:
        layered(tmp_path)
    assert str(path) in refused.value.message
