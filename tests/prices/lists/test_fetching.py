"""Fetching from a server on this computer that is slow, cut off, wrong, too large, compressed, or another one."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from typer.testing import CliRunner

from vidcost_xl.cli import app
from vidcost_xl.errors import BadArgumentError
from vidcost_xl.prices.lists import fetching
from vidcost_xl.prices.lists.rules import rules_of

EXTRACTS = Path(__file__).parents[1] / "extracts"
LONDON = (EXTRACTS / "aws_AmazonS3_eu-west-2_extract_20260831.csv").read_bytes()
AZURE = json.loads((EXTRACTS / "azure_retail_prices_uksouth_extract_202609.json").read_text(encoding="utf-8"))


class Server(ThreadingHTTPServer):
    """Serves `content` as its attributes say, and remembers what was asked."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.content, self.tag, self.status = LONDON, '"one"', 200
        self.cut = self.pause = None
        self.tells_length, self.coding, self.location = True, "", ""
        self.pages, self.asked = {}, []

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        server = self.server
        server.asked.append({"path": self.path, **self.headers})
        if server.location and not self.path.startswith("/moved"):
            self.send_response(302)
            self.send_header("Location", server.location)
            self.end_headers()
            return
        content = server.pages.get(self.path, server.content)
        begin, status = 0, server.status
        if self.headers.get("If-None-Match") == server.tag:
            status, content = 304, b""
        elif "Range" in self.headers and self.headers.get("If-Range") == server.tag:
            begin, status = int(self.headers["Range"].removeprefix("bytes=").rstrip("-")), 206
        self.send_response(status)
        self.send_header("ETag", server.tag)
        if status == 206:
            self.send_header("Content-Range", f"bytes {begin}-{len(content) - 1}/{len(content)}")
        if server.coding:
            self.send_header("Content-Encoding", server.coding)
        if server.tells_length:
            self.send_header("Content-Length", str(len(content) - begin))
        self.end_headers()
        body = content[begin : server.cut] if server.cut else content[begin:]
        if server.pause:
            self.wfile.write(body[:10])
            time.sleep(server.pause)
            body = body[10:]
        self.wfile.write(body)


@pytest.fixture
def server():
    made = Server()
    thread = threading.Thread(target=made.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()


@pytest.fixture
def get(server, tmp_path):
    def run(path="/list.csv", target="list.csv"):
        return fetching.fetch(server.address + path, tmp_path / target, lambda there, whole: None)

    return run


def test_a_list_is_fetched_as_it_is_and_not_again_while_it_stays_the_same(server, get):
    assert get().read_bytes() == LONDON
    assert get().read_bytes() == LONDON
    assert server.asked[1]["If-None-Match"] == '"one"'
    server.tag, server.content = '"two"', LONDON + b"\n"
    assert get().read_bytes() == LONDON + b"\n"


def test_a_list_that_breaks_off_is_gone_on_with(server, get, tmp_path):
    server.cut = 1000
    with pytest.raises(BadArgumentError, match=rf"broke off after 1,000 of {len(LONDON):,} bytes"):
        get()
    assert not (tmp_path / "list.csv").exists()
    server.cut = None
    assert get().read_bytes() == LONDON
    assert (server.asked[1]["Range"], server.asked[1]["If-Range"]) == ("bytes=1000-", '"one"')


def test_a_list_that_has_changed_meanwhile_is_begun_again(server, get):
    server.cut = 1000
    with pytest.raises(BadArgumentError):
        get()
    server.cut, server.tag, server.content = None, '"two"', LONDON[::-1]
    assert get().read_bytes() == LONDON[::-1]


def test_a_download_stopped_between_any_two_bytes_never_mixes_two_lists(server, get, tmp_path, monkeypatch):
    class Stopped(BaseException):
        pass

    def stop(there, whole):
        raise Stopped

    monkeypatch.setattr(fetching, "_CHUNK", 100)
    with pytest.raises(Stopped):
        fetching.fetch(server.address + "/list.csv", tmp_path / "list.csv", stop)
    server.tag, server.content = '"two"', LONDON[::-1]
    assert get().read_bytes() == LONDON[::-1]


def test_a_part_never_lies_under_the_tag_of_another_list(server, get, tmp_path, monkeypatch):
    server.cut = 1000
    with pytest.raises(BadArgumentError):
        get()
    server.cut, server.tag, server.content = None, '"two"', LONDON[::-1]
    opened = Path.open

    def killed(path, mode="r", *given, **named):
        if path.suffix == ".part":
            raise KeyboardInterrupt
        return opened(path, mode, *given, **named)

    with monkeypatch.context() as patch:
        patch.setattr(fetching.Path, "open", killed)
        with pytest.raises(KeyboardInterrupt):
            get()
    assert get().read_bytes() == LONDON[::-1]


def test_a_server_that_falls_silent_is_given_up(server, get, monkeypatch):
    monkeypatch.setattr(fetching, "SILENCE", 0.2)
    server.pause = 1.0
    with pytest.raises(BadArgumentError, match=r"timed out\. What arrived is kept"):
        get()


def test_a_server_that_is_not_there_is_said(get, server):
    address = server.address
    server.shutdown()
    server.server_close()
    with pytest.raises(BadArgumentError, match=rf"{address}/list.csv cannot be read: .*refused"):
        get()


@pytest.mark.parametrize("status", [403, 404, 500, 503])
def test_an_answer_that_is_no_list_is_said_by_its_number(server, get, tmp_path, status):
    server.status = status
    with pytest.raises(BadArgumentError, match=f"answers {status}"):
        get()
    assert not (tmp_path / "list.csv").exists()


def test_more_bytes_than_are_read_are_refused_by_their_length_and_by_their_count(server, get, monkeypatch):
    monkeypatch.setattr(fetching, "LARGEST_CSV", 2_000)
    with pytest.raises(BadArgumentError, match=r"has 3,\d+ bytes; at most 2,000 are read"):
        get()
    monkeypatch.setattr(fetching, "_CHUNK", 100)
    server.tells_length = False
    with pytest.raises(BadArgumentError, match=r"sends more than 2,000 bytes"):
        get()


def test_a_bomb_of_gzip_is_not_unpacked(server, get, tmp_path):
    server.content, server.coding = gzip.compress(b"0" * 50_000_000), "gzip"
    with pytest.raises(BadArgumentError, match="sends the list compressed, which was not asked for"):
        get()
    assert server.asked[0]["Accept-Encoding"] == "identity"
    assert not list(tmp_path.glob("list.csv*"))


@pytest.mark.parametrize("address", ["http://example.com/list.csv", "file:///etc/passwd", "ftp://example.com/list.csv"])
def test_only_https_is_asked_and_no_redirection_leads_out_of_it(server, get, tmp_path, address):
    with pytest.raises(BadArgumentError, match="only https is"):
        fetching.fetch(address, tmp_path / "list.csv", lambda there, whole: None)
    server.location = address
    with pytest.raises(BadArgumentError, match=r"only https is|is not allowed"):
        get()


def test_the_pages_of_azure_become_one_list(server, tmp_path):
    items = AZURE["Items"]
    server.pages = {
        "/prices": json.dumps({"Items": items[:7], "NextPageLink": f"{server.address}/prices?skip=7"}).encode(),
        "/prices?skip=7": json.dumps({"Items": items[7:], "NextPageLink": None}).encode(),
    }
    path = fetching.fetch_pages(f"{server.address}/prices", tmp_path / "azure.json", lambda there, whole: None)
    assert [item for page in json.loads(path.read_text(encoding="utf-8")) for item in page["Items"]] == items


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ({"Items": [], "NextPageLink": "https://elsewhere.example/prices"}, "as its next page, which is another host"),
        ({"Items": [], "NextPageLink": "/prices"}, "as its next page, which is another host"),
        ({"Count": 0}, "is not a page of the Azure Retail Prices API"),
        ([], "is not a page of the Azure Retail Prices API"),
    ],
)
def test_a_page_that_is_none_or_leads_elsewhere_is_refused(server, tmp_path, page, told):
    server.content = json.dumps(page).encode()
    with pytest.raises(BadArgumentError, match=told):
        fetching.fetch_pages(f"{server.address}/prices", tmp_path / "azure.json", lambda there, whole: None)


def test_pages_that_never_end_are_refused(server, tmp_path, monkeypatch):
    monkeypatch.setattr(fetching, "MOST_PAGES", 3)
    server.content = json.dumps({"Items": [], "NextPageLink": f"{server.address}/prices"}).encode()
    with pytest.raises(BadArgumentError, match="more than 3 pages"):
        fetching.fetch_pages(f"{server.address}/prices", tmp_path / "azure.json", lambda there, whole: None)


@pytest.fixture
def update(server, tmp_path, monkeypatch):
    """`vidcost prices update aws` against the server, for the one list that it serves."""
    rules = rules_of("aws")
    address = rules.fetch[1].model_copy(
        update={"services": ("AmazonS3",), "address": server.address + "/{service}/{region}/index.csv"}
    )
    monkeypatch.setattr(fetching, "rules_of", lambda provider: rules.model_copy(update={"fetch": (address,)}))
    monkeypatch.setenv("VIDCOST_PRICES", str(tmp_path / "mine"))

    def run(*arguments):
        return CliRunner().invoke(app, ["prices", "update", *arguments], catch_exceptions=False)

    return run


def test_update_fetches_the_lists_of_a_region_and_writes_them_where_told_to(update, server, tmp_path):
    told = update("aws", "--region", "eu-west-2")
    assert server.asked[0]["path"] == "/AmazonS3/eu-west-2/index.csv"
    assert "nothing written" in told.output
    assert not (tmp_path / "mine").exists()
    told = update("aws", "--region", "eu-west-2", "--accept")
    text = (tmp_path / "mine" / "aws" / "eu-west-2.toml").read_text(encoding="utf-8")
    assert f'locator = "{server.address}/AmazonS3/eu-west-2/index.csv"' in text
    assert "nothing to write" in update("aws", "--region", "eu-west-2").output


def test_update_asks_for_the_regions_of_the_users_own_prices(update, server):
    update("aws", "--region", "eu-west-2", "--accept")
    server.asked.clear()
    update("aws")
    assert [asked["path"] for asked in server.asked] == ["/AmazonS3/eu-west-2/index.csv"]


@pytest.mark.parametrize(
    ("content", "told"), [(b"<html>403</html>", "is a web page"), (LONDON[:-80], "cut off or damaged")]
)
def test_update_with_a_wrong_list_leaves_the_folder_as_it_was(update, server, tmp_path, content, told):
    update("aws", "--region", "eu-west-2", "--accept")
    before = {path: path.read_bytes() for path in (tmp_path / "mine").rglob("*.toml")}
    server.content, server.tag = content, '"two"'
    answer = update("aws", "--region", "eu-west-2", "--accept")
    assert answer.exit_code == 1
    assert told in answer.output
    assert {path: path.read_bytes() for path in (tmp_path / "mine").rglob("*.toml")} == before


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["gcp"], "provider whose lists are public 'gcp' is not known"),
        (["aws", "--region", "eu-west-22"], "region 'eu-west-22' is not known. Nearest: eu-west-2"),
        (["aws", "--service", "AmazonRDS"], "service 'AmazonRDS' is not known"),
    ],
)
def test_update_refuses_a_provider_region_or_service_that_it_does_not_know(update, arguments, told):
    with pytest.raises(BadArgumentError, match=told):
        update(*arguments)


def test_the_functions_bring_nothing_that_reads_lists_or_the_network():
    code = (
        "import sys; from vidcost_xl.functions.adapter import call; call('VIDEO_EGRESS', []); "
        "print([name for name in sys.modules if name.startswith('vidcost_xl.prices.lists')])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_every_address_of_a_provider_is_of_https_and_for_services_that_have_rules():
    for provider in fetching.FETCHABLE:
        rules = rules_of(provider)
        for row in rules.fetch:
            assert row.address.startswith("https://")
            assert set(row.services) <= set(rules.services)
    assert rules_of("gcp").fetch == ()


@pytest.fixture
def run_import(tmp_path, monkeypatch):
    """`vidcost prices import` of a place, into a folder of the test's own."""
    monkeypatch.setenv("VIDCOST_PRICES", str(tmp_path / "mine"))

    def run(*arguments):
        return CliRunner().invoke(app, ["prices", "import", *arguments], catch_exceptions=False)

    return run


def test_a_list_is_imported_from_an_address_as_from_a_file(server, run_import, tmp_path):
    address = server.address + "/AmazonS3/eu-west-2/index.csv"
    saved = tmp_path / "saved.csv"
    saved.write_bytes(LONDON)
    told = run_import(address)
    assert "nothing written" in told.output
    assert [line for line in run_import(str(saved)).output.splitlines() if "eu-west-2" in line] == [
        line for line in told.output.splitlines() if "eu-west-2" in line
    ]
    assert run_import(address, "--accept").exit_code == 0
    text = (tmp_path / "mine" / "aws" / "eu-west-2.toml").read_text(encoding="utf-8")
    assert f'locator = "{address}"' in text
    assert "nothing to write" in run_import(address).output
    assert server.asked[-1]["If-None-Match"] == '"one"'


def test_a_query_of_azures_api_is_imported_with_all_its_pages(server, run_import, tmp_path):
    query = server.address + "/api/retail/prices?$filter=serviceName"
    half = len(AZURE["Items"]) // 2
    server.pages = {
        "/api/retail/prices?$filter=serviceName": json.dumps(
            {**AZURE, "Items": AZURE["Items"][:half], "NextPageLink": server.address + "/next"}
        ).encode(),
        "/next": json.dumps({**AZURE, "Items": AZURE["Items"][half:], "NextPageLink": None}).encode(),
    }
    server.tag = ""
    assert run_import(query, "--accept").exit_code == 0
    assert (tmp_path / "mine" / "azure" / "uksouth.toml").exists()


@pytest.mark.parametrize("address", ["http://example.com/a.csv", "ftp://127.0.0.1/a.csv", "file:///etc/hosts"])
def test_no_address_is_imported_but_of_https(run_import, address):
    with pytest.raises(BadArgumentError, match="only https is"):
        run_import(address)


def test_an_address_of_too_many_bytes_is_not_imported(server, run_import, monkeypatch, tmp_path):
    monkeypatch.setattr(fetching, "LARGEST_CSV", 1000)
    with pytest.raises(BadArgumentError, match="at most 1,000 are read"):
        run_import(server.address + "/index.csv", "--accept")
    assert not (tmp_path / "mine").exists()


#: Times at which an update is killed, in seconds to the last: it is done by then on a machine that is not busy.
MOMENTS, LONGEST = 8, 1.6

UPDATES = """
import sys
from vidcost_xl.prices.lists import fetching
rules = fetching.rules_of("aws")
row = rules.fetch[1].model_copy(update={"services": ("AmazonS3",), "address": sys.argv[1] + "/{service}/{region}.csv"})
fetching.rules_of = lambda provider: rules.model_copy(update={"fetch": (row,)})
from vidcost_xl.cli import app
print("begun", flush=True)
sys.argv = ["vidcost", "prices", "update", "aws", "--region", "eu-west-2", "--accept"]
app()
"""


def test_an_update_killed_at_any_moment_leaves_the_old_folder_or_the_new(update, server, tmp_path):
    update("aws", "--region", "eu-west-2", "--accept")
    folder = tmp_path / "mine"

    def now():
        return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.toml")}

    old, new = now(), None
    later = LONDON.replace(b"2026-08-31", b"2026-11-30").replace(b'"2026-08-01"', b'"2026-11-01"')
    server.content = later.replace(b'"0.0240000000"', b'"0.0210000000"')
    for step in range(MOMENTS):
        server.tag, server.pause = f'"{step}"', 0.3 if step == 1 else None
        running = subprocess.Popen(
            [sys.executable, "-c", UPDATES, server.address], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert running.stdout.readline() == b"begun\n"
        time.sleep(LONGEST * step / MOMENTS)
        running.kill()
        running.wait()
        running.stdout.close()
        found = now()
        assert found == old or b"price = 0.021" in found[Path("aws/eu-west-2.toml")]
        new = new or (found if found != old else None)
        assert found in (old, new)
    # What was killed keeps nobody from the next.
    assert update("aws", "--region", "eu-west-2", "--accept").exit_code == 0
    assert b"price = 0.021" in now()[Path("aws/eu-west-2.toml")]
