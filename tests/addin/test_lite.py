"""`vidcost lite`: a wheel that installs anywhere, every function in `main.py`, and nobody's file overwritten."""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import subprocess
import sys
import tomllib
import types
import zipfile
from email.parser import Parser
from io import BytesIO
from pathlib import Path

import pytest

from tests.command import vidcost
from vidcost_xl import __version__
from vidcost_xl.addin import lite
from vidcost_xl.functions.registry import functions

ROOT = Path(__file__).parents[2]
MOST_BYTES = 1_000_000


@pytest.fixture(scope="module")
def made():
    return lite.lite_files()


@pytest.fixture
def loaded(made, tmp_path, monkeypatch):
    """`main.py` as the host loads it: its decorators noted."""
    host = types.ModuleType("xlwings")
    host.func = lambda function: setattr(function, "is_bound", True) or function

    def arg(name, convert, doc):
        def noted(function):
            function.args = {name: (convert, doc), **getattr(function, "args", {})}
            return function

        return noted

    host.arg = arg
    monkeypatch.setitem(sys.modules, "xlwings", host)
    path = tmp_path / "main.py"
    path.write_bytes(made["main.py"])
    spec = importlib.util.spec_from_file_location("lite_main", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_main_binds_every_function_with_its_help_and_untouched_arguments(loaded):
    bound = {name: each for name, each in vars(loaded).items() if name.startswith("VIDEO_")}
    assert list(bound) == list(functions())
    for name, spec in functions().items():
        assert bound[name].is_bound and bound[name].__doc__ == spec.help
        arguments = getattr(bound[name], "args", {})
        assert [each.rstrip("_") for each in arguments] == [each.name for each in spec.parameters]
        assert list(arguments.values()) == [("raw", each.help) for each in spec.parameters]


def test_main_hands_arguments_over_in_their_order(loaded):
    assert loaded.VIDEO_EGRESS() == pytest.approx(236_716.84, abs=0.005)
    assert loaded.VIDEO_STORAGE(5, "PB", "aws.s3.standard@eu-west-1") == loaded.VIDEO_STORAGE(
        5, "PB", class_="aws.s3.standard", region="eu-west-1"
    )
    assert loaded.VIDEO_CONVERT(1, "TiB", "GiB") == 1024
    assert loaded.VIDEO_EGRESS(None, "PB") == "#VALUE!"


def test_the_wheel_is_small_whole_and_says_what_it_needs(made):
    data = made[lite.wheel_name()]
    assert len(data) < MOST_BYTES
    assert lite.wheel() == data  # the same sources, the same bytes
    with zipfile.ZipFile(BytesIO(data)) as archive:
        info = f"{lite.DISTRIBUTION}-{__version__}.dist-info"
        about = Parser().parsestr(archive.read(f"{info}/METADATA").decode())
        assert about.get_all("Requires-Dist") == list(lite.REQUIREMENTS)
        rows = [line.rsplit(",", 2) for line in archive.read(f"{info}/RECORD").decode().splitlines()]
        assert [row[0] for row in rows] == archive.namelist()
        for name, digest, size in rows[:-1]:
            held = archive.read(name)
            found = base64.urlsafe_b64encode(hashlib.sha256(held).digest()).rstrip(b"=").decode()
            assert (digest, int(size)) == (f"sha256={found}", len(held))
        rooms = {name.split("/")[1] for name in archive.namelist()}
    assert not rooms & {"sheets", "addin", "cli.py", "areas.py"}
    stated = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert set(lite.REQUIREMENTS) <= set(stated["dependencies"])
    assert stated["requires-python"] == lite.PYTHON


def test_every_data_file_of_its_rooms_is_in_the_wheel(made):
    package = ROOT / "vidcost_xl"
    data = {
        path.relative_to(ROOT).as_posix() for room in lite.ROOMS for path in (package / room).rglob("*.*ml") if path
    }
    with zipfile.ZipFile(BytesIO(made[lite.wheel_name()])) as archive:
        assert data - set(archive.namelist()) == set()
    assert len(data) > 30


def test_the_wheel_answers_by_itself_and_from_the_archive(made, tmp_path):
    wheel = tmp_path / lite.wheel_name()
    wheel.write_bytes(made[lite.wheel_name()])
    code = (
        f"import sys; sys.path.insert(0, {str(wheel)!r});"
        "import vidcost_xl; from vidcost_xl.hosts.lite import answer;"
        "print(vidcost_xl.__file__.startswith(sys.path[0]), answer('VIDEO_EGRESS', 5, 'PB'),"
        "answer('VIDEO_STORAGE', 5, 'PB', 'aws.s3.standard@eu-central-1'),"
        "answer('VIDEO_TOTAL'), answer('VIDEO_LATENT'))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
    inside, egress, stored, total, latent = done.stdout.split()
    assert inside == "True"
    assert float(egress) == pytest.approx(236_716.84, abs=0.005)
    assert float(stored) > 98_352.08  # dearer than in Virginia
    assert float(total) == pytest.approx(2_532_333.58, abs=0.005)
    assert float(latent) == 14.2848


def test_the_page_and_the_list_name_the_wheel_and_what_to_add(made):
    page = made["README.md"].decode()
    assert lite.wheel_name() in page and f"the {len(functions())} functions" in page and "$" not in page
    lines = [line for line in made["requirements.txt"].decode().splitlines() if not line.startswith("#")]
    assert lines == ["numpy", "pydantic"]


def test_the_command_makes_a_folder_and_touches_no_file_of_a_user(tmp_path):
    folder = tmp_path / "lite"
    assert vidcost("lite", "-o", folder).returncode == 0
    assert {path.name for path in folder.iterdir()} == set(lite.lite_names())
    assert [path.name for path in tmp_path.iterdir()] == ["lite"]
    refused = vidcost("lite", "-o", folder)
    assert refused.returncode == 2 and "exists already" in refused.stderr
    assert vidcost("lite", "-o", folder, "--force").returncode == 0
    (folder / "main.py").write_text("# mine\n", encoding="utf-8")
    refused = vidcost("lite", "-o", folder, "--force")
    assert refused.returncode == 2 and "was not made by vidcost lite" in refused.stderr
    assert (folder / "main.py").read_text(encoding="utf-8") == "# mine\n"


def test_a_folder_with_other_files_keeps_them(tmp_path):
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "requirements.txt").write_text("pandas\n", encoding="utf-8")
    refused = vidcost("lite", "-o", tmp_path)
    assert refused.returncode == 2 and "requirements.txt" in refused.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"notes.txt", "requirements.txt"}  # all or nothing


@pytest.mark.parametrize(("where", "said"), [("file", "is a file"), ("no/such", "does not exist")])
def test_a_place_that_cannot_be_a_folder_is_refused(tmp_path, where, said):
    (tmp_path / "file").write_text("", encoding="utf-8")
    refused = vidcost("lite", "-o", tmp_path / where)
    assert refused.returncode == 2 and said in refused.stderr
