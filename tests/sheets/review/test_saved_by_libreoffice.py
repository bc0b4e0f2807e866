"""A workbook that LibreOffice saved: what it changed by itself is one line, what a person changed is found."""

from __future__ import annotations

import io
import subprocess

import openpyxl
import pytest

from vidcost_xl.sheets.review.rules.run import check_workbook


def saved(data: bytes, folder) -> bytes:
    """Opened and saved with the settings that LibreOffice comes with: stored values stay."""
    source = folder / "plan.xlsx"
    source.write_bytes(data)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(folder / "out"), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return (folder / "out" / "plan.xlsx").read_bytes()


def test_saved_unedited_it_is_one_line(models, libreoffice, tmp_path):
    report = check_workbook(saved(models["bill"].data, tmp_path))
    assert [one.check for one in report.findings] == ["saved-by-libreoffice"]
    assert "LibreOffice saved this file last" in report.findings[0].what
    assert report.is_clean and report.template == "model"


@pytest.mark.sweep
def test_what_a_person_changed_is_found_all_the_same(models, libreoffice, tmp_path):
    key = models["bill"].addresses.key
    book = openpyxl.load_workbook(io.BytesIO(models["bill"].data))
    amount, size, check = key("s_cumulative.m5"), key("in_dataset_mb_per_video.value"), key("prices_title.unit_size")
    book[amount[0]][amount[1]] = 1000  # over a formula
    book[size[0]][size[1]] = "five"
    book[check[0]][check[1]] = None
    buffer = io.BytesIO()
    book.save(buffer)
    found = {(one.check, one.sheet) for one in check_workbook(saved(buffer.getvalue(), tmp_path)).findings}
    assert ("master-check", "Prices") in found
    assert {sheet for _, sheet in found} >= {"Costs", "Drivers", "Prices"}
