"""Who may open the page, and what it takes from those who have: a real server, spoken to without a browser."""

from __future__ import annotations

import http.client
import itertools
import json
import math
import socket
import struct
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("solara", reason="the page is not installed: pip install -e '.[view]'")

import psutil
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from benchmarks.served import Served, served
from sim.page.gate import Gate, is_order

MEGABYTE = 2**20


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served("granovetter-1978", folder=tmp_path_factory.mktemp("page")) as opened:
        yield opened


class Stay(urllib.request.HTTPRedirectHandler):
    """Does not follow where it is sent."""

    def redirect_request(self, *_: Any) -> None:
        return None


def get(url: str, **headers: str) -> tuple[int, dict[str, str], str]:
    request = urllib.request.Request(url, headers={name.replace("_", "-"): value for name, value in headers.items()})
    try:
        with urllib.request.build_opener(Stay).open(request, timeout=20) as answer:
            return answer.status, dict(answer.headers), answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read().decode()


def cookie_of(page: Served) -> str:
    _, headers, _ = get(page.address)
    return next(
        f"solara-session-id=x; {name}={kept.value}" for name, kept in SimpleCookie(headers["set-cookie"]).items()
    )


def opened(page: Served, cookie: str | None = None, **more: Any) -> ClientConnection:
    address = f"{page.url.replace('http', 'ws')}/jupyter/api/kernels/{uuid.uuid4()}/channels?session_id=page"
    shown = cookie_of(page) if cookie is None else cookie
    return connect(address, additional_headers={"Cookie": shown}, max_size=None, close_timeout=20, **more)


def order(kind: str = "kernel_info_request", **changes: Any) -> dict[str, Any]:
    header = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "username": "", "session": "one", "version": "5.2"}
    whole = {"header": header, "parent_header": {}, "metadata": {}, "content": {}, "channel": "shell", "buffers": []}
    return whole | changes


def closed_with(page: Served, said: str | bytes) -> int | None:
    """Return the code with which a websocket is closed on a message; None if it is answered instead."""
    with opened(page) as line:
        try:
            line.send(said)
            line.recv(timeout=20)
        except ConnectionClosed as end:
            return end.rcvd.code if end.rcvd else -1
    return None


def test_the_page_opens_with_its_token_and_the_browser_keeps_it(page: Served) -> None:
    for address in (page.url, f"{page.url}/?token=guessed", f"{page.url}/?token=", f"{page.url}/static/main.js"):
        assert get(address)[0] == 403
    status, headers, _ = get(page.address)
    assert (status, headers["location"]) == (303, "/")
    assert "HttpOnly" in headers["set-cookie"]
    assert page.address.partition("token=")[2] not in headers["location"]
    status, _, text = get(page.url, Cookie=cookie_of(page))
    assert status == 200
    assert "solara" in text
    assert get(page.url, Cookie=cookie_of(page)[:-1])[0] == 403
    assert len(page.address.partition("token=")[2]) >= 20


def test_a_websocket_needs_the_token(page: Served) -> None:
    for cookie in ("", "solara-session-id=x", cookie_of(page)[:-1]):
        with pytest.raises(InvalidStatus, match="403"):
            opened(page, cookie)
    with opened(page) as line:
        line.send(json.dumps(order()))
        assert "kernel_info_reply" in line.recv(timeout=20) + line.recv(timeout=20)


@pytest.mark.parametrize(
    "header", [("Origin", "http://elsewhere.example"), ("Origin", "http://["), ("Host", "elsewhere.example")]
)
def test_a_page_of_another_site_is_refused_even_with_the_token(page: Served, header: tuple[str, str]) -> None:
    assert get(page.address, **dict([header]))[0] == 403
    assert get(page.url, Cookie=cookie_of(page), **dict([header]))[0] == 403
    assert get(page.url, Cookie=cookie_of(page), Origin=page.url)[0] == 200


@pytest.mark.parametrize(
    "path", ["/resourcez", "/resourcez?verbose", "/readyz", "/_solara/api/evict/x", "/other", "/_solara/cdn/x/dist"]
)
def test_what_the_page_does_not_need_is_closed(page: Served, path: str) -> None:
    status, _, text = get(page.url + path, Cookie=cookie_of(page))
    assert status == 404
    assert "threads" not in text


WAYS_UP = ("..", "%2e%2e", "..%2f..", "%2e%2e%2f%2e%2e", "..%5c..", "....//", "%252e%252e", ".%00./..", "..%c0%af..")
STARTS = (
    "",
    "static/",
    "static/public/",
    "static/assets/",
    "static/nbextensions/",
    "jupyter/api/kernels/",
    "_solara/cdn/",
)
TARGETS = ("etc/passwd", "pyproject.toml", "sim/page/gate.py")


@pytest.mark.parametrize("start", STARTS)
def test_no_path_leads_to_files_of_the_machine(page: Served, start: str) -> None:
    """Sent as they are: ordinary clients would tidy them up."""
    host, _, port = page.url.removeprefix("http://").rstrip("/").partition(":")
    line, cookie = http.client.HTTPConnection(host, int(port), timeout=20), cookie_of(page)
    for way, target in itertools.product(WAYS_UP, TARGETS):
        for times in (1, 8):
            line.request("GET", f"/{start}{'/'.join([way] * times)}/{target}", headers={"Cookie": cookie})
            answer = line.getresponse()
            text = answer.read().decode("utf-8", "replace")
            assert answer.status in (303, 307, 400, 403, 404), (way, target)
            assert "root:" not in text
            assert "protestorate" not in text
    line.close()


@pytest.mark.parametrize(
    "said",
    [
        struct.pack("!I", 2**24) + b"\0\0",
        struct.pack("!I", 2**31 - 1) + b"\0\0",
        b"",
        json.dumps(order()).encode(),
        "",
        "hello",
        "[" * 500_000,
        '{"header": ' * 50_000,
        "null",
        "[]",
        "{}",
        json.dumps({"header": {"msg_type": "kernel_info_request"}, "content": {}}),
        json.dumps(order(header=[])),
        json.dumps(order(channel=None)),
        json.dumps(order(content=[])),
        json.dumps(order(metadata=3)),
        json.dumps(order("shutdown_request")),
        json.dumps(order("execute_request", content={"code": "1"})),
        json.dumps(order("comm_msg")),
        json.dumps(order("comm_msg", content={"comm_id": "x", "data": {"method": 3}})),
        json.dumps(order("comm_msg", content={"comm_id": "x", "data": {"method": "update", "state": 3}})),
        json.dumps(order("comm_msg", content={"comm_id": "x", "data": {"method": "run"}})),
        json.dumps(order(buffers=[1])),
        json.dumps(order("comm_open", content={"comm_id": "x", "data": {}})),
        "9" * 5000,
        json.dumps(order(metadata={"a": math.nan})),
        json.dumps(order(metadata={"a": "\ud800"})),
        json.dumps(order(channel="\ud800")),
        json.dumps(order("comm_open", content={"comm_id": "x", "target_name": "jupyter.widget", "data": {}})),
        json.dumps(order("comm_open", content={"comm_id": "x", "target_name": "jupyter.widget.control", "data": {}})),
        json.dumps(order("comm_open", content={"comm_id": "\ud800", "target_name": "solara.control", "data": {}})),
        json.dumps(order("comm_open", content={"comm_id": "é", "target_name": "solara.control", "data": {}})),
        json.dumps(order("comm_close", content={"comm_id": "x" * 1000})),
        *[
            json.dumps(order("comm_msg", content={"comm_id": "x", "data": {"method": "run", "args": args}}))
            for args in ({"appName": "other"}, {"path": 7}, {"path": ["a"]}, {"themes": [1]}, {"dark": "yes"})
        ],
    ],
    ids=range(38),
)
def test_what_the_page_would_not_say_ends_the_line_and_nothing_else(page: Served, said: str | bytes) -> None:
    before, lines = psutil.Process(page.process.pid).memory_info().rss, len(page.said)
    assert closed_with(page, said) == 1003
    assert psutil.Process(page.process.pid).memory_info().rss - before < 50 * MEGABYTE
    assert page.said[lines:] == []
    assert closed_with(page, json.dumps(order())) is None


def test_twenty_megabytes_of_garbage_end_the_line(page: Served) -> None:
    before, lines = psutil.Process(page.process.pid).memory_info().rss, len(page.said)
    for garbage in (b"\xff" * 20 * MEGABYTE, "x" * 20 * MEGABYTE):
        assert closed_with(page, garbage) in (1003, 1009, -1)
    request = urllib.request.Request(page.url, data=b"\xff" * 20 * MEGABYTE, headers={"Cookie": cookie_of(page)})
    with pytest.raises((urllib.error.URLError, ConnectionError)):
        urllib.request.urlopen(request, timeout=20)
    assert psutil.Process(page.process.pid).memory_info().rss - before < 100 * MEGABYTE
    assert page.said[lines:] == []
    assert get(page.url, Cookie=cookie_of(page))[0] == 200


def test_two_hundred_connections_leave_the_page_as_it_was(page: Served) -> None:
    cookie, lines = cookie_of(page), len(page.said)
    for _ in range(200):
        with pytest.raises(InvalidStatus, match="403"):
            opened(page, "")
    with ExitStack() as lines_held:
        held = [lines_held.enter_context(opened(page, cookie)) for _ in range(200)]
        for line in held:
            line.send(json.dumps(order()))
        assert all("kernel_info_reply" in line.recv(timeout=60) + line.recv(timeout=60) for line in held)
        assert get(page.url, Cookie=cookie)[0] == 200
    assert page.said[lines:] == []
    assert closed_with(page, json.dumps(order())) is None


def test_farewells_without_a_tab_are_not_taken(page: Served) -> None:
    lines, cookie = len(page.said), cookie_of(page)
    for name in ("x", "..%2f..", "%00"):
        request = urllib.request.Request(
            f"{page.url}/_solara/api/close/{name}", data=b"", method="POST", headers={"Cookie": cookie}
        )
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(request, timeout=20)
    assert page.said[lines:] == []


@pytest.mark.parametrize("shown", [True, False])
def test_a_request_that_contradicts_itself_leaves_no_trace(page: Served, shown: bool) -> None:
    lines, place = len(page.said), page.url.partition("//")[2]
    host, _, port = place.partition(":")
    head = f"POST / HTTP/1.1\r\nHost: {place}\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n"
    head += f"Cookie: {cookie_of(page)}\r\n" if shown else ""
    for _ in range(5):
        with socket.create_connection((host, int(port)), timeout=20) as line:
            line.sendall(f"{head}\r\nzz\r\n".encode())
            assert b"400 Bad Request" in line.recv(1000)
    assert closed_with(page, json.dumps(order())) is None
    assert page.said[lines:] == []


def asked(gate: Gate, host: str) -> str:
    return gate._refusal(
        {"type": "http", "path": "/", "query_string": b"token=x", "server": ("", 1)}, {b"host": host.encode()}
    )


def test_names_of_other_places_are_refused_wherever_it_listens() -> None:
    everywhere, here, named = (Gate(None, host, "x") for host in ("0.0.0.0", "127.0.0.1", "Lab.example"))
    own = socket.gethostname()
    for host in ("elsewhere.example", "elsewhere.example:8521", "127.0.0.1.elsewhere.example", "", "[", "0x7f.1"):
        assert all(asked(gate, host) for gate in (everywhere, here, named)), host
    for host in ("127.0.0.1:8521", "localhost:8521", "[::1]:8521"):
        assert not any(asked(gate, host) for gate in (everywhere, here, named)), host
    for host in ("192.168.1.7:8521", "[fe80::1]:8521", own, own.upper()):
        assert not asked(everywhere, host), host
        assert asked(here, host), host
    assert not asked(named, "lab.example:8521")


def test_an_order_is_text_alone() -> None:
    text = json.dumps(order())
    assert is_order({"text": text})
    assert is_order({"text": text, "bytes": None})
    assert not is_order({"bytes": text.encode()})
    assert not is_order({"text": text, "bytes": b""})


def test_the_command_warns_where_others_can_reach_the_page(tmp_path: Path) -> None:
    with served("granovetter-1978", "--host", "0.0.0.0", folder=tmp_path) as everywhere:
        assert any("warning: with --host 0.0.0.0" in line for line in everywhere.said)
        assert get(everywhere.address)[0] == 303
        assert get(everywhere.address, Host="elsewhere.example")[0] == 403
        assert get(everywhere.url)[0] == 403
