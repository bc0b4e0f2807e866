"""Names that a cell takes: none that could mean the place of another provider."""

from __future__ import annotations

import pytest

from vidcost_xl.errors import NotInBookError
from vidcost_xl.model.input_names import as_meant, names_of


def test_an_id_without_its_provider_is_a_name_where_its_words_fit_no_other():
    # Cloudflare, Oracle and S3 have an infrequent access; Azure and CoreWeave a cold class.
    classes = names_of("class")
    assert not {"infrequentaccess", "cold", "object"} & set(classes)
    assert names_of("route")["cloudfront"][1] == "aws.cloudfront"
    assert classes["s3standard"][1] == "aws.s3.standard"


@pytest.mark.parametrize("kind", ["class", "route", "ingest-route"])
def test_what_a_cell_takes_no_reader_of_words_finds_ambiguous(kind):
    for written, identifier in names_of(kind).values():
        try:
            assert as_meant(kind, written) == identifier
        except NotInBookError as refusal:
            assert "may be" not in str(refusal), written
