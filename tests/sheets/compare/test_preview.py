"""`vidcost preview`: pages of a workbook, or a sentence that says why not."""

from __future__ import annotations

import pytest

from tests.sheets.calc_files import package, rows
from vidcost_xl.errors import BadArgumentError
from vidcost_xl.sheets.calc import libreoffice as office
from vidcost_xl.sheets.calc.libreoffice import LibreOfficeError
from vidcost_xl.sheets.compare.preview import preview

DATA = package(rows('<c r="A1"><f>NOSUCH(1)</f><v>42</v></c>'))


def test_it_prints_pages_beside_a_document_and_leaves_the_file(tmp_path, libreoffice):
    path, folder = tmp_path / "a [1].xlsx", tmp_path / "new" / "pages"
    path.write_bytes(DATA)
    made = preview(path, folder, 40)
    assert made.document.read_bytes().startswith(b"%PDF")
    assert [page.read_bytes()[:4] for page in made.pages] == [b"\x89PNG"]
    assert sorted(each.name for each in folder.iterdir()) == ["a [1]-1.png", "a [1].pdf"]
    assert path.read_bytes() == DATA
    with pytest.raises(BadArgumentError, match="--force"):
        preview(path, folder, 40)
    (folder / "a [1]-2.png").write_bytes(b"of an earlier version")
    assert len(preview(path, folder, 40, force=True).pages) == 1
    assert len(list(folder.iterdir())) == 2


def test_without_libreoffice_it_says_how_to_get_it(tmp_path, monkeypatch):
    path = tmp_path / "a.xlsx"
    path.write_bytes(DATA)
    monkeypatch.setattr(office.shutil, "which", lambda name: None)
    with pytest.raises(LibreOfficeError, match="apt-get install"):
        preview(path, tmp_path / "pages")
    assert not (tmp_path / "pages").exists()


def test_files_that_are_no_workbook_are_refused_before_libreoffice_sees_them(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"{\\rtf1}")
    with pytest.raises(BadArgumentError, match="no zip archive"):
        preview(path, tmp_path / "pages")
    path.write_bytes(DATA)
    with pytest.raises(BadArgumentError, match="is a file"):
        preview(path, path)
